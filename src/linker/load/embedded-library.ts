// A shared library inside an executable's own file: an addon of a single-file program, which writes it out to open it.
// Types only.

import type { FileHeader } from "../../elf/elf-file.ts";
import type { ObjectFacts } from "./object-facts.ts";

/** A library inside an executable. */
export interface EmbeddedLibrary {
  /** Where it begins in the file, bytes. */
  readonly offset: number;
  readonly header: FileHeader;
  readonly facts: ObjectFacts;
}
