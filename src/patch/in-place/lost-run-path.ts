// What is left of a file that was patched in place when a tool has dropped the bytes that are in no section.

import { DT_RPATH, DT_RUNPATH, DT_STRSZ, DT_STRTAB } from "../../elf/constants.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { isNearTail } from "./room.ts";

/**
 * Whether the file's run path stands outside of its string table, where one may have been written, and without a record:
 * GNU strip and objcopy drop bytes that are in no section, and leave the entry that refers to them. What leads anywhere
 * else is damage of another kind.
 */
export function hasLostRunPath(elf: ElfFile): boolean {
  const entries = elf.dynamicEntries();
  const runPaths = entries.filter(({ tag }) => tag === DT_RUNPATH || tag === DT_RPATH);
  // Of most files that is all.
  if (runPaths.length === 0) return false;
  const valueFor = (wanted: bigint) => entries.find(({ tag }) => tag === wanted)?.value;
  const [size, strings] = [valueFor(DT_STRSZ), valueFor(DT_STRTAB)];
  if (size === undefined || strings === undefined) return false;
  return runPaths.some(({ value }) => value >= size && isNearTail(elf.programHeaders, strings + value));
}
