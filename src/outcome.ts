// What a run did to each file: the only thing src/report/ needs. Data, no text.

import type { ElfDefect } from "./elf/error.ts";
import type { InterpreterProblem, LibraryIssue, Resolution } from "./libraries/model.ts";
import type { CopyReason, PatchIssue, WrapFacts } from "./patch/model.ts";
import type { SkipReason } from "./policy/model.ts";

/** Trouble with the request or with a path of it, before any file is planned. */
export type RequestIssue =
  | { readonly kind: "no-such-path"; readonly path: string }
  | { readonly kind: "cannot-read"; readonly path: string; readonly code: string }
  | { readonly kind: "damaged-elf"; readonly path: string; readonly defect: ElfDefect }
  | {
      readonly kind: "cannot-wrap-named-file";
      readonly path: string;
      readonly reason: SkipReason;
      readonly detail?: string;
    }
  | {
      readonly kind: "no-interpreter";
      readonly path: string;
      readonly named: string;
      readonly machine: number;
      readonly elfClass: 32 | 64;
    }
  | {
      readonly kind: "bad-interpreter";
      readonly path: string;
      readonly problem: InterpreterProblem;
    }
  | { readonly kind: "bad-library-directory"; readonly path: string; readonly code: string }
  /** The dynamic linker that a file, or its sidecar, names cannot load it. Only said where nothing is to be wrapped. */
  | {
      readonly kind: "interpreter-gone";
      readonly path: string;
      readonly interpreter: string;
      readonly problem: InterpreterProblem | "other-machine";
    };

export type Issue = RequestIssue | LibraryIssue | PatchIssue;

export type FileOutcome =
  /** Written, or in a dry run: would be. `rewrapped`: it had been wrapped before, with other options. */
  | {
      readonly kind: "wrapped";
      readonly path: string;
      readonly sidecarPath: string;
      readonly facts: WrapFacts;
      readonly resolution: Resolution;
      readonly rewrapped: boolean;
      /** It was replaced by a copy first, so that what else has the file keeps the original. */
      readonly replacedByCopy: boolean;
      /** Why, where it was: it has names outside the given trees, or it was being executed. */
      readonly copyReason?: CopyReason;
    }
  /** Wrapped by an earlier run with the same options: nothing to write. */
  | { readonly kind: "already-wrapped"; readonly path: string; readonly facts: WrapFacts }
  /** `detail` says what the reason was read off; `defect` is there when the reason is "damaged". */
  | {
      readonly kind: "skipped";
      readonly path: string;
      readonly reason: SkipReason;
      readonly detail?: string;
      readonly defect?: ElfDefect;
    }
  /** An issue about it says why. */
  | { readonly kind: "failed"; readonly path: string }
  /** It could be wrapped, and was left as it is because the run failed for another file. */
  | { readonly kind: "unchanged"; readonly path: string };

export interface RunOutcome {
  readonly dryRun: boolean;
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
