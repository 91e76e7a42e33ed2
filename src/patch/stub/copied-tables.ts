// The loader's copies of program headers and dynamic array, for which it sets memory aside: a fixed size, and an entry for
// each byte of the sidecar's names.

import { recordsOf } from "../../elf/codec.ts";
import type { ElfFile } from "../../elf/elf-file.ts";

/** COPY_FIXED_SIZE in native/loader/loader.h, bytes. */
export const copiedTablesLimit: number = 1 << 16;

/** Entries that the copy of the dynamic array can have beside the executable's and the names': DT_RUNPATH, DT_NULL. */
const ownEntryCount = 2;

/** Bytes that the copies take at most, the entries for names left out. Throws ElfError for a damaged dynamic array. */
export function copiedTablesSize(elf: ElfFile): number {
  const records = recordsOf(elf.header);
  const entryCount = (elf.dynamic()?.entries.length ?? 0) + ownEntryCount;
  return elf.programHeaders.length * records.programHeader.size + entryCount * records.dynamicEntry.size;
}
