// Where bytes of an executable may be changed: what a plan is checked against, and a sidecar that somebody else may
// have written.

import { fileOffsetOf } from "../../elf/address.ts";
import { recordsOf } from "../../elf/codec.ts";
import { PF_X, PT_GNU_PROPERTY, PT_INTERP, PT_LOAD, PT_NOTE } from "../../elf/constants.ts";
import type { ElfFile, ProgramHeader } from "../../elf/elf-file.ts";

/** The smallest page of any supported kernel, bytes. A larger page maps the rest of this one too. */
export const smallestPage = 4096;

/** Bytes of a PT_GNU_PROPERTY that the kernel reads. */
const largestProperties = 1024;

export type Range = readonly [start: number, end: number];

/**
 * File ranges that are read before any code runs, by the kernel or by whoever looks for a build ID: they stay as they
 * are. A PT_NOTE in which the entry point lies, or whose place in the file is not its place in memory, is of no notes; of
 * a PT_GNU_PROPERTY of more than 1024 bytes the kernel reads nothing. Source: Linux fs/binfmt_elf.c (parse_elf_properties,
 * NOTE_DATA_SZ), lib/buildid.c.
 */
export function keptRanges(elf: ElfFile): readonly Range[] {
  const records = recordsOf(elf.header);
  const table = elf.header.programHeaderOffset;
  const entry = fileOffsetOf(elf.programHeaders, elf.header.entry, 1) ?? -1;
  const isStale = ({ type, offset, fileSize, virtualAddress }: ProgramHeader): boolean =>
    (type === PT_GNU_PROPERTY && fileSize > largestProperties) ||
    (type === PT_NOTE &&
      ((offset <= entry && entry < offset + fileSize) ||
        fileOffsetOf(elf.programHeaders, virtualAddress, fileSize) !== offset));
  const read = elf.programHeaders.filter(
    (header) => [PT_NOTE, PT_GNU_PROPERTY, PT_INTERP].includes(header.type) && !isStale(header),
  );
  return [
    [0, records.fileHeader.size],
    [table, table + elf.header.programHeaderCount * records.programHeader.size],
    ...read.map(({ offset, fileSize }): Range => [offset, offset + fileSize]),
  ];
}

/**
 * Whether the `size` bytes at `offset` lie in one executable segment, the unused rest of its last page included, and
 * none of them is read by the kernel.
 */
export function mayBeChanged(elf: ElfFile, offset: number, size: number): boolean {
  const end = offset + size;
  const isInSegment = elf.programHeaders.some(
    (header) =>
      header.type === PT_LOAD &&
      (header.flags & PF_X) !== 0 &&
      offset >= header.offset &&
      offset < header.offset + header.fileSize &&
      end <= header.offset + header.fileSize + unusedRest(header),
  );
  return isInSegment && end <= elf.source.size && !keptRanges(elf).some(([from, to]) => from < end && to > offset);
}

/** Bytes from a segment's end to the end of its page, where memory has nothing there that the file does not have. */
function unusedRest({ virtualAddress, memorySize, fileSize }: ProgramHeader): number {
  if (memorySize !== BigInt(fileSize)) return 0;
  const page = BigInt(smallestPage);
  return Number((page - ((virtualAddress + memorySize) % page)) % page);
}
