// What is left of a file that was patched in place when a tool has dropped the bytes that are in no section.

import { DT_RPATH, DT_RUNPATH, DT_STRSZ } from "../../elf/constants.ts";
import { dynamicEntries } from "../../elf/dynamic.ts";
import type { ElfFile } from "../../elf/elf-file.ts";

/**
 * Whether the file's run path stands outside of its string table and without a record: GNU strip and objcopy drop bytes
 * that are in no section, and leave the entry that refers to them.
 */
export function hasLostRunPath(elf: ElfFile): boolean {
  const entries = dynamicEntries(elf);
  const size = entries.find(({ tag }) => tag === DT_STRSZ)?.value;
  return (
    size !== undefined && entries.some(({ tag, value }) => (tag === DT_RUNPATH || tag === DT_RPATH) && value >= size)
  );
}
