// Which functions an object calls by name, as far as its dynamic string table tells.

import { fileOffsetOf } from "../address.ts";
import { DT_STRSZ, DT_STRTAB } from "../constants.ts";
import type { ElfFile } from "../elf-file.ts";

/** Bytes of a string table that are looked at: more than any library has. */
const largestTable = 1 << 26;

/**
 * Whether a dynamic string is `name` or ends in it, so that a symbol can have it: false is certain. Throws ElfError for a
 * damaged dynamic array.
 */
export function mayNameSymbol(elf: ElfFile, name: string): boolean {
  const entries = elf.dynamicEntries();
  const table = entries.find(({ tag }) => tag === DT_STRTAB);
  const size = Math.min(Number(entries.find(({ tag }) => tag === DT_STRSZ)?.value ?? 0n), largestTable);
  const offset = table && fileOffsetOf(elf.programHeaders, table.value, size);
  if (offset === undefined || offset + size > elf.source.size) return false;
  return Buffer.from(elf.source.read(offset, size, "dynamic strings")).includes(`${name}\0`, 0, "latin1");
}
