// Where texts can stand in a file that nobody's bytes are moved for: the zeros after a segment that its last page maps,
// and in a file that has none those inside a segment (gaps.ts).
//
//      segment, not writable                     next page
//      |..bytes..|00000000|..record, texts..|0000|
//                 kept     start                 end
//
// The first zeros stay: a table that ends with a zero entry may have been laid against the segment's end.
// Source: System V gABI ch. 5, "Program Loading" (whole pages of the file are mapped); Linux fs/binfmt_elf.c elf_load(),
// glibc elf/dl-load.c _dl_map_object_from_fd() (memory after the file's bytes is zeroed only where p_memsz is larger).

import { addressIn, asFileOffset, hasFileBytes } from "../../elf/address.ts";
import { DT_STRTAB } from "../../elf/constants.ts";
import type { ElfFile, ProgramHeader } from "../../elf/elf-file.ts";
import { smallestPage } from "../stub/allowed-range.ts";
import { nextUsedOffset } from "../stub/unused-bytes.ts";
import { gapsOf } from "./gaps.ts";
import { largestPage, mayGrow, memoryBehind } from "./growing-segments.ts";
import type { Tail } from "./in-place-plan.ts";

/** Zeros that stay after the segment's former end, bytes. */
const keptZeros = 8;
/** What the texts' first byte is aligned to. */
const startAlign = 8;

/**
 * The padding in which `size` bytes fit, within one page of the file so that they are written at once; undefined where
 * there is none. The segment of the string table comes first. `largest` is the most that was found. Throws ElfError.
 */
export function findTail(elf: ElfFile, size: number): { readonly tail: Tail | undefined; readonly largest: number } {
  let largest = 0;
  for (const segment of candidates(elf)) {
    const found = tailOf(elf, segment, size);
    largest = Math.max(largest, found.size);
    if (found.size >= size) return { tail: found, largest };
  }
  for (const { segment, start, end } of gapsOf(elf)) {
    const found = placeIn(segment, start, zerosFrom(elf, start, end - start), size);
    largest = Math.max(largest, found.size);
    if (found.size >= size) return { tail: found, largest };
  }
  return { tail: undefined, largest };
}

/** The places after `end`, of a segment or of a section, at which texts can begin: in its page, and in the one after. */
export function startsBehind(end: number): readonly [number, number] {
  const first = Math.ceil((end + keptZeros) / startAlign) * startAlign;
  return [first, Math.ceil(first / smallestPage) * smallestPage];
}

/** Whether a text at the address may have been written: in a segment that may grow, or after its end. */
export function isNearTail(programHeaders: readonly ProgramHeader[], address: bigint): boolean {
  return programHeaders.filter(mayGrow).some(({ virtualAddress, fileSize }) => {
    const distance = address - virtualAddress;
    return distance >= 0n && distance < BigInt(fileSize + largestPage);
  });
}

function candidates(elf: ElfFile): readonly ProgramHeader[] {
  const strings = elf.dynamic()?.entries.find(({ tag }) => tag === DT_STRTAB)?.value ?? 0n;
  const holds = (segment: ProgramHeader): boolean => hasFileBytes(segment, strings);
  const growing = elf.programHeaders.filter(mayGrow);
  return [...growing.filter(holds), ...growing.filter((segment) => !holds(segment))];
}

/** The best of a segment's places for `size` bytes. */
function tailOf(elf: ElfFile, segment: ProgramHeader, size: number): Tail {
  const end = segment.offset + segment.fileSize;
  const limit = Math.min(memoryBehind(elf, segment), nextUsedOffset(elf, end) - end);
  return placeIn(segment, end, zerosFrom(elf, end, limit), size);
}

/** The best place in the `zeros` bytes from `end` for `size` bytes: the first that is large enough, else the largest. */
function placeIn(segment: ProgramHeader, end: number, zeros: number, size: number): Tail {
  const tails = startsBehind(end).map((offset): Tail => {
    const pageEnd = (Math.floor(offset / smallestPage) + 1) * smallestPage;
    return {
      segment,
      offset: asFileOffset(offset),
      address: addressIn(segment, offset),
      size: Math.max(0, Math.min(end + zeros, pageEnd) - offset),
    };
  });
  const [first, second] = tails;
  if (first === undefined || second === undefined) throw new Error("a segment's end has two places after it");
  return first.size >= size || first.size >= second.size ? first : second;
}

/** How many of the `limit` bytes from `start` are zeros, of two pages at most. */
function zerosFrom(elf: ElfFile, start: number, limit: number): number {
  const length = Math.min(limit, 2 * smallestPage);
  if (length <= 0) return 0;
  const bytes = elf.source.read(start, length, "end of the segment's page");
  const used = bytes.findIndex((byte) => byte !== 0);
  return used === -1 ? length : used;
}
