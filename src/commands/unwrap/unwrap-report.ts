// What `wrap-buddy unwrap` is asked for, and what became of every file. Types only.

import type { Issue } from "../../report/issue.ts";

export interface UnwrapRequest {
  /** Files and directories, absolute, in the order given. */
  readonly paths: readonly string[];
  /** False: of a directory only its own files are looked at. */
  readonly recurse: boolean;
  /** Glob patterns, as in a WrapRequest. */
  readonly exclude: readonly string[];
  /** As in a WrapRequest. */
  readonly outputsIn?: string;
  readonly dryRun: boolean;
  /** Where the garbage collector's roots are, absolute; undefined: beside each tree. */
  readonly gcRoots?: string | undefined;
}

export type UnwrapOutcome =
  /** Restored, or in a dry run: would be. `kept` are sidecars that other files use; `removed` are all files that are gone. */
  | {
      readonly kind: "unwrapped";
      readonly path: string;
      /** The request names it; it was not found in a directory. */
      readonly isNamed: boolean;
      readonly removed: readonly string[];
      readonly kept: readonly string[];
      /** It was replaced by a copy first: it has names outside the given trees. */
      readonly replacedByCopy: boolean;
    }
  /** It was the original already: what was left of wrapping it beside it is gone, or in a dry run would be. */
  | {
      readonly kind: "cleaned";
      readonly path: string;
      readonly isNamed: boolean;
      readonly removed: readonly string[];
      readonly kept: readonly string[];
    }
  /** There is no stub in it. `isNamed`: the request names it. */
  | { readonly kind: "not-wrapped"; readonly path: string; readonly isNamed: boolean }
  /** An issue about it says why. */
  | { readonly kind: "failed"; readonly path: string };

export interface UnwrapReport {
  readonly dryRun: boolean;
  /** Directories of the garbage collector's roots that are gone, or in a dry run would be. */
  readonly gcRoots: readonly string[];
  /** What stopped runs have left in the trees of executables that are not there, and that is gone, or would be. */
  readonly leftovers: readonly string[];
  /** ELF files, in the order in which they were found. */
  readonly files: readonly UnwrapOutcome[];
  readonly issues: readonly Issue[];
  /** False when a file could not be restored, or a path of the request could not be read. */
  readonly ok: boolean;
}
