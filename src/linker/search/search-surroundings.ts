// What a dynamic linker's search goes by. A type only.

import type { Interpreter } from "../interpreter/interpreter.ts";
import type { LinkedObject } from "../load/load-order.ts";
import type { LibraryIndex } from "./library-index.ts";

/** What there is to search. */
export interface SearchSurroundings {
  readonly index: LibraryIndex;
  readonly interpreter: Interpreter;
  /**
   * Whether a directory of the object's run path, or a path that it needs, is to be found after all others, because it
   * may be on this machine alone. Absent: the search is as it is on this machine.
   */
  readonly isOfMachine?: (object: LinkedObject, path: string) => boolean;
}
