// What single-file programs carry behind their last section, and strip would cut off.

import { recordsOf } from "../elf/codec.ts";
import { SHT_NOBITS } from "../elf/constants.ts";
import type { ElfFile } from "../elf/model.ts";

/**
 * The bytes behind everything that the ELF structures account for: headers, segments, sections. 0 for an ordinary
 * executable. GNU strip and llvm-strip write what the structures name, and nothing of these.
 */
export function appendedSize(elf: ElfFile): number {
  const { header, programHeaders, source } = elf;
  const sizes = recordsOf(header);
  const ends = [
    header.programHeaderOffset + header.programHeaderCount * sizes.programHeader.size,
    header.sectionHeaderOffset + header.sectionHeaderCount * sizes.sectionHeader.size,
    ...programHeaders.map(({ offset, fileSize }) => offset + fileSize),
    ...elf.sections().map(({ type, offset, size }) => (type === SHT_NOBITS ? 0 : offset + size)),
  ];
  return Math.max(0, source.size - Math.max(...ends));
}
