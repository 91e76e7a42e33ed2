// Where the tables end that a dynamic linker reads before any code of the executable runs.

import { largestOf } from "../../base/extremes.ts";
import { fileOffsetOf } from "../../elf/address.ts";
import {
  DT_GNU_HASH,
  DT_HASH,
  DT_JMPREL,
  DT_PLTRELSZ,
  DT_REL,
  DT_RELA,
  DT_RELASZ,
  DT_RELSZ,
  DT_STRSZ,
  DT_STRTAB,
  DT_SYMTAB,
  DT_VERNEED,
  DT_VERSYM,
  PT_DYNAMIC,
  SHT_PROGBITS,
  SHT_X86_64_UNWIND,
} from "../../elf/constants.ts";
import type { ElfFile, ProgramHeader } from "../../elf/elf-file.ts";
import { ElfError } from "../../elf/error.ts";

const sized: readonly (readonly [address: bigint, size: bigint | undefined])[] = [
  [DT_STRTAB, DT_STRSZ],
  [DT_RELA, DT_RELASZ],
  [DT_REL, DT_RELSZ],
  [DT_JMPREL, DT_PLTRELSZ],
  [DT_HASH, undefined],
  [DT_GNU_HASH, undefined],
  [DT_SYMTAB, undefined],
  [DT_VERSYM, undefined],
  [DT_VERNEED, undefined],
];

/**
 * The file offset in `segment`, before `limit`, from which nothing is read by a dynamic linker: it would be if one
 * started the wrapped file (`ld.so ./program`, or a run stopped between two writes). From section headers where there
 * are some: the end of the last one before `limit` that is neither code nor constants nor for exceptions, which nobody
 * reads before the program's own code runs; else from the dynamic array, where a table without a size counts up to
 * `limit`.
 */
export function linkTablesEnd(elf: ElfFile, segment: ProgramHeader, limit: number): number {
  const fromSections = sectionsEnd(elf, segment, limit);
  if (fromSections !== undefined) return fromSections;
  const dynamic = elf.dynamic();
  const value = (tag: bigint): bigint | undefined => dynamic?.entries.find((entry) => entry.tag === tag)?.value;
  let end: number = segment.offset;
  for (const [addressTag, sizeTag] of sized) {
    const address = value(addressTag);
    if (address === undefined) continue;
    const start = fileOffsetOf(elf.programHeaders, address, 1);
    if (start === undefined || start < segment.offset || start >= limit) continue;
    const size = sizeTag === undefined ? undefined : value(sizeTag);
    end = Math.max(end, size === undefined ? limit : start + Number(size));
  }
  for (const header of elf.programHeaders) {
    if (header.type === PT_DYNAMIC && header.offset < limit) end = Math.max(end, header.offset + header.fileSize);
  }
  return Math.min(end, limit);
}

/** Types of sections that a dynamic linker does not read: code, constants, and .eh_frame as lld calls it on x86_64. */
const programsOwn: ReadonlySet<number> = new Set([SHT_PROGBITS, SHT_X86_64_UNWIND]);

function sectionsEnd(elf: ElfFile, segment: ProgramHeader, limit: number): number | undefined {
  try {
    const sections = elf
      .sections()
      .filter(({ offset, size }) => size > 0 && offset >= segment.offset && offset < limit);
    if (sections.length === 0) return undefined;
    const tables = (elf.dynamic()?.entries ?? [])
      .filter(({ tag }) => sized.some(([address]) => address === tag))
      .map(({ value }) => fileOffsetOf(elf.programHeaders, value, 1));
    const kept = sections.filter(
      ({ type, offset, size }) =>
        !programsOwn.has(type) ||
        tables.some((table) => table !== undefined && table >= offset && table < offset + size),
    );
    return largestOf(
      kept.map(({ offset, size }) => offset + size),
      segment.offset,
    );
  } catch (error) {
    if (error instanceof ElfError) return undefined;
    throw error;
  }
}
