// Whether an object asks for branch target protection of its code (aarch64: BTI).

import { viewOf } from "../../elf/codec.ts";
import { EM_AARCH64 } from "../../elf/constants.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { readableNotes } from "../../elf/optional-parts.ts";

const NT_GNU_PROPERTY_TYPE_0 = 5;
const GNU_PROPERTY_AARCH64_FEATURE_1_AND = 0xc000_0000;
const GNU_PROPERTY_AARCH64_FEATURE_1_BTI = 1;

/**
 * True when a note of `elf` has GNU_PROPERTY_AARCH64_FEATURE_1_BTI: then the kernel maps its code with PROT_BTI when it
 * starts it by itself. Damaged notes ask for nothing.
 * Source: Linux arch/arm64/kernel/process.c arch_elf_adjust_prot(); System V ABI for AArch64, "Program Property".
 */
export function asksForBranchProtection(elf: ElfFile): boolean {
  if (elf.header.machine !== EM_AARCH64) return false;
  for (const note of readableNotes(elf)) {
    if (note.name !== "GNU" || note.type !== NT_GNU_PROPERTY_TYPE_0) continue;
    const view = viewOf(elf.header, note.description);
    for (let at = 0; at + 12 <= note.description.length; at += 8 + Math.ceil(view.u32(at + 4) / 8) * 8) {
      if (view.u32(at) !== GNU_PROPERTY_AARCH64_FEATURE_1_AND) continue;
      return (view.u32(at + 8) & GNU_PROPERTY_AARCH64_FEATURE_1_BTI) !== 0;
    }
  }
  return false;
}
