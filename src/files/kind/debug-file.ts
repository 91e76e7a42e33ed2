// Files that hold the debug information of another file: they have its headers, but not its bytes.

import { PF_X, PT_LOAD, SHF_EXECINSTR, SHT_NOBITS } from "../../elf/constants.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { findTruncatedSegment } from "../../elf/headers/program-header.ts";
import { readableSections, unlessDamaged } from "../../elf/optional-parts.ts";

/**
 * True for what objcopy --only-keep-debug and eu-strip -f make. The first writes program headers without file bytes.
 * The second leaves them as they were, so that they point at other bytes or past the end; its code sections are
 * SHT_NOBITS. Section headers are read only where the interpreter or a segment looks wrong.
 */
export function isDebugFile(elf: ElfFile): boolean {
  const code = elf.programHeaders.filter(({ type, flags }) => type === PT_LOAD && (flags & PF_X) !== 0);
  if (code.length > 0 && code.every(({ fileSize, memorySize }) => fileSize === 0 && memorySize > 0n)) return true;
  return looksWrong(elf) && hasOnlyEmptyCode(elf);
}

function looksWrong(elf: ElfFile): boolean {
  if (findTruncatedSegment(elf.header, elf.programHeaders, elf.source.size) !== undefined) return true;
  return unlessDamaged(() => elf.interpreter()?.startsWith("/") === false, true);
}

function hasOnlyEmptyCode(elf: ElfFile): boolean {
  const code = readableSections(elf).filter(({ flags }) => (flags & SHF_EXECINSTR) !== 0n);
  return code.length > 0 && code.every(({ type }) => type === SHT_NOBITS);
}
