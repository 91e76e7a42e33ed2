// The segments in which texts may stand, and the memory that each has after its bytes.
//
// Source: System V gABI ch. 5, "Program Loading" (whole pages of the file are mapped); Linux fs/binfmt_elf.c elf_load(),
// glibc elf/dl-load.c _dl_map_object_from_fd() (memory after the file's bytes is zeroed only where p_memsz is larger).

import { PF_W, PT_LOAD } from "../../elf/constants.ts";
import type { ElfFile, ProgramHeader } from "../../elf/elf-file.ts";
import { smallestPage } from "../stub/allowed-range.ts";

/**
 * No page of a supported kernel is larger. A segment that is aligned to more than the smallest page may grow up to the
 * end of its larger one, which no other segment shares.
 */
export const largestPage = 65_536;

/** Segments whose padding may be used: not writable, and the memory ends with the file's bytes. */
export function mayGrow({ type, flags, fileSize, memorySize }: ProgramHeader): boolean {
  return type === PT_LOAD && (flags & PF_W) === 0 && fileSize > 0 && memorySize === BigInt(fileSize);
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
