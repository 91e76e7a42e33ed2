// What the resolver is told about one executable's surroundings. A type only.

import type { Interpreter } from "../interpreter/interpreter.ts";
import type { EmbeddedLibrary } from "../load/embedded-library.ts";
import type { LibraryIndex } from "../search/library-index.ts";
import type { LibraryMode, LibrarySettings } from "./library-settings.ts";

/**
 * The package of a file, as a name that is the same for all of its files; undefined for a file outside of what is
 * wrapped, and for a library that any executable may carry.
 */
export type PackageOf = (path: string) => string | undefined;

export interface ResolveContext extends LibrarySettings {
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
  readonly packageOf: PackageOf;
  /** Those inside the executable itself; absent: none, or it was not searched for them. */
  readonly embeddedLibraries?: readonly EmbeddedLibrary[];
  /** "leave": what the plug-ins of the trees need is not looked at. */
  readonly libraries?: LibraryMode;
  /** Whether to put the load order in front as absolute paths, where that can be done (glibc). */
  readonly pin: boolean;
}
