// Where an ELF file keeps constants, strings among them.

import { PF_W, PF_X, PT_LOAD, SHF_ALLOC, SHF_EXECINSTR, SHF_WRITE, SHT_PROGBITS } from "./constants.ts";
import type { ElfFile, SectionHeader } from "./elf-file.ts";
import { readableSections } from "./optional-parts.ts";
import type { FileRange } from "./payload.ts";

/**
 * The bytes of the file that are loaded, and neither written nor executed, in file order: of sections with a program's
 * own data; where there is no section table, of segments. Of segments with code where there are no others, as linkers
 * make them with `-z noseparate-code`.
 */
export function readOnlyData(elf: ElfFile): readonly FileRange[] {
  const { size } = elf.source;
  return rangesOf(elf)
    .map(({ offset, size: length }) => ({ start: offset, end: Math.min(offset + length, size) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start);
}

function rangesOf(elf: ElfFile): readonly { readonly offset: number; readonly size: number }[] {
  const sections = readableSections(elf);
  if (sections.length > 0) return sections.filter(isOfProgram);
  const segments = elf.programHeaders.filter(({ type, flags }) => type === PT_LOAD && (flags & PF_W) === 0);
  const withoutCode = segments.filter(({ flags }) => (flags & PF_X) === 0);
  return (withoutCode.length > 0 ? withoutCode : segments).map(({ offset, fileSize }) => ({ offset, size: fileSize }));
}

/** How to unwind the stack: large, and no text. */
const unwindTables = /^\.(?:eh_frame|eh_frame_hdr|gcc_except_table)/;

function isOfProgram({ type, flags, name }: SectionHeader): boolean {
  const access = flags & (SHF_ALLOC | SHF_WRITE | SHF_EXECINSTR);
  return type === SHT_PROGBITS && access === SHF_ALLOC && !unwindTables.test(name);
}
