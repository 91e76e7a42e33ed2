// The search of the interpreter at hand.

import type { FileHeader } from "../../elf/elf-file.ts";
import type { Search } from "../load/load-order.ts";
import { glibcSearch } from "./glibc-search.ts";
import { muslSearch } from "./musl-search.ts";
import type { SearchSurroundings } from "./search-surroundings.ts";

/** How the interpreter searches in a process of an executable with this file header. */
export function nativeSearch(surroundings: SearchSurroundings, header: FileHeader): Search {
  const { interpreter } = surroundings;
  switch (interpreter.cLibrary) {
    case "glibc":
      return glibcSearch(surroundings, header);
    case "musl":
      return muslSearch(surroundings, header);
    default:
      return interpreter.cLibrary satisfies never;
  }
}
