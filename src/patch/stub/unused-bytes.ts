// Whether bytes of a file are padding: zero, and between things that the headers know of.

import { recordsOf } from "../../elf/codec.ts";
import { SHT_NOBITS } from "../../elf/constants.ts";
import type { ElfFile } from "../../elf/elf-file.ts";

/**
 * True when the `size` bytes at `offset` are zeros, no segment or section has any of them, and some segment, section or
 * the section header table stands behind them: without that they may be the beginning of an appended payload.
 * Throws ElfError for a damaged section header table.
 */
export function belongsToNothing(elf: ElfFile, offset: number, size: number): boolean {
  const end = offset + size;
  if (end > elf.source.size) return false;
  const sectionTable = elf.header.sectionHeaderOffset;
  const used: (readonly [number, number])[] = [
    ...elf.programHeaders.map((header) => [header.offset, header.offset + header.fileSize] as const),
    ...elf
      .sections()
      .filter(({ type }) => type !== SHT_NOBITS)
      .map((section) => [section.offset, section.offset + section.size] as const),
    [sectionTable, sectionTable + elf.header.sectionHeaderCount * recordsOf(elf.header).sectionHeader.size],
  ];
  const parts = used.filter(([start, stop]) => stop > start);
  if (parts.some(([start, stop]) => start < end && stop > offset)) return false;
  if (!parts.some(([start]) => start >= end)) return false;
  return elf.source.read(offset, size, "end of the segment's page").every((byte) => byte === 0);
}
