// PT_DYNAMIC: the array, and the strings that it points to.

import { fileRunAt, requireFileOffset } from "../address.ts";
import { addressSpaceOf, recordsOf, viewOf } from "../codec.ts";
import {
  DT_FLAGS_1,
  DT_NEEDED,
  DT_NULL,
  DT_RPATH,
  DT_RUNPATH,
  DT_SONAME,
  DT_STRSZ,
  DT_STRTAB,
  PT_DYNAMIC,
} from "../constants.ts";
import type { ByteSource, DynamicEntry, DynamicSection, FileHeader, FileOffset, ProgramHeader } from "../elf-file.ts";
import { ElfError } from "../error.ts";
import { once } from "../once.ts";
import { openStringTable, type StringTable } from "../string-table.ts";

/** The dynamic section together with what its other readers need. */
export interface DynamicTable {
  readonly section: DynamicSection;
  /** The value of the first entry with this tag, before the DT_NULL. */
  value(tag: bigint): bigint | undefined;
  /** DT_STRTAB. Throws ElfError when it is absent or not in the file. */
  strings(): StringTable;
}

/** The entries before the first DT_NULL, whatever they point to; [] without PT_DYNAMIC. Throws ElfError. */
export function readDynamicEntries(
  source: ByteSource,
  header: FileHeader,
  programHeaders: readonly ProgramHeader[],
): readonly DynamicEntry[] {
  const place = placeOfDynamic(header, programHeaders);
  return place === undefined ? [] : readEntries(source, header, place);
}

interface DynamicPlace {
  readonly segment: ProgramHeader;
  readonly offset: FileOffset;
  /** By p_filesz. */
  readonly slotCount: number;
  /** Entries that are looked through for the DT_NULL: a dynamic linker goes on over the end that p_filesz says. */
  readonly limit: number;
}

function placeOfDynamic(header: FileHeader, programHeaders: readonly ProgramHeader[]): DynamicPlace | undefined {
  // The last counts, for glibc and musl alike.
  const segment = programHeaders.findLast(({ type }) => type === PT_DYNAMIC);
  if (segment === undefined) return undefined;
  const { virtualAddress, fileSize } = segment;
  const run = fileRunAt(programHeaders, virtualAddress);
  const { size } = recordsOf(header).dynamicEntry;
  return {
    segment,
    offset: run?.offset ?? segment.offset,
    slotCount: Math.floor(fileSize / size),
    limit: Math.floor((run?.size ?? fileSize) / size),
  };
}

/** Entries that are looked at. Real arrays have fewer than a hundred; one with more than this is damaged. */
const largestEntryCount = 16_384;

/** Entries decoded in one step. */
const chunkCount = 64;

/**
 * Decodes PT_DYNAMIC, whose entries are `allEntries`; undefined when there is none. Where a PT_LOAD segment holds its address, the bytes there are
 * decoded, because that is what a dynamic linker sees; p_offset is used otherwise. Throws ElfError.
 */
export function readDynamic(
  source: ByteSource,
  header: FileHeader,
  programHeaders: readonly ProgramHeader[],
  allEntries: () => readonly DynamicEntry[],
): DynamicTable | undefined {
  const place = placeOfDynamic(header, programHeaders);
  if (place === undefined) return undefined;
  const { offset, slotCount } = place;
  const entries = allEntries();
  const values = new Map<bigint, bigint>();
  for (const entry of entries) if (!values.has(entry.tag)) values.set(entry.tag, entry.value);
  const value = (tag: bigint) => values.get(tag);
  const strings = once(() => openDynamicStrings(source, programHeaders, offset, value));
  const text = (tag: bigint) => {
    const index = value(tag);
    return index === undefined ? undefined : strings().at(Number(index));
  };
  const path = (tag: bigint) => {
    const outside = textOutsideTable(source, header, programHeaders, value(DT_STRTAB), value(DT_STRSZ), value(tag));
    return outside ?? text(tag);
  };
  const soname = text(DT_SONAME);
  const rpath = path(DT_RPATH);
  const runpath = path(DT_RUNPATH);
  const section: DynamicSection = {
    offset,
    entries,
    slotCount,
    needed: entries.filter(({ tag }) => tag === DT_NEEDED).map((entry) => strings().at(Number(entry.value))),
    ...(soname === undefined ? {} : { soname }),
    ...(rpath === undefined ? {} : { rpath }),
    ...(runpath === undefined ? {} : { runpath }),
    flags1: value(DT_FLAGS_1) ?? 0n,
  };
  return { section, value, strings };
}

function readEntries(
  source: ByteSource,
  header: FileHeader,
  { segment, offset, limit }: DynamicPlace,
): readonly DynamicEntry[] {
  const at = recordsOf(header).dynamicEntry;
  const end = BigInt(offset) + BigInt(segment.fileSize);
  if (end > BigInt(source.size)) {
    throw new ElfError({ kind: "past-end-of-file", what: "dynamic array", offset, end, size: source.size });
  }
  const entries: DynamicEntry[] = [];
  for (let first = 0; first < limit; first += chunkCount) {
    const count = Math.min(chunkCount, limit - first);
    const view = viewOf(header, source.read(offset + first * at.size, count * at.size, "dynamic array"));
    for (let i = 0; i < count; i++) {
      const tag = view.word(i * at.size + at.tag);
      if (tag === DT_NULL) return entries;
      entries.push({ index: first + i, tag, value: view.word(i * at.size + at.value) });
    }
    if (entries.length >= largestEntryCount) {
      throw new ElfError({
        kind: "bad-value",
        what: "dynamic array",
        field: "number of entries",
        offset,
        value: BigInt(entries.length),
        expected: `less than ${largestEntryCount}`,
      });
    }
  }
  return entries;
}

function openDynamicStrings(
  source: ByteSource,
  programHeaders: readonly ProgramHeader[],
  offset: FileOffset,
  value: (tag: bigint) => bigint | undefined,
): StringTable {
  const address = value(DT_STRTAB);
  if (address === undefined) throw badDynamic("DT_STRTAB", offset, 0n, "an entry, because other entries need it");
  const size = value(DT_STRSZ);
  if (size === undefined) throw badDynamic("DT_STRSZ", offset, 0n, "an entry, because other entries need it");
  if (size > BigInt(source.size)) {
    throw badDynamic("DT_STRSZ", offset, size, `at most the file's size, 0x${source.size.toString(16)}`);
  }
  const tableOffset = requireFileOffset(programHeaders, address, Number(size), "DT_STRTAB");
  return openStringTable(source, tableOffset, Number(size), "dynamic string table");
}

/**
 * A run path that stands elsewhere than in the string table, where a dynamic linker finds it all the same: it adds the
 * two numbers and does not look at DT_STRSZ. Undefined for one in the table, and where no segment has file bytes for it.
 */
function textOutsideTable(
  source: ByteSource,
  header: FileHeader,
  programHeaders: readonly ProgramHeader[],
  table: bigint | undefined,
  size: bigint | undefined,
  index: bigint | undefined,
): string | undefined {
  if (table === undefined || size === undefined || index === undefined || index < size) return undefined;
  const address = (table + index) % addressSpaceOf(header);
  const run = fileRunAt(programHeaders, address);
  if (run === undefined) return undefined;
  const length = Math.min(run.size, source.size - run.offset);
  return length <= 0 ? undefined : openStringTable(source, run.offset, length, "run path").at(0);
}

function badDynamic(field: string, offset: number, value: bigint, expected: string): ElfError {
  return new ElfError({ kind: "bad-value", what: "dynamic array", field, offset, value, expected });
}
