// What a run did to each file. Data, no text.

import type { Resolution } from "../../linker/solve/resolution.ts";
import type { WrapFacts } from "../../patch/file-plan.ts";
import type { InPlaceFacts } from "../../patch/in-place/in-place-plan.ts";
import type { InterpreterOrigin } from "../../planning/interpreter-origin.ts";
import type { NotWrapped } from "../../planning/left-alone.ts";
import type { Issue } from "../../report/issue.ts";

export type FileOutcome =
  /** Written, or in a dry run: would be. `rewrapped`: it had been wrapped before, with other options. */
  | {
      readonly kind: "wrapped";
      readonly path: string;
      /** The request names it, under any of its names; it was not found in a directory. */
      readonly isNamed: boolean;
      readonly sidecarPath: string;
      /** Why it got its dynamic linker. */
      readonly interpreterOrigin: InterpreterOrigin;
      readonly facts: WrapFacts;
      readonly resolution: Resolution;
      readonly rewrapped: boolean;
      /**
       * It was replaced by a copy, because it has names outside the given trees. Outside of a build every file is, without
       * a word.
       */
      readonly replacedByCopy: boolean;
    }
  /** A run path, and for an executable the dynamic linker's path, was put in its padding, or would be. */
  | {
      readonly kind: "in-place";
      readonly path: string;
      readonly isNamed: boolean;
      /** Absent for a library. */
      readonly interpreterOrigin?: InterpreterOrigin;
      readonly facts: InPlaceFacts;
      readonly resolution: Resolution;
      readonly rewrapped: boolean;
      readonly replacedByCopy: boolean;
    }
  | { readonly kind: "already-in-place"; readonly path: string; readonly facts: InPlaceFacts }
  /** A library that an earlier run had patched in place is the original again, or would be. */
  | { readonly kind: "restored"; readonly path: string }
  /** Wrapped by an earlier run with the same options: nothing to write. */
  | { readonly kind: "already-wrapped"; readonly path: string; readonly facts: WrapFacts }
  | NotWrapped;

/** The garbage collector's roots of one tree, or of one file that was named. */
export interface GcRoots {
  readonly tree: string;
  readonly directory: string;
  /** Store paths that it has a root for now, in a dry run: would have, and those of them that are new. */
  readonly storePaths: readonly string[];
  readonly added: readonly string[];
  /** Store paths that nothing in the tree refers to any more. */
  readonly removed: readonly string[];
}

export interface RunOutcome {
  readonly dryRun: boolean;
  /** Absent where none were to be made. */
  readonly gcRoots?: readonly GcRoots[];
  /** In the order in which the files were found, which is the same on every file system. */
  readonly files: readonly FileOutcome[];
  /** All that went wrong or is worth saying, of all files. */
  readonly issues: readonly Issue[];
  /**
   * False when any error-severity issue was found. Then nothing has been written, unless the error is a failed system
   * call while writing: the files written before it are "wrapped", and a second run finishes the work.
   */
  readonly ok: boolean;
}
