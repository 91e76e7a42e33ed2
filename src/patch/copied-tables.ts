// The loader's copies of program headers and dynamic array, for which it sets a fixed piece of memory aside.

import { recordsOf } from "../elf/codec.ts";
import type { ElfFile } from "../elf/model.ts";
import type { Sidecar } from "./sidecar.ts";

/** COPY_SIZE in native/loader/loader.h, bytes. */
export const copiedTablesLimit: number = 3 << 19;

/** Entries that the copy of the dynamic array can have beside the executable's and the names': DT_RUNPATH, DT_NULL. */
const ownEntryCount = 2;

/**
 * Bytes that the copies take at most, whatever becomes of the names in the sidecar: no check covers them, and with every
 * byte of them zero each byte would be a name. Throws ElfError for a damaged dynamic array.
 */
export function copiedTablesSize(
  elf: ElfFile,
  { needed, firstNeeded }: Pick<Sidecar, "needed" | "firstNeeded">,
): number {
  const records = recordsOf(elf.header);
  const nameBytes = [...needed, ...firstNeeded].reduce((sum, name) => sum + name.length + 1, 0);
  const entryCount = (elf.dynamic()?.entries.length ?? 0) + nameBytes + ownEntryCount;
  return elf.programHeaders.length * records.programHeader.size + entryCount * records.dynamicEntry.size;
}
