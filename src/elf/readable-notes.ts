// Notes of a file that may have damaged ones.

import type { ElfFile, Note } from "./elf-file.ts";
import { ElfError } from "./error.ts";

/**
 * The notes, or none where they are damaged: nothing that starts a program reads them all. patchelf has let its header
 * table grow over a PT_NOTE that it left where it was, and such programs run.
 */
export function readableNotes(elf: ElfFile): readonly Note[] {
  try {
    return elf.notes();
  } catch (error) {
    if (error instanceof ElfError) return [];
    throw error;
  }
}
