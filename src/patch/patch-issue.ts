// Why an executable cannot be wrapped or restored. Types only.

import type { SidecarProblem } from "./sidecar/sidecar-problem.ts";

/** Why a file cannot be wrapped or restored: data only, src/report/ has the words. Sizes in bytes. */
export type PatchIssue = PlanIssue | WriteIssue;

/** Why an executable cannot be wrapped as it is. */
export type PlanIssue =
  | {
      readonly kind: "unknown-architecture";
      readonly path: string;
      readonly machine: number;
    }
  /** Neither at the entry point nor elsewhere in its segment; `largest` is the best place found. */
  | {
      readonly kind: "no-room";
      readonly path: string;
      readonly wanted: number;
      readonly largest: number;
    }
  /** In place: no padding of a segment is large enough; `largest` is the most that one has. */
  | {
      readonly kind: "no-room-in-place";
      readonly severity: "error" | "warning" | "note";
      readonly path: string;
      readonly wanted: number;
      readonly largest: number;
    }
  /** In place: the dynamic array has no entry to spare for a run path. */
  | { readonly kind: "no-dynamic-entry"; readonly severity: "error" | "warning" | "note"; readonly path: string }
  /** In place: what only a stub can do is wanted. */
  | { readonly kind: "not-in-place"; readonly path: string; readonly needed: readonly string[] }
  /** Wrapped relocatable, the name `other` in another directory would look for things elsewhere. */
  | { readonly kind: "names-apart"; readonly path: string; readonly other: string }
  | {
      readonly kind: "entry-outside-segments";
      readonly path: string;
      readonly entry: bigint;
    }
  | {
      readonly kind: "field-too-long";
      readonly path: string;
      readonly field: string;
      readonly size: number;
      readonly limit: number;
    }
  | {
      readonly kind: "sidecar-name-too-long";
      readonly path: string;
      readonly size: number;
      readonly limit: number;
    }
  | {
      readonly kind: "interpreter-mismatch";
      readonly path: string;
      readonly interpreter: string;
      readonly machine: number;
      readonly wantedMachine: number;
    }
  | {
      readonly kind: "loader-missing";
      readonly path: string;
      readonly loaderPath: string;
      readonly blob: string;
    }
  /** The stub would name it by its path, and is to be moved with the store. */
  | {
      readonly kind: "shared-loader-stays";
      readonly path: string;
      readonly loaderDirectory: string;
    }
  | {
      readonly kind: "loader-differs";
      readonly path: string;
      readonly loaderPath: string;
      readonly blob: string;
    }
  /** It has privileges by these bits, and would look for its sidecar where another user could have put one. */
  | {
      readonly kind: "privileges-refused";
      readonly severity: "warning";
      readonly path: string;
      readonly bits: readonly ("set-user-ID" | "set-group-ID")[];
    };

/** What was done to a file since it was wrapped, and why one cannot be written. */
export type WriteIssue =
  /** The record in its padding does not fit the file: something else has changed it since. */
  | { readonly kind: "changed-in-place"; readonly path: string; readonly problem: string }
  | {
      readonly kind: "sidecar-damaged";
      readonly path: string;
      readonly sidecarPath: string;
      readonly problem: SidecarProblem;
    }
  /**
   * Something else has taken the bytes for other things that PT_INTERP would name again: it starts, and cannot be
   * restored. `offset`: where they stand in the file; `found`: the first of them.
   */
  | {
      readonly kind: "interpreter-overwritten";
      readonly severity: "error" | "warning";
      readonly path: string;
      readonly sidecarPath: string;
      readonly offset: number;
      readonly found: string;
    }
  /** A sidecar of its name lies beside it, and it is packed: what was wrapped is inside. */
  | { readonly kind: "packed-since"; readonly path: string; readonly sidecarPath: string }
  /** Its run path was put into its padding, and is not there any more. */
  | { readonly kind: "in-place-lost"; readonly path: string }
  /** Between the planning and the writing something else changed the file. */
  | { readonly kind: "file-changed"; readonly path: string }
  /** It cannot be replaced by a copy that has all that it has; `problem` says what, in the words of a program or ours. */
  | {
      readonly kind: "not-kept";
      readonly path: string;
      readonly problem: string;
      /** What the caller has no right to. */
      readonly cannotGive?: "owner" | "group" | "capabilities";
    }
  /** `isUnfinished`: what had been done to the file before could not be taken back. */
  | {
      readonly kind: "system-call-failed";
      readonly path: string;
      readonly call: string;
      readonly code: string;
      readonly isUnfinished?: true;
    };
