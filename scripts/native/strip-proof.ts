import { readSections, sectionOf, write64 } from './elf.ts';

/**
 * Lets `strip` do no harm to an executable that Bun has compiled.
 *
 * Bun moves the section `.bun`, which held nothing but the address of the program, to the program itself.
 * The address stays where it was, between two sections, and strip keeps what sections cover alone: without
 * the address the executable is plain Bun. So the section before it is made to cover it.
 */
export function makeStripProof(elf: Buffer): void {
  const sections = readSections(elf);
  const before = sectionOf(sections, '.data.rel.ro');
  const following = sections
    .map(({ address }) => address)
    .filter((address) => address > before.address);
  write64(elf, before.header + 32, Math.min(...following) - before.address);
}
