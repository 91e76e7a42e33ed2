// What is said of a field of a program header that keeps an executable from starting.

import { recordsOf } from "../../elf/codec.ts";
import type { ElfFile, ProgramHeader } from "../../elf/elf-file.ts";
import type { ElfDefect } from "../../elf/error.ts";

const names = {
  type: "p_type",
  flags: "p_flags",
  offset: "p_offset",
  virtualAddress: "p_vaddr",
  memorySize: "p_memsz",
  align: "p_align",
} as const;

/** Which field of the program header has what value instead of what was expected. */
export function oddField(
  { header }: ElfFile,
  { index, headerOffset }: ProgramHeader,
  field: keyof typeof names,
  value: bigint | number,
  expected: string,
): ElfDefect {
  return {
    kind: "bad-value",
    what: `program header ${index}`,
    field: names[field],
    offset: headerOffset + recordsOf(header).programHeader[field],
    value: BigInt(value),
    expected,
  };
}
