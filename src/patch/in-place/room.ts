// Where texts can stand in a file that nobody's bytes are moved for: the zeros after a segment that its last page maps.
//
//      segment, not writable                     next page
//      |..bytes..|00000000|..record, texts..|0000|
//                 kept     start                 end
//
// The first zeros stay: a table that ends with a zero entry may have been laid against the segment's end.
// Source: System V gABI ch. 5, "Program Loading" (whole pages of the file are mapped); Linux fs/binfmt_elf.c elf_load(),
// glibc elf/dl-load.c _dl_map_object_from_fd() (memory after the file's bytes is zeroed only where p_memsz is larger).

import { addressIn, asFileOffset, hasFileBytes } from "../../elf/address.ts";
import { DT_STRTAB, PF_W, PT_LOAD } from "../../elf/constants.ts";
import type { ElfFile, ProgramHeader } from "../../elf/elf-file.ts";
import { smallestPage } from "../stub/allowed-range.ts";
import { nextUsedOffset } from "../stub/unused-bytes.ts";
import type { Tail } from "./in-place-plan.ts";

/** Zeros that stay after the segment's former end, bytes. */
const keptZeros = 8;
/** What the texts' first byte is aligned to. */
const startAlign = 8;
/**
 * No page of a supported kernel is larger. A segment that is aligned to more than the smallest page may grow up to the
 * end of its larger one, which no other segment shares.
 */
const largestPage = 65_536;

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
  return { tail: undefined, largest };
}

/** The places after a segment's end at which the texts can begin: in its last page, and in the page after that. */
export function startsBehind(end: number): readonly [number, number] {
  const first = Math.ceil((end + keptZeros) / startAlign) * startAlign;
  return [first, Math.ceil(first / smallestPage) * smallestPage];
}

/** Segments whose padding may be used: not writable, and the memory ends with the file's bytes. */
export function mayGrow({ type, flags, fileSize, memorySize }: ProgramHeader): boolean {
  return type === PT_LOAD && (flags & PF_W) === 0 && fileSize > 0 && memorySize === BigInt(fileSize);
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

/** The best of a segment's places for `size` bytes: the first that is large enough, else the largest. */
function tailOf(elf: ElfFile, segment: ProgramHeader, size: number): Tail {
  const end = segment.offset + segment.fileSize;
  const zeros = zerosBehind(elf, segment, end);
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

/** How many bytes after `end`, a segment's end in the file, are zeros that only its own pages map and nothing uses. */
function zerosBehind(elf: ElfFile, segment: ProgramHeader, end: number): number {
  const limit = Math.min(memoryBehind(elf, segment), nextUsedOffset(elf, end) - end, 2 * smallestPage);
  if (limit <= 0) return 0;
  const bytes = elf.source.read(end, limit, "end of the segment's page");
  const used = bytes.findIndex((byte) => byte !== 0);
  return used === -1 ? limit : used;
}

/** Bytes of memory after the segment that are in its last page and in no page of another segment. */
export function memoryBehind(elf: ElfFile, segment: ProgramHeader): number {
  const align = segment.align > BigInt(largestPage) ? BigInt(largestPage) : segment.align;
  const page = align < BigInt(smallestPage) || (align & (align - 1n)) !== 0n ? BigInt(smallestPage) : align;
  const end = segment.virtualAddress + segment.memorySize;
  const pageStart = (end / page) * page;
  const pageEnd = ((end + page - 1n) / page) * page;
  const isShared = elf.programHeaders.some(
    ({ index, type, virtualAddress, memorySize }) =>
      type === PT_LOAD &&
      index !== segment.index &&
      memorySize > 0n &&
      virtualAddress < pageEnd &&
      virtualAddress + memorySize > pageStart,
  );
  if (!isShared) return Number(pageEnd - end);
  // A smaller page may still be its own.
  return page === BigInt(smallestPage) ? 0 : memoryBehind(elf, { ...segment, align: 0n });
}
