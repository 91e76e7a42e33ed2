// The parts of a file that it need not have and that nothing reads which starts it, so that damage in them decides
// nothing: a damaged one counts as absent. patchelf has let its header table grow over a PT_NOTE that it left where it
// was, tools that pack or cut leave section headers that lead nowhere, and such programs run.

import type { ElfFile, Note, SectionExtent, SectionHeader } from "./elf-file.ts";
import { type ElfDefect, ElfError } from "./error.ts";

/** What `read` returns, or `otherwise` where the file is damaged there. */
export function unlessDamaged<Part>(read: () => Part, otherwise: Part): Part {
  try {
    return read();
  } catch (error) {
    if (error instanceof ElfError) return otherwise;
    throw error;
  }
}

/** The notes, or none where they are damaged. */
export function readableNotes(elf: ElfFile): readonly Note[] {
  return unlessDamaged(elf.notes, []);
}

/** The section headers, or none where they are damaged. */
export function readableSections(elf: ElfFile): readonly SectionHeader[] {
  return unlessDamaged(elf.sections, []);
}

/** What they say of the file's bytes, or none where they are damaged. */
export function readableExtents(elf: ElfFile): readonly SectionExtent[] {
  return unlessDamaged(elf.sectionExtents, []);
}

/** "versions": what a dynamic linker checks, if it does at all, after it has found the libraries. */
export const optionalParts = ["notes", "section headers", "versions"] as const;

export interface DamagedPart {
  readonly part: (typeof optionalParts)[number];
  readonly defect: ElfDefect;
}

/** Those of the parts that are damaged. */
export function damagedParts(elf: ElfFile): readonly DamagedPart[] {
  return optionalParts.flatMap((part): readonly DamagedPart[] => {
    const defect = defectOf(() => readPart(elf, part));
    return defect === undefined ? [] : [{ part, defect }];
  });
}

/** What is damaged there, as a value; undefined where nothing is. */
export function defectOf(read: () => unknown): ElfDefect | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof ElfError) return error.defect;
    throw error;
  }
}

function readPart(elf: ElfFile, part: DamagedPart["part"]): unknown {
  switch (part) {
    case "notes":
      return elf.notes();
    case "section headers":
      return elf.checkSectionExtents();
    case "versions":
      return [elf.versionNeeds(), elf.versionDefinitions()];
    default:
      return part satisfies never;
  }
}
