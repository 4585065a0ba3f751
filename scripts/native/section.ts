import { elfHeader, type Place, readSections, sectionHeaderSize, write64 } from './elf.ts';

/**
 * Adds a section of code that is in the file already; returns the new file. The table of sections and
 * that of their names are written anew behind everything else, each with one more entry.
 */
export function addSection(elf: Buffer, name: string, place: Place): Buffer {
  const sections = readSections(elf);
  const index = elf.readUInt16LE(elfHeader.names);
  const oldNames = sections[index];
  const table = sections[0]?.header;
  if (oldNames === undefined || table === undefined)
    throw new Error('there is no table of sections');
  const { offset, size } = oldNames;
  const names = Buffer.concat([elf.subarray(offset, offset + size), Buffer.from(`${name}\0`)]);
  const headers = Buffer.concat([
    elf.subarray(table, table + sections.length * sectionHeaderSize),
    headerOf(size, place),
  ]);
  write64(headers, index * sectionHeaderSize + 24, elf.length);
  write64(headers, index * sectionHeaderSize + 32, names.length);
  const padding = Buffer.alloc(-(elf.length + names.length) & 7);
  const patched = Buffer.concat([elf, names, padding, headers]);
  write64(patched, elfHeader.sections, patched.length - headers.length);
  patched.writeUInt16LE(sections.length + 1, elfHeader.sectionCount);
  return patched;
}

/** The header of a section of code (Elf64_Shdr). `name` is a place in the table of names. */
function headerOf(name: number, { address, offset, size }: Place): Buffer {
  const [programBits, allocated, executable, alignment] = [1, 2, 4, 16];
  const header = Buffer.alloc(sectionHeaderSize);
  header.writeUInt32LE(name, 0);
  header.writeUInt32LE(programBits, 4);
  write64(header, 8, allocated | executable);
  write64(header, 16, address);
  write64(header, 24, offset);
  write64(header, 32, size);
  write64(header, 48, alignment);
  return header;
}
