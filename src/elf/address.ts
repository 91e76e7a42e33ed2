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
 * Where the file keeps the `size` bytes of memory at `address`; undefined unless one PT_LOAD segment has file bytes
 * (p_filesz, not p_memsz) for all of them. Where segments overlap the first one counts.
 */
export function fileOffsetOf(
  programHeaders: readonly ProgramHeader[],
  address: bigint,
  size: number,
): FileOffset | undefined {
  const segment = fileSegmentOf(programHeaders, address, size);
  return segment && asFileOffset(segment.offset + Number(address - segment.virtualAddress));
}

/** The first PT_LOAD segment that has file bytes (p_filesz) for all of `size` bytes of memory at `address`. */
export function fileSegmentOf(
  programHeaders: readonly ProgramHeader[],
  address: bigint,
  size = 1,
): ProgramHeader | undefined {
  return programHeaders.find((header) => header.type === PT_LOAD && hasFileBytes(header, address, size));
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
