// The program header table: decoded, and each header checked for what holds without looking at the rest of the file.

import { asFileOffset, asVirtualAddress } from "./address.ts";
import { addressSpaceOf, type Layout, recordsOf, type View, viewOf } from "./codec.ts";
import { PT_LOAD } from "./constants.ts";
import { ElfError } from "./error.ts";
import type { RawFileHeader } from "./file-header.ts";
import type { ByteSource, FileHeader, FileOffset, ProgramHeader } from "./model.ts";

/**
 * Reads the table. Throws ElfError: the table reaches over the end of the file, e_phentsize is not the class's, an
 * offset or a file size is 2^53 or more, or a PT_LOAD segment has more file bytes than memory or reaches over the end
 * of the address space. Whether a segment's bytes are in the file is not checked here: a file of debug information
 * keeps the headers of segments that it does not hold (`findTruncatedSegment` asks).
 */
export function readProgramHeaders(
  source: ByteSource,
  header: FileHeader,
  raw: Pick<RawFileHeader, "programHeaderSize">,
): readonly ProgramHeader[] {
  const count = header.programHeaderCount;
  if (count === 0) return [];
  const records = recordsOf(header);
  const entrySize = records.programHeader.size;
  if (raw.programHeaderSize !== entrySize) {
    throw new ElfError({
      kind: "bad-value",
      what: "file header",
      field: "e_phentsize",
      offset: records.fileHeader.programHeaderSize,
      value: BigInt(raw.programHeaderSize),
      expected: `${entrySize}`,
    });
  }
  const view = viewOf(header, source.read(header.programHeaderOffset, count * entrySize, "program header table"));
  return Array.from({ length: count }, (_, index) =>
    decodeProgramHeader(header, view, index, header.programHeaderOffset),
  );
}

/**
 * The first PT_LOAD segment whose bytes are not all in the file, as a defect to report; undefined when there is none.
 * `size` is the file's.
 */
export function findTruncatedSegment(
  layout: Layout,
  programHeaders: readonly ProgramHeader[],
  size: number,
): ElfError | undefined {
  for (const header of programHeaders) {
    const end = BigInt(header.offset) + BigInt(header.fileSize);
    if (header.type !== PT_LOAD || header.fileSize === 0 || end <= BigInt(size)) continue;
    const at = recordsOf(layout).programHeader;
    return new ElfError({
      kind: "past-end-of-file",
      what: `segment of program header ${header.index} at 0x${(header.headerOffset + at.offset).toString(16)}`,
      offset: header.offset,
      end,
      size,
    });
  }
  return undefined;
}

function decodeProgramHeader(layout: Layout, view: View, index: number, tableOffset: FileOffset): ProgramHeader {
  const at = recordsOf(layout).programHeader;
  const start = index * at.size;
  const headerOffset = tableOffset + start;

  function bad(field: string, fieldAt: number, value: bigint, expected: string): ElfError {
    const what = `program header ${index}`;
    return new ElfError({ kind: "bad-value", what, field, offset: headerOffset + fieldAt, value, expected });
  }
  function safeNumber(field: string, fieldAt: number): number {
    const value = view.word(start + fieldAt);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw bad(field, fieldAt, value, "less than 2^53");
    return Number(value);
  }

  const type = view.u32(start + at.type);
  const offset = safeNumber("p_offset", at.offset);
  const fileSize = safeNumber("p_filesz", at.fileSize);
  const virtualAddress = view.word(start + at.virtualAddress);
  const memorySize = view.word(start + at.memorySize);
  if (type === PT_LOAD) {
    if (BigInt(fileSize) > memorySize) {
      throw bad("p_filesz", at.fileSize, BigInt(fileSize), `at most p_memsz, 0x${memorySize.toString(16)}`);
    }
    if (virtualAddress + memorySize > addressSpaceOf(layout)) {
      const limit = `at most 2^${layout.elfClass} - p_vaddr, 0x${(addressSpaceOf(layout) - virtualAddress).toString(16)}`;
      throw bad("p_memsz", at.memorySize, memorySize, limit);
    }
  }
  return {
    index,
    headerOffset: asFileOffset(headerOffset),
    type,
    flags: view.u32(start + at.flags),
    offset: asFileOffset(offset),
    virtualAddress: asVirtualAddress(virtualAddress),
    fileSize,
    memorySize,
    align: view.word(start + at.align),
  };
}
