// Virtual addresses to file offsets, by the PT_LOAD segments, and the brands of both.

import { PT_LOAD } from "./constants.ts";
import type { FileOffset, ProgramHeader, VirtualAddress } from "./elf-file.ts";
import { ElfError } from "./error.ts";

/**
 * Offsets and sizes at or above this are refused where they are read. No file is that large, and sums of two of them,
 * or of one and an index times a record's size, are still exact numbers.
 */
export const fileOffsetLimit = 2 ** 52;

/** Brands a byte position. Throws RangeError for what is none (a bug: values of a file are checked where they are read). */
export function asFileOffset(value: number): FileOffset {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a file offset: ${value}`);
  return value as FileOffset;
}

/** Brands an address. */
export function asVirtualAddress(value: bigint): VirtualAddress {
  return value as VirtualAddress;
}

/**
 * Where the file keeps the `size` bytes of memory at `address`; undefined unless PT_LOAD segments have file bytes
 * (p_filesz, not p_memsz) for all of them, in one piece. Where segments overlap the first one counts.
 */
export function fileOffsetOf(
  programHeaders: readonly ProgramHeader[],
  address: bigint,
  size: number,
): FileOffset | undefined {
  const isWhole = (header: ProgramHeader): boolean => header.type === PT_LOAD && hasFileBytes(header, address, size);
  const whole = programHeaders.find(isWhole);
  if (whole !== undefined) return offsetIn(whole, address);
  const run = fileRunAt(programHeaders, address);
  return run !== undefined && run.size >= size ? run.offset : undefined;
}

/** Bytes that stand one after the other in the file as in memory. */
export interface FileRun {
  readonly offset: FileOffset;
  readonly size: number;
}

/**
 * The file bytes for memory from `address` on, as far as they go without a gap: through segments that adjoin in the file
 * as in memory. patchelf puts a string table that grows before the first segment, and what had room before may lie in
 * two then. Undefined where no segment has a file byte for the address.
 */
export function fileRunAt(programHeaders: readonly ProgramHeader[], address: bigint): FileRun | undefined {
  const first = fileSegmentOf(programHeaders, address);
  if (first === undefined) return undefined;
  let end = endOf(first);
  for (;;) {
    const reached = end;
    const goesOn = (header: ProgramHeader): boolean =>
      header.type === PT_LOAD && hasFileBytes(header, reached) && shiftOf(header) === shiftOf(first);
    const next = programHeaders.find(goesOn);
    if (next === undefined) return { offset: offsetIn(first, address), size: Number(end - address) };
    end = endOf(next);
  }
}

function endOf({ virtualAddress, fileSize }: ProgramHeader): bigint {
  return virtualAddress + BigInt(fileSize);
}

/** Equal for segments that are one piece in memory where they are one in the file. */
function shiftOf({ virtualAddress, offset }: ProgramHeader): bigint {
  return virtualAddress - BigInt(offset);
}

function offsetIn({ virtualAddress, offset }: ProgramHeader, address: bigint): FileOffset {
  return asFileOffset(offset + Number(address - virtualAddress));
}

/** The first PT_LOAD segment that has a file byte (p_filesz) for memory at `address`. */
export function fileSegmentOf(programHeaders: readonly ProgramHeader[], address: bigint): ProgramHeader | undefined {
  return programHeaders.find((header) => header.type === PT_LOAD && hasFileBytes(header, address));
}

/** Whether the segment has file bytes for all of `size` bytes of memory at `address`. */
export function hasFileBytes({ virtualAddress, fileSize }: ProgramHeader, address: bigint, size = 1): boolean {
  return address >= virtualAddress && address + BigInt(size) <= virtualAddress + BigInt(fileSize);
}

/** Where the byte at file offset `offset`, which is the segment's, is in memory. */
export function addressIn(segment: ProgramHeader, offset: number): VirtualAddress {
  return asVirtualAddress(segment.virtualAddress + BigInt(offset - segment.offset));
}

/** As `fileOffsetOf`, but throws ElfError ("unmapped-address") where that returns undefined. `what` names the structure. */
export function requireFileOffset(
  programHeaders: readonly ProgramHeader[],
  address: bigint,
  size: number,
  what: string,
): FileOffset {
  const offset = fileOffsetOf(programHeaders, address, size);
  if (offset === undefined) throw new ElfError({ kind: "unmapped-address", what, address });
  return offset;
}

/** The first PT_LOAD segment whose memory (p_memsz) holds `address`. */
export function segmentOf(programHeaders: readonly ProgramHeader[], address: bigint): ProgramHeader | undefined {
  return programHeaders.find(
    (header) =>
      header.type === PT_LOAD &&
      address >= header.virtualAddress &&
      address < header.virtualAddress + header.memorySize,
  );
}
