import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  elfHeader,
  type Place,
  read64,
  readSegments,
  readSlots,
  segmentTypes,
  write64,
} from './elf.ts';
import { addSection } from './section.ts';

const source = resolve(import.meta.dirname, 'entry.c');
const pageSize = 4096;

/**
 * Puts entry.c into the executable, as the first of its code that runs; returns the new file.
 *
 * The code gets a segment behind all others. In the table of segments, which has no room for one more, it
 * takes the place of PT_NOTE, which nobody needs to run the file. It gets a section too, since strip keeps
 * only what sections cover.
 */
export function withEntry(elf: Buffer): Buffer {
  const segments = readSegments(elf);
  const note = segments.find(({ type }) => type === segmentTypes.note);
  if (note === undefined) throw new Error('the executable has no PT_NOTE to give away');
  const ends = segments.filter(({ type }) => type === segmentTypes.load).map(({ end }) => end);
  const address = roundUp(Math.max(...ends));
  const code = compile(address, read64(elf, elfHeader.entry), readSlots(elf));
  const offset = roundUp(elf.length);
  const padding = Buffer.alloc(offset - elf.length);
  const place = { address, offset, size: code.length };
  const patched = addSection(Buffer.concat([elf, padding, code]), '.lbcheck', place);
  writeSegment(patched, note.header, place);
  write64(patched, elfHeader.entry, address);
  return patched;
}

const roundUp = (value: number) => Math.ceil(value / pageSize) * pageSize;

/** Elf64_Phdr: a part of the file that is mapped to be read and executed. */
function writeSegment(elf: Buffer, header: number, { address, offset, size }: Place): void {
  const [executable, readable] = [1, 4];
  elf.writeUInt32LE(segmentTypes.load, header);
  elf.writeUInt32LE(executable | readable, header + 4);
  for (const [index, value] of [offset, address, address, size, size, pageSize].entries()) {
    write64(elf, header + 8 + index * 8, value);
  }
}

/** Nothing but machine code, with no table that somebody would have to fill in. */
const flags = [
  ...['-Os', '-Wall', '-Wextra', '-Werror', '-ffreestanding', '-nostdlib', '-static', '-no-pie'],
  ...['-fno-pic', '-fno-stack-protector', '-fcf-protection=none', '-fno-ident'],
  ...['-fno-asynchronous-unwind-tables', '-fno-toplevel-reorder'],
  // A loop stays a loop, and does not become a call of strlen.
  '-fno-tree-loop-distribute-patterns',
  '-Wl,-N,--oformat=binary,--build-id=none,--entry=start',
];

/** Compiles entry.c for its address. It learns where Bun starts, and where imported functions are. */
function compile(address: number, start: number, slots: ReadonlyMap<string, number>): Buffer {
  const wanted = readFileSync(source, 'utf8').matchAll(/^extern .*\(\*slot_of_(\w+)\)/gm);
  const symbols = [...wanted].map(([, name = '']) => {
    const slot = slots.get(name);
    if (slot === undefined) throw new Error(`Bun does not import ${name}`);
    return `-Wl,--defsym=slot_of_${name}=${slot}`;
  });
  const folder = mkdtempSync(join(tmpdir(), 'lbcheck-entry-'));
  try {
    const output = join(folder, 'entry');
    const addresses = [`-Wl,-Ttext=${address.toString(16)}`, `-Wl,--defsym=start_of_bun=${start}`];
    gcc([...flags, ...addresses, ...symbols, '-o', output, source]);
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function gcc(args: readonly string[]): void {
  try {
    execFileSync('gcc', args);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw isMissing ? new Error("the native executable needs gcc: Debian's package gcc") : error;
  }
}
