// Everything that can be asked of an ELF file, for tests that ask it of a damaged one.

import type { ElfFile } from "../../../src/elf/elf-file.ts";

/** Each may throw ElfError. `symbol` is one that the whole file has. */
export function elfQuestions(symbol: string): readonly ((elf: ElfFile) => unknown)[] {
  return [
    (elf) => elf.interpreter(),
    (elf) => elf.dynamic(),
    (elf) => elf.versionNeeds(),
    (elf) => elf.versionDefinitions(),
    (elf) => elf.notes(),
    (elf) => elf.sections(),
    (elf) => elf.dynamicSymbol(symbol),
    (elf) => elf.dynamicSymbol("absent"),
  ];
}
