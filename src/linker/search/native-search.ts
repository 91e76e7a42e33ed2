// The search of the interpreter at hand.

import type { FileHeader } from "../../elf/elf-file.ts";
import type { Interpreter } from "../interpreter/interpreter.ts";
import type { Search } from "../load/load-order.ts";
import { glibcSearch } from "./glibc-search.ts";
import type { LibraryIndex } from "./library-index.ts";
import { muslSearch } from "./musl-search.ts";

/** How `interpreter` searches in a process of an executable with this file header. */
export function nativeSearch(
  { index, interpreter }: { readonly index: LibraryIndex; readonly interpreter: Interpreter },
  header: FileHeader,
): Search {
  switch (interpreter.cLibrary) {
    case "glibc":
      return glibcSearch(index, interpreter, header);
    case "musl":
      return muslSearch(index, interpreter, header);
    default:
      return interpreter.cLibrary satisfies never;
  }
}
