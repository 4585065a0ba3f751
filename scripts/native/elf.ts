/** Where something is in memory and in the file, of an ELF file of 64 bits, little endian: elf(5). */
export interface Place {
  readonly address: number;
  readonly offset: number;
  readonly size: number;
}

/** An entry of the table of sections (Elf64_Shdr). */
export interface Section extends Place {
  readonly name: string;
  /** Where its header is in the file. */
  readonly header: number;
}

export const sectionHeaderSize = 64;
const programHeaderSize = 56;

/** The fields of the ELF header that the build reads and changes (Elf64_Ehdr). */
export const elfHeader = { entry: 0x18, sections: 0x28, sectionCount: 0x3c, names: 0x3e } as const;

/** A field of 8 bytes that is small enough for a number. */
export const read64 = (elf: Buffer, offset: number) => Number(elf.readBigUInt64LE(offset));

export const write64 = (elf: Buffer, offset: number, value: number) =>
  elf.writeBigUInt64LE(BigInt(value), offset);

/** The sections, in the order of their table. */
export function readSections(elf: Buffer): readonly Section[] {
  const table = read64(elf, elfHeader.sections);
  const count = elf.readUInt16LE(elfHeader.sectionCount);
  const headers = Array.from({ length: count }, (_, index) => table + index * sectionHeaderSize);
  const namesHeader = headers[elf.readUInt16LE(elfHeader.names)] ?? table;
  const names = read64(elf, namesHeader + 24);
  return headers.map((header) => ({
    name: readString(elf, names + elf.readUInt32LE(header)),
    header,
    address: read64(elf, header + 16),
    offset: read64(elf, header + 24),
    size: read64(elf, header + 32),
  }));
}

/** The section of this name; throws if there is none. */
export function sectionOf(sections: readonly Section[], name: string): Section {
  const section = sections.find((each) => each.name === name);
  if (section === undefined) throw new Error(`the executable has no section ${name}`);
  return section;
}

/** One part of the file that is mapped into memory, or that tells something about the whole. */
export interface Segment {
  /** Where its header is in the file. */
  readonly header: number;
  readonly type: number;
  /** The first address behind it. */
  readonly end: number;
}

export const segmentTypes = { load: 1, note: 4 } as const;

/** The segments, in the order of their table (Elf64_Phdr). */
export function readSegments(elf: Buffer): readonly Segment[] {
  const [table, count] = [read64(elf, 0x20), elf.readUInt16LE(0x38)];
  return Array.from({ length: count }, (_, index) => {
    const header = table + index * programHeaderSize;
    return {
      header,
      type: elf.readUInt32LE(header),
      end: read64(elf, header + 16) + read64(elf, header + 40),
    };
  });
}

/**
 * The addresses at which the dynamic linker keeps the imported functions, by their names: those of the
 * procedure linkage table (Elf64_Rela and Elf64_Sym).
 */
export function readSlots(elf: Buffer): ReadonlyMap<string, number> {
  const sections = readSections(elf);
  const relocations = sectionOf(sections, '.rela.plt');
  const [symbols, names] = [sectionOf(sections, '.dynsym'), sectionOf(sections, '.dynstr')];
  const slots = Array.from({ length: relocations.size / 24 }, (_, index) => {
    const relocation = relocations.offset + index * 24;
    const symbol = symbols.offset + elf.readUInt32LE(relocation + 12) * 24;
    const name = readString(elf, names.offset + elf.readUInt32LE(symbol));
    return [name, read64(elf, relocation)] as const;
  });
  return new Map(slots);
}

function readString(elf: Buffer, start: number): string {
  return elf.toString('latin1', start, elf.indexOf(0, start));
}
