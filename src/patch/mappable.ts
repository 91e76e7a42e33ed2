// What a dynamic linker has to be like for the loader to map it: native/loader/interpreter.c, which says so only when a
// program is started.

import { recordsOf, wordSizeOf } from "../elf/codec.ts";
import { PT_LOAD } from "../elf/constants.ts";
import type { ElfFile } from "../elf/elf-file.ts";
import { smallestPage } from "./stub/allowed-range.ts";

/** Bytes that the loader reads of it: struct state's `buffer` in native/loader/loader.h. */
const readSize = 4096 + 256;

/** No address, size or alignment of a segment is as large. */
const limit = 1n << 30n;

/** Whether the loader maps it: its program headers near its start, its segments in order, none of them huge. */
export function canBeMapped({ header, programHeaders }: ElfFile): boolean {
  const tableEnd = header.programHeaderOffset + header.programHeaderCount * recordsOf(header).programHeader.size;
  if (header.programHeaderOffset % wordSizeOf(header) !== 0 || tableEnd > readSize) return false;
  let end = 0n;
  for (const { type, offset, virtualAddress, fileSize, memorySize, align } of programHeaders) {
    if (type !== PT_LOAD) continue;
    const isInOrder = virtualAddress >= end && [virtualAddress, memorySize, align].every((one) => one < limit);
    // What mmap can put there: whole pages of the file.
    const isAligned = (virtualAddress - BigInt(offset)) % BigInt(smallestPage) === 0n;
    if (!isInOrder || (fileSize > 0 && !isAligned)) return false;
    end = virtualAddress + memorySize;
  }
  return end > 0n;
}
