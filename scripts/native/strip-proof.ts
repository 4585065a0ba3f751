import { readFileSync, writeFileSync } from 'node:fs';

/** One entry of an ELF file's table of sections (64 bits, little endian): elf(5), Elf64_Shdr. */
interface Section {
  readonly header: number;
  readonly name: string;
  readonly address: bigint;
}

/**
 * Lets `strip` do no harm to an executable that Bun has compiled.
 *
 * Bun moves the section `.bun`, which held nothing but the address of the program, to the program itself.
 * The address stays where it was, between two sections, and strip keeps what sections cover alone: without
 * the address the executable is plain Bun. So the section before it is made to cover it.
 */
export function makeStripProof(file: string): void {
  const elf = readFileSync(file);
  const sections = readSections(elf);
  const before = sections.find(({ name }) => name === '.data.rel.ro');
  if (before === undefined) throw new Error(`${file} has no section .data.rel.ro`);
  const following = sections
    .map(({ address }) => address)
    .filter((address) => address > before.address);
  const next = following.reduce((least, address) => (address < least ? address : least));
  elf.writeBigUInt64LE(next - before.address, before.header + 32);
  writeFileSync(file, elf);
}

function readSections(elf: Buffer): readonly Section[] {
  const [table, entrySize, count, nameIndex] = [
    Number(elf.readBigUInt64LE(0x28)),
    elf.readUInt16LE(0x3a),
    elf.readUInt16LE(0x3c),
    elf.readUInt16LE(0x3e),
  ];
  const names = Number(elf.readBigUInt64LE(table + nameIndex * entrySize + 24));
  return Array.from({ length: count }, (_, index) => {
    const header = table + index * entrySize;
    const start = names + elf.readUInt32LE(header);
    return {
      header,
      name: elf.toString('latin1', start, elf.indexOf(0, start)),
      address: elf.readBigUInt64LE(header + 16),
    };
  });
}
