// An ELF file as src/elf/elf-file.ts describes it, put together from the readers beside this file.

import { readDynamic, readDynamicEntries } from "./dynamic/dynamic.ts";
import { findDynamicSymbol } from "./dynamic/symbols.ts";
import { readVersionDefinitions, readVersionNeeds } from "./dynamic/versions.ts";
import type { ByteSource, ElfFile } from "./elf-file.ts";
import { readFileHeader } from "./headers/file-header.ts";
import { readProgramHeaders } from "./headers/program-header.ts";
import { readSectionTable } from "./headers/section-header.ts";
import { readInterpreter } from "./interpreter-name.ts";
import { readNotes } from "./notes.ts";
import { once } from "./once.ts";

/**
 * Reads the file header and the program headers; the rest is read when it is asked for, and at most once. Throws
 * ElfError for damaged input, and nothing else but what `source.read` throws.
 */
export function parseElf(source: ByteSource): ElfFile {
  const { header, raw } = readFileHeader(source);
  const programHeaders = readProgramHeaders(source, header, raw);
  const dynamicEntries = once(() => readDynamicEntries(source, header, programHeaders));
  const dynamic = once(() => readDynamic(source, header, programHeaders, dynamicEntries));
  const sections = once(() => readSectionTable(source, header, raw));
  return {
    source,
    header,
    programHeaders,
    interpreter: once(() => readInterpreter(source, programHeaders)),
    dynamicEntries,
    dynamic: () => dynamic()?.section,
    versionNeeds: once(() => {
      const table = dynamic();
      return table === undefined ? [] : readVersionNeeds(source, header, programHeaders, table);
    }),
    versionDefinitions: once(() => {
      const table = dynamic();
      return table === undefined ? [] : readVersionDefinitions(source, header, programHeaders, table);
    }),
    notes: once(() => readNotes(source, header, programHeaders)),
    sections: once(() => sections().headers()),
    sectionExtents: () => sections().extents(),
    checkSectionExtents: () => sections().checkExtents(),
    sectionName: (index) => sections().nameOf(index),
    dynamicSymbol(name) {
      const table = dynamic();
      return table === undefined ? undefined : findDynamicSymbol(source, header, programHeaders, table, name);
    },
  };
}
