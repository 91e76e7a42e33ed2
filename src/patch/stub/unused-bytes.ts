// Bytes of a file that nothing uses: zeros between things that the headers know of.

import { largestOf } from "../../base/extremes.ts";
import { recordsOf } from "../../elf/codec.ts";
import { PT_LOAD, SHT_NOBITS } from "../../elf/constants.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { readableSections } from "../../elf/optional-parts.ts";

/** True when the `size` bytes at `offset` are zeros, and `nextUsedOffset` is after them. */
export function belongsToNothing(elf: ElfFile, offset: number, size: number): boolean {
  if (offset + size > elf.source.size || nextUsedOffset(elf, offset) < offset + size) return false;
  return elf.source.read(offset, size, "end of the segment's page").every((byte) => byte === 0);
}

/**
 * The first byte at or after `offset` that a segment, a section or the section header table has. `offset` itself where
 * none stands after it: what follows may be an appended payload. A section header table that cannot be read is none, and
 * what begins in a loaded segment ends with it: a header that says otherwise is damaged.
 */
export function nextUsedOffset(elf: ElfFile, offset: number): number {
  const sectionTable = elf.header.sectionHeaderOffset;
  const loaded = elf.programHeaders
    .filter(({ type }) => type === PT_LOAD)
    .map((header) => [header.offset, header.offset + header.fileSize] as const);
  const within = (start: number, end: number): readonly [number, number] => {
    const ends = loaded.filter(([from, to]) => from <= start && start < to).map(([, to]) => to);
    return [start, ends.length === 0 ? end : Math.min(end, largestOf(ends, start))];
  };
  const used: (readonly [number, number])[] = [
    ...loaded,
    ...elf.programHeaders.map((header) => within(header.offset, header.offset + header.fileSize)),
    ...readableSections(elf)
      .filter(({ type }) => type !== SHT_NOBITS)
      .map((section) => within(section.offset, section.offset + section.size)),
    [sectionTable, sectionTable + elf.header.sectionHeaderCount * recordsOf(elf.header).sectionHeader.size],
  ];
  let next = Number.POSITIVE_INFINITY;
  for (const [start, end] of used) if (end > start && end > offset) next = Math.min(next, Math.max(start, offset));
  return Math.min(Number.isFinite(next) ? next : offset, elf.source.size);
}
