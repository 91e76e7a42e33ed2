// Room inside a segment: zeros between two sections, which a linker left because the second is aligned. Zig's has .rodata
// begin a page of its own after tables of any size, and its segments end where the next begins in the file.
//
//      segment, not writable
//      |..tables..|00000000|..record, texts..|0000|..rodata..|
//                   kept
//
// Nothing grows for it. Only section headers tell such zeros from data, so it is used where the program headers alone say
// that there is no room after any segment, and no other file's section headers are read for it.

import { recordsOf } from "../../elf/codec.ts";
import { PT_LOAD, SHT_NOBITS } from "../../elf/constants.ts";
import type { ElfFile, ProgramHeader } from "../../elf/elf-file.ts";
import { readableExtents } from "../../elf/optional-parts.ts";
import { mayGrow, memoryBehind } from "./growing-segments.ts";

/** File bytes of a segment that no section, header or table has, and that something of the file stands before. */
export interface Gap {
  readonly segment: ProgramHeader;
  /** File offsets: the first byte, and the one after the last. */
  readonly start: number;
  readonly end: number;
}

/** Bytes after a segment that are room enough for all but the longest run paths. */
const enoughBehind = 192;

/**
 * The gaps of a file that has no room after its segments; none of any other, whatever it has. A file that has been
 * patched in one has it still.
 */
export function gapsOf(elf: ElfFile): readonly Gap[] {
  // Every file is asked, and nearly all have room.
  if (elf.programHeaders.some((segment) => mayGrow(segment) && bytesBehind(elf, segment) >= enoughBehind)) return [];
  const used = usedExtents(elf);
  return used === undefined ? [] : elf.programHeaders.filter(mayGrow).flatMap((segment) => gapsIn(segment, used));
}

/** What a segment has behind it at most, by the program headers. */
function bytesBehind(elf: ElfFile, segment: ProgramHeader): number {
  const end = segment.offset + segment.fileSize;
  let least = memoryBehind(elf, segment);
  for (const { type, offset, fileSize } of elf.programHeaders) {
    if (type === PT_LOAD && offset >= end && fileSize > 0) least = Math.min(least, offset - end);
  }
  return least;
}

type Extent = readonly [start: number, end: number];

/** What headers, sections and tables take of the file, by their start; undefined where it has no section that counts. */
function usedExtents(elf: ElfFile): readonly Extent[] | undefined {
  const { header, programHeaders } = elf;
  const records = recordsOf(header);
  const sections = readableExtents(elf).filter(({ type, size }) => type !== SHT_NOBITS && size > 0);
  if (sections.length === 0) return undefined;
  const table = (offset: number, count: number, size: number): Extent => [offset, offset + count * size];
  return [
    table(0, 1, records.fileHeader.size),
    table(header.programHeaderOffset, header.programHeaderCount, records.programHeader.size),
    table(header.sectionHeaderOffset, header.sectionHeaderCount, records.sectionHeader.size),
    ...programHeaders
      .filter(({ type }) => type !== PT_LOAD)
      .map(({ offset, fileSize }): Extent => [offset, offset + fileSize]),
    ...sections.map(({ offset, size }): Extent => [offset, offset + size]),
  ]
    .filter(([start, end]) => end > start)
    .sort(([one], [other]) => one - other);
}

function gapsIn(segment: ProgramHeader, used: readonly Extent[]): readonly Gap[] {
  const segmentEnd = segment.offset + segment.fileSize;
  const gaps: Gap[] = [];
  let reached: number | undefined;
  for (const [start, end] of used) {
    if (end <= segment.offset || start >= segmentEnd) continue;
    if (reached !== undefined && start > reached) gaps.push({ segment, start: reached, end: start });
    reached = Math.max(reached ?? 0, Math.min(end, segmentEnd));
  }
  return gaps;
}
