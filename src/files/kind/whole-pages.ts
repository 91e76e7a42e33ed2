// What is mapped of a segment: whole pages, with what stands before and after its bytes in the file.

import { EM_386, EM_X86_64, PF_W, PT_LOAD } from "../../elf/constants.ts";
import type { ElfFile, ProgramHeader } from "../../elf/elf-file.ts";

/** Bytes of a page on the kernels that there are for the machine. */
export function pageSizesOf({ header: { machine } }: Pick<ElfFile, "header">): readonly bigint[] {
  return machine === EM_X86_64 || machine === EM_386 ? [4096n] : [4096n, 16_384n, 65_536n];
}

/** The first address of the page. */
export const pageStart = (address: bigint, page: bigint): bigint => address - (address % page);

/** The first address that is on no page of what ends before `address`. */
export const pageEnd = (address: bigint, page: bigint): bigint => pageStart(address + page - 1n, page);

/** The PT_LOAD segments that have something at the address, on pages of some size. */
export function segmentsAt(elf: ElfFile, address: bigint): readonly ProgramHeader[] {
  return elf.programHeaders.filter(
    ({ type, virtualAddress, memorySize }) =>
      type === PT_LOAD &&
      memorySize > 0n &&
      pageSizesOf(elf).some(
        (page) => pageStart(virtualAddress, page) <= address && address < pageEnd(virtualAddress + memorySize, page),
      ),
  );
}

/**
 * Whether memory at the address may be what the file has at `wanted`. What comes after the file's bytes is cleared in a
 * segment that has more memory and can be written to.
 */
export function isMappedFrom(elf: ElfFile, address: bigint, wanted: number): boolean {
  return segmentsAt(elf, address).some(({ virtualAddress, offset, fileSize, memorySize, flags }) => {
    const isCleared = address >= virtualAddress + BigInt(fileSize) && memorySize > fileSize && (flags & PF_W) !== 0;
    return !isCleared && address - virtualAddress + BigInt(offset) === BigInt(wanted);
  });
}

/** Whether all pages of the range are segments'. */
export function isCovered({ programHeaders }: ElfFile, start: bigint, end: bigint, page: bigint): boolean {
  let reached = start;
  while (reached < end) {
    const here = reached;
    const next = programHeaders.find(({ type, virtualAddress, memorySize }) => {
      const isAfter = here < pageEnd(virtualAddress + memorySize, page);
      return type === PT_LOAD && memorySize > 0n && pageStart(virtualAddress, page) <= here && isAfter;
    });
    if (next === undefined) return false;
    reached = pageEnd(next.virtualAddress + next.memorySize, page);
  }
  return true;
}
