// What the resolver is told about one executable's surroundings. A type only.

import type { RunPathMode } from "../request.ts";
import type { LibraryIndex } from "./library-index.ts";
import type { Interpreter } from "./model.ts";

export interface ResolveContext {
  readonly index: LibraryIndex;
  /** The one that `chooseInterpreter` chose for the executable. */
  readonly interpreter: Interpreter;
  /** The directories being patched, and of files that were named by themselves their own directories; absolute. */
  readonly trees: readonly string[];
  /**
   * Shared libraries and plug-ins in the trees, absolute, in the order found. Give the same array for every executable
   * of a run.
   */
  readonly bundledLibraries: readonly string[];
  /** `--libs`, absolute, first match wins. */
  readonly libraryDirectories: readonly string[];
  readonly fallbackLibraryDirectories: readonly string[];
  readonly runtimeDependencies: readonly string[];
  readonly appendRunPath: readonly string[];
  readonly extraNeeded: readonly string[];
  readonly ignoreMissing: readonly string[];
  readonly runPathMode: RunPathMode;
  readonly keepLibc: boolean;
  readonly ignoreExistingRunPath: boolean;
  readonly relocatable: boolean;
  /** Whether to put the load order in front as absolute paths, where that can be done (glibc). */
  readonly pin: boolean;
  readonly storeDirectory: string;
}
