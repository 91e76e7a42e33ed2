// What `wrap-buddy verify` is asked for, and what it found. Types only.

import type { ElfDefect } from "../../elf/error.ts";
import type { SkipReason } from "../../files/kind/skip-reason.ts";
import type { Issue } from "../../report/issue.ts";

export interface VerifyRequest {
  /** Files and directories, absolute, in the order given. */
  readonly paths: readonly string[];
  /** False: of a directory only its own files are looked at. */
  readonly recurse: boolean;
  /** Glob patterns, as in a WrapRequest. */
  readonly exclude: readonly string[];
  /** Patterns of libraries and symbol versions that may be missing, as in a WrapRequest. */
  readonly ignoreMissing: readonly string[];
  readonly storeDirectory: string;
  /** Where the garbage collector's roots are, absolute; undefined: beside each tree. */
  readonly gcRoots?: string | undefined;
  /** Nix's state, which knows the roots that count; undefined: whatever is there counts. */
  readonly stateDirectory?: string | undefined;
}

/** What can be wrong with what wrapping has left, beside what other commands find too. Sizes and offsets in bytes. */
export type VerifyIssue =
  /** `sidecarPath`: the sidecar of its name lies beside it all the same. `reason`: why it cannot be wrapped. */
  | {
      readonly kind: "not-wrapped";
      readonly path: string;
      readonly sidecarPath?: string;
      readonly reason?: SkipReason;
      readonly detail?: string;
    }
  /** A path of the request with no wrapped executable in it. `hasExecutables`: with one that would be wrapped. */
  | { readonly kind: "nothing-wrapped"; readonly path: string; readonly hasExecutables: boolean }
  /** A run was stopped before the write that is named. */
  | {
      readonly kind: "wrapping-unfinished";
      readonly path: string;
      readonly before: "interpreter-header" | "in-place";
    }
  /** PT_INTERP is cleared, and no whole stub is at the entry point. */
  | { readonly kind: "stub-gone"; readonly path: string }
  /** From this file offset on it is not what this version writes. */
  | { readonly kind: "stub-differs"; readonly path: string; readonly offset: number }
  /** The stub maps `wanted` bytes of a sidecar that has `size`. */
  | {
      readonly kind: "sidecar-size";
      readonly path: string;
      readonly sidecarPath: string;
      readonly size: number;
      readonly wanted: number;
    }
  /** The loader in it, or what fills it up, is not what this version writes. */
  | { readonly kind: "sidecar-differs"; readonly path: string; readonly sidecarPath: string }
  /** Not everyone who may execute the program may read it. Permission bits. */
  | {
      readonly kind: "sidecar-mode";
      readonly path: string;
      readonly sidecarPath: string;
      readonly mode: number;
      readonly wanted: number;
    }
  /** A field of its headers with which it does not start: a tool has changed it, or it came like that. */
  | { readonly kind: "odd-header"; readonly path: string; readonly defect: ElfDefect }
  /** What the sidecar says of the dynamic linker does not hold. */
  | { readonly kind: "interpreter-changed"; readonly path: string; readonly interpreter: string }
  /** A run path entry that is a path in the store. */
  | { readonly kind: "run-path-entry-gone"; readonly path: string; readonly entry: string }
  /** `path` is a sidecar that no executable beside it uses. */
  | { readonly kind: "sidecar-unused"; readonly path: string }
  /** Nothing keeps `storePath`, that wrapped files in `path` refer to, from the garbage collector any more. */
  | { readonly kind: "gc-root-gone"; readonly path: string; readonly root: string; readonly storePath: string }
  /** It starts with the sidecar of `owner`, another file: it was copied from that one, or made by it. */
  | { readonly kind: "sidecar-of-other"; readonly path: string; readonly sidecarPath: string; readonly owner: string }
  /** A file that only a stopped run leaves behind. */
  | { readonly kind: "leftover"; readonly path: string };

export type FoundIssue = Issue | VerifyIssue;

export type VerifyOutcome =
  /** Everything fits and is there. `libraries`: how many are loaded, the dynamic linker not counted. */
  | {
      readonly kind: "fine";
      readonly path: string;
      /** Absent for one that was patched in place. */
      readonly sidecarPath?: string;
      readonly interpreter: string;
      readonly libraries: number;
    }
  /** A library that was given a run path: what it names is there. */
  | { readonly kind: "fine-library"; readonly path: string }
  /** It could be wrapped, or the request names it. */
  | { readonly kind: "not-wrapped"; readonly path: string; readonly isNamed: boolean }
  /** An issue about it says why. */
  | { readonly kind: "failed"; readonly path: string };

export interface VerifyReport {
  /** In the order in which they were found. */
  readonly files: readonly VerifyOutcome[];
  readonly issues: readonly FoundIssue[];
  /** False when an issue is an error. */
  readonly ok: boolean;
}
