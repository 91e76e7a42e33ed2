// The section header table: link-time information that a file need not have, and that the kernel never reads.

import { asFileOffset, asVirtualAddress, fileOffsetLimit } from "./address.ts";
import { recordsOf, type View, viewOf } from "./codec.ts";
import { SHN_XINDEX, SHT_NOBITS } from "./constants.ts";
import type { ByteSource, FileHeader, SectionHeader } from "./elf-file.ts";
import { ElfError } from "./error.ts";
import type { RawFileHeader } from "./file-header.ts";
import { openStringTable, type StringTable } from "./string-table.ts";

/**
 * Reads the table; [] when e_shoff is 0. Throws ElfError when it reaches over the end of the file, e_shentsize is not
 * the class's, or an offset or size is 2^52 or more. A name that cannot be read is "".
 */
export function readSections(source: ByteSource, header: FileHeader, raw: RawFileHeader): readonly SectionHeader[] {
  if (header.sectionHeaderOffset === 0) return [];
  const records = recordsOf(header);
  const at = records.sectionHeader;
  if (raw.sectionHeaderSize !== at.size) {
    throw new ElfError({
      kind: "bad-value",
      what: "file header",
      field: "e_shentsize",
      offset: records.fileHeader.sectionHeaderSize,
      value: BigInt(raw.sectionHeaderSize),
      expected: `${at.size}`,
    });
  }
  const count = header.sectionHeaderCount;
  // At least section 0 has to be there: it is what says that the count is 0.
  const end = BigInt(header.sectionHeaderOffset) + BigInt(Math.max(count, 1)) * BigInt(at.size);
  if (end > BigInt(source.size)) {
    const what = "section header table";
    throw new ElfError({ kind: "past-end-of-file", what, offset: header.sectionHeaderOffset, end, size: source.size });
  }
  const view = viewOf(header, source.read(header.sectionHeaderOffset, count * at.size, "section header table"));
  const names = openNames(source, header, raw, view);
  return Array.from({ length: count }, (_, index) => decodeSection(header, view, index, names));
}

function decodeSection(header: FileHeader, view: View, index: number, names: StringTable | undefined): SectionHeader {
  const at = recordsOf(header).sectionHeader;
  const start = index * at.size;
  function checkedNumber(field: string, fieldAt: number): number {
    const value = view.wordAsNumber(start + fieldAt);
    if (value < fileOffsetLimit) return value;
    throw new ElfError({
      kind: "bad-value",
      what: `section header ${index}`,
      field,
      offset: header.sectionHeaderOffset + start + fieldAt,
      value: view.word(start + fieldAt),
      expected: "less than 2^52",
    });
  }
  return {
    index,
    // Most readers want the names of none or of a few.
    get name() {
      return nameAt(names, view.u32(start + at.name));
    },
    type: view.u32(start + at.type),
    flags: view.word(start + at.flags),
    virtualAddress: asVirtualAddress(view.word(start + at.virtualAddress)),
    offset: asFileOffset(checkedNumber("sh_offset", at.offset)),
    size: checkedNumber("sh_size", at.sectionSize),
  };
}

function openNames(source: ByteSource, header: FileHeader, raw: RawFileHeader, view: View): StringTable | undefined {
  const at = recordsOf(header).sectionHeader;
  const count = header.sectionHeaderCount;
  if (count === 0) return undefined;
  const index = raw.sectionNameIndex === SHN_XINDEX ? view.u32(at.link) : raw.sectionNameIndex;
  if (index === 0 || index >= count || view.u32(index * at.size + at.type) === SHT_NOBITS) return undefined;
  const offset = view.word(index * at.size + at.offset);
  const size = view.word(index * at.size + at.sectionSize);
  if (offset + size > BigInt(source.size)) return undefined;
  return openStringTable(source, asFileOffset(Number(offset)), Number(size), "section name table");
}

function nameAt(names: StringTable | undefined, index: number): string {
  try {
    return names?.at(index) ?? "";
  } catch (error) {
    if (error instanceof ElfError) return "";
    throw error;
  }
}
