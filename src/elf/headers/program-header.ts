// The program header table: decoded, and each header checked for what holds without looking at the rest of the file.

import { asFileOffset, asVirtualAddress, fileOffsetLimit } from "../address.ts";
import { addressSpaceOf, type Layout, recordsOf, type View, viewOf } from "../codec.ts";
import { PT_LOAD } from "../constants.ts";
import type { ByteSource, FileHeader, FileOffset, ProgramHeader } from "../elf-file.ts";
import { ElfError } from "../error.ts";
import type { RawFileHeader } from "./file-header.ts";

/**
 * Reads the table. Throws ElfError: the table reaches over the end of the file, e_phentsize is not the class's, or a
 * PT_LOAD segment has an offset or a file size of 2^52 or more, has more file bytes than memory or reaches over the end
 * of the address space. In other headers an offset or a size that large becomes 2^52: whoever reads what they are about
 * finds that nothing can be there, and the others do not care. Whether a segment's bytes are in the file is not checked
 * here: a file of debug information keeps the headers of segments that it does not hold (`findTruncatedSegment` asks).
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

/** The types (p_type) of the headers, of a table that may be damaged in any other way; [] where it is not all there. */
export function programHeaderTypes(source: ByteSource, header: RawFileHeader): readonly number[] {
  const at = recordsOf(header).programHeader;
  const { programHeaderOffset: start, writtenProgramHeaderCount: count } = header;
  if (start === 0 || start + count * at.size > source.size) return [];
  const view = viewOf(header, source.read(start, count * at.size, "program header table"));
  return Array.from({ length: count }, (_, index) => view.u32(index * at.size + at.type));
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
  const type = view.u32(start + at.type);
  const offset = view.wordAsNumber(start + at.offset);
  const fileSize = view.wordAsNumber(start + at.fileSize);
  const virtualAddress = view.word(start + at.virtualAddress);
  const memorySize = view.word(start + at.memorySize);
  if (type === PT_LOAD) {
    const limit = "less than 2^52";
    const fail = (field: string, fieldAt: number): ElfError =>
      badField(tableOffset + start, index, field, fieldAt, view.word(start + fieldAt), limit);
    if (offset >= fileOffsetLimit) throw fail("p_offset", at.offset);
    if (fileSize >= fileOffsetLimit) throw fail("p_filesz", at.fileSize);
  }
  const header: ProgramHeader = {
    index,
    headerOffset: asFileOffset(tableOffset + start),
    type,
    flags: view.u32(start + at.flags),
    // The brand refuses what is not a file offset as a bug.
    offset: asFileOffset(Math.min(offset, fileOffsetLimit)),
    virtualAddress: asVirtualAddress(virtualAddress),
    fileSize: Math.min(fileSize, fileOffsetLimit),
    memorySize,
    align: view.word(start + at.align),
  };
  if (type === PT_LOAD) checkLoadSegment(layout, header);
  return header;
}

/** Source: Linux fs/binfmt_elf.c, elf_load and total_mapping_size: what the kernel refuses, too. */
function checkLoadSegment(layout: Layout, header: ProgramHeader): void {
  const at = recordsOf(layout).programHeader;
  const { index, headerOffset, virtualAddress, fileSize, memorySize } = header;
  if (BigInt(fileSize) > memorySize) {
    const expected = `at most p_memsz, 0x${memorySize.toString(16)}`;
    throw badField(headerOffset, index, "p_filesz", at.fileSize, BigInt(fileSize), expected);
  }
  const room = addressSpaceOf(layout) - virtualAddress;
  if (memorySize > room) {
    const expected = `at most 2^${layout.elfClass} - p_vaddr, 0x${room.toString(16)}`;
    throw badField(headerOffset, index, "p_memsz", at.memorySize, memorySize, expected);
  }
}

function badField(
  headerOffset: number,
  index: number,
  field: string,
  fieldAt: number,
  value: bigint,
  expected: string,
): ElfError {
  const what = `program header ${index}`;
  return new ElfError({ kind: "bad-value", what, field, offset: headerOffset + fieldAt, value, expected });
}
