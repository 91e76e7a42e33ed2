// The section header table: link-time information that a file need not have, and that the kernel never reads.

import { asFileOffset, asVirtualAddress, fileOffsetLimit } from "../address.ts";
import { recordsOf, type View, viewOf } from "../codec.ts";
import { SHN_XINDEX, SHT_NOBITS } from "../constants.ts";
import type { ByteSource, FileHeader, SectionExtent, SectionHeader } from "../elf-file.ts";
import { ElfError } from "../error.ts";
import { once } from "../once.ts";
import { openStringTable, type StringTable } from "../string-table.ts";
import type { RawFileHeader } from "./file-header.ts";

/** The table, checked for being there. */
export interface SectionTable {
  /** Throws ElfError where an offset or size is 2^52 or more. */
  extents(): readonly SectionExtent[];
  /** Throws as `extents` does. */
  headers(): readonly SectionHeader[];
  /** Throws as `extents` does, and keeps nothing: a list for each of many files would be most of what is in memory. */
  checkExtents(): void;
  /** "" for one that cannot be read. */
  nameOf(index: number): string;
}

const noTable: SectionTable = { extents: () => [], headers: () => [], checkExtents: () => {}, nameOf: () => "" };

/**
 * Reads the table; an empty one when e_shoff is 0. Throws ElfError when it reaches over the end of the file or e_shentsize
 * is not the class's. Extents are read without names and addresses, which most readers do not want: those of an ordinary
 * executable take a third of the time.
 */
export function readSectionTable(source: ByteSource, header: FileHeader, raw: RawFileHeader): SectionTable {
  if (header.sectionHeaderOffset === 0) return noTable;
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
  const names = once(() => openNames(source, header, raw, view));
  const nameOf = (index: number): string => (index < count ? nameAt(names(), view.u32(index * at.size + at.name)) : "");
  const extents = once(() => Array.from({ length: count }, (_, index) => decodeExtent(header, view, index)));
  return {
    extents,
    headers: () =>
      extents().map((extent) => ({
        ...extent,
        name: nameOf(extent.index),
        flags: view.word(extent.index * at.size + at.flags),
        virtualAddress: asVirtualAddress(view.word(extent.index * at.size + at.virtualAddress)),
      })),
    checkExtents() {
      for (let index = 0; index < count; index++) {
        sectionOffset(header, view, index);
        sectionSize(header, view, index);
      }
    },
    nameOf,
  };
}

function decodeExtent(header: FileHeader, view: View, index: number): SectionExtent {
  const at = recordsOf(header).sectionHeader;
  return {
    index,
    type: view.u32(index * at.size + at.type),
    offset: asFileOffset(sectionOffset(header, view, index)),
    size: sectionSize(header, view, index),
  };
}

function sectionOffset(header: FileHeader, view: View, index: number): number {
  return checkedNumber(header, view, index, "sh_offset", recordsOf(header).sectionHeader.offset);
}

function sectionSize(header: FileHeader, view: View, index: number): number {
  return checkedNumber(header, view, index, "sh_size", recordsOf(header).sectionHeader.sectionSize);
}

function checkedNumber(header: FileHeader, view: View, index: number, field: string, fieldAt: number): number {
  const start = index * recordsOf(header).sectionHeader.size + fieldAt;
  const value = view.wordAsNumber(start);
  if (value < fileOffsetLimit) return value;
  throw new ElfError({
    kind: "bad-value",
    what: `section header ${index}`,
    field,
    offset: header.sectionHeaderOffset + start,
    value: view.word(start),
    expected: "less than 2^52",
  });
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
