// Bytes of a file that nothing uses: zeros between things that the headers know of.

import { recordsOf } from "../../elf/codec.ts";
import { SHT_NOBITS } from "../../elf/constants.ts";
import type { ElfFile, SectionHeader } from "../../elf/elf-file.ts";
import { ElfError } from "../../elf/error.ts";

/** True when the `size` bytes at `offset` are zeros, and `nextUsedOffset` is after them. */
export function belongsToNothing(elf: ElfFile, offset: number, size: number): boolean {
  if (offset + size > elf.source.size || nextUsedOffset(elf, offset) < offset + size) return false;
  return elf.source.read(offset, size, "end of the segment's page").every((byte) => byte === 0);
}

/**
 * The first byte at or after `offset` that a segment, a section or the section header table has. `offset` itself where
 * none stands after it: what follows may be an appended payload. A section header table that cannot be read is none.
 */
export function nextUsedOffset(elf: ElfFile, offset: number): number {
  const sectionTable = elf.header.sectionHeaderOffset;
  const used: (readonly [number, number])[] = [
    ...elf.programHeaders.map((header) => [header.offset, header.offset + header.fileSize] as const),
    ...sectionsOf(elf)
      .filter(({ type }) => type !== SHT_NOBITS)
      .map((section) => [section.offset, section.offset + section.size] as const),
    [sectionTable, sectionTable + elf.header.sectionHeaderCount * recordsOf(elf.header).sectionHeader.size],
  ];
  let next = Number.POSITIVE_INFINITY;
  for (const [start, end] of used) if (end > start && end > offset) next = Math.min(next, Math.max(start, offset));
  return Math.min(Number.isFinite(next) ? next : offset, elf.source.size);
}

function sectionsOf(elf: ElfFile): readonly SectionHeader[] {
  try {
    return elf.sections();
  } catch (error) {
    if (error instanceof ElfError) return [];
    throw error;
  }
}
