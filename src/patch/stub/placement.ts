// Where a stub goes. Arithmetic on headers: the only bytes that are looked at are those of a segment's last page.
//
//      at-entry      |..code..[stub........]..code..|             the segment goes on long enough
//      segment-tail  |..code..[stub...|....]000000000| next page  so does its last page, where the file has zeros
//      before-entry  |..[stub........]..[jump]|                   the entry point is near the segment's end
//      after-entry   |..[jump]..early..[stub........]..|          a dynamic linker calls what stands at the entry point
//
// One range is saved and later restored, from the stub's or the jump's first byte to the last byte of either.

import { largestOf, smallestOf } from "../../base/extremes.ts";
import { addressIn, asFileOffset, hasFileBytes } from "../../elf/address.ts";
import { PF_X, PT_LOAD } from "../../elf/constants.ts";
import type { ElfFile, ProgramHeader } from "../../elf/elf-file.ts";
import { type Architecture, entryStateOf } from "../architecture/architectures.ts";
import type { Placement } from "../file-plan.ts";
import { keptRanges, type Range, smallestPage } from "./allowed-range.ts";
import { earlyFunctions } from "./early-functions.ts";
import { linkTablesEnd } from "./link-tables.ts";
import { belongsToNothing, nextUsedOffset } from "./unused-bytes.ts";

/** A stub at an entry point: the executable's facts that the report prints, and the place or the lack of it. */
export interface Room {
  readonly segment: ProgramHeader;
  /** File offset of the code at the entry point; on arm without the Thumb bit. */
  readonly entryOffset: number;
  /** Bytes from there to the end of the segment, or to the next byte that must not be covered. */
  readonly room: number;
  /** undefined: there is none for a stub of this size; `largest` is the largest place found, bytes. */
  readonly placement: Placement | undefined;
  readonly largest: number;
}

/**
 * Finds a place for `size` bytes. Undefined when no executable segment has the entry point among its file bytes.
 * Throws ElfError for a damaged file.
 */
export function findRoom(elf: ElfFile, architecture: Architecture, size: number): Room | undefined {
  const entry = elf.header.entry & ~architecture.entryFlags;
  const state = entryStateOf(architecture, elf.header.entry);
  const segment = elf.programHeaders.find(
    (header) => header.type === PT_LOAD && (header.flags & PF_X) !== 0 && hasFileBytes(header, entry),
  );
  if (segment === undefined) return undefined;

  const entryOffset = segment.offset + Number(entry - segment.virtualAddress);
  const segmentEnd = segment.offset + segment.fileSize;
  const read = keptRanges(elf);
  const early = earlyFunctions(elf);
  const kept = [...read, ...early];
  const after = firstBehind(kept, entryOffset, segmentEnd);
  const room = Math.max(0, after - entryOffset);

  const place = (kind: Placement["kind"], savedOffset: number, savedSize: number, stubOffset: number): Placement => ({
    kind,
    savedOffset: asFileOffset(savedOffset),
    savedAddress: addressIn(segment, savedOffset),
    savedSize,
    stubOffset: asFileOffset(stubOffset),
    stubAddress: addressIn(segment, stubOffset),
  });
  const found = (placement: Placement | undefined, largest: number): Room => ({
    segment,
    entryOffset,
    room,
    placement,
    largest,
  });
  // What the other places need to know is read only where the first, which nearly every file has, is too small.
  if (size <= room) return found(place("at-entry", entryOffset, size, entryOffset), room);
  const tail = room > 0 && after === segmentEnd ? tailOf(elf, segment) : 0;
  if (size <= room + tail) return found(place("segment-tail", entryOffset, size, entryOffset), room + tail);
  const behind = firstBehind(read, entryOffset, segmentEnd);
  if (after < behind && room >= state.jumpSize) {
    const earlyEnd = largestOf(
      early.filter(([start]) => start < behind).map(([, end]) => end),
      0,
    );
    const start = Math.ceil(earlyEnd / state.codeAlign) * state.codeAlign;
    const end = behind + (behind === segmentEnd ? tailOf(elf, segment) : 0);
    if (start + size <= end && state.encodeJump(start - entryOffset) !== undefined) {
      return found(place("after-entry", entryOffset, start + size - entryOffset, start), end - start);
    }
  }
  const before = largestOf(
    kept.filter(([start]) => start < entryOffset).map(([, end]) => end),
    linkTablesEnd(elf, segment, entryOffset),
  );
  const roomBefore = room >= state.jumpSize ? Math.max(0, entryOffset - before) : 0;
  const start = entryOffset - size - ((entryOffset - size) % state.codeAlign);
  if (roomBefore > 0 && start >= before && state.encodeJump(start - entryOffset) !== undefined) {
    return found(place("before-entry", start, entryOffset + state.jumpSize - start, start), roomBefore);
  }
  // Over the early functions: the file starts, only not by `ld.so ./file`.
  const largest = Math.max(room + tail, roomBefore, behind - entryOffset);
  return found(size <= behind - entryOffset ? place("at-entry", entryOffset, size, entryOffset) : undefined, largest);
}

/** The first byte of the next range at or after `offset`, or `end`. */
function firstBehind(ranges: readonly Range[], offset: number, end: number): number {
  return smallestOf(
    ranges.filter((range) => range[1] > offset).map(([start]) => start),
    end,
  );
}

/**
 * Bytes after a segment's file bytes that its last page maps too, and that are zeros which nothing else uses: to the end
 * of the page, or of the file's gap there. The rest of the page may be another segment's, mapped elsewhere.
 */
function tailOf(elf: ElfFile, segment: ProgramHeader): number {
  if (segment.memorySize !== BigInt(segment.fileSize)) return 0;
  const start = segment.offset + segment.fileSize;
  const inPage = Number((segment.virtualAddress + segment.memorySize) % BigInt(smallestPage));
  if (inPage === 0) return 0;
  const size = Math.min(smallestPage - inPage, nextUsedOffset(elf, start) - start);
  if (size <= 0) return 0;
  const address = segment.virtualAddress + segment.memorySize;
  const isShared = elf.programHeaders.some(
    (other) =>
      other !== segment &&
      other.type === PT_LOAD &&
      other.virtualAddress < address + BigInt(size) &&
      other.virtualAddress + other.memorySize > address,
  );
  return !isShared && belongsToNothing(elf, start, size) ? size : 0;
}
