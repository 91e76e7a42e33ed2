// What the patcher is going to do to one executable, and what it did. Types only.

import type { FileOffset, VirtualAddress } from "../elf/model.ts";

/** Replace `before` by `after` (equal lengths) at `offset`. `before` is what makes a plan checkable and repeatable. */
export interface Edit {
  readonly kind: "edit";
  readonly what: "entry point" | "interpreter header";
  readonly offset: FileOffset;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** Put the plan's sidecar in its places. */
export interface SidecarStep {
  readonly kind: "sidecar";
}

/** After each step the file starts as it did before, or as it will. */
export type Step = Edit | SidecarStep;

/** Where the stub goes. */
export interface Placement {
  readonly kind: "at-entry" | "before-entry" | "after-entry" | "segment-tail";
  /** First byte of the saved range: file offset and virtual address. */
  readonly savedOffset: FileOffset;
  readonly savedAddress: VirtualAddress;
  /** Bytes saved. */
  readonly savedSize: number;
  /** The stub's first byte. */
  readonly stubOffset: FileOffset;
  readonly stubAddress: VirtualAddress;
}

/** The article's facts of one executable, for the report. */
export interface WrapFacts {
  readonly architecture: string;
  readonly elfClass: 32 | 64;
  /** e_entry and the file offset of its code. */
  readonly entry: VirtualAddress;
  readonly entryOffset: FileOffset;
  /** Bytes from the entry point to the end of its segment. */
  readonly room: number;
  /** Stub with its parameters, bytes. */
  readonly stubSize: number;
  readonly placement: Placement;
  readonly interpreter: string;
  readonly runPath: readonly string[];
  readonly runPathTag: "runpath" | "rpath";
  readonly neededFirst: readonly string[];
  readonly neededLast: readonly string[];
  readonly sidecarSize: number;
  readonly naming: "absolute" | "beside";
  readonly loader: { readonly kind: "in-sidecar" } | { readonly kind: "shared"; readonly path: string };
}

/** What has to be known of an executable that is to be written. */
export interface ExecutableNames {
  /** Absolute, without symlinks. */
  readonly path: string;
  /** Its names in the trees, `path` first. */
  readonly names: readonly [string, ...string[]];
  /** It has names outside the trees, which must not change: it is replaced by a copy first. */
  readonly replaceByCopy: boolean;
}

/** Why a file was replaced by a copy of itself before it was written. "running": it was being executed. */
export type CopyReason = "other-names" | "running";

export interface FilePlan extends ExecutableNames {
  /**
   * The sidecar beside `path`, and, where the file has names in other directories of the trees and is found beside
   * /proc/self/exe, the same in each of those.
   */
  readonly sidecarPaths: readonly [string, ...string[]];
  readonly sidecar: Uint8Array;
  /** Permission bits of the sidecar: whoever may execute the program may read it. */
  readonly sidecarMode: number;
  /** In the order in which they are done; none when the file is wrapped like this already. */
  readonly steps: readonly Step[];
  /** It was wrapped in another way before. */
  readonly isRewrap: boolean;
  /** The sidecar of another name that has its saved bytes now: it has been renamed since it was wrapped. */
  readonly formerSidecar?: string;
  /** Sidecars of former names that a stopped run has left. They and `formerSidecar` go, unless another file uses them. */
  readonly orphanSidecars: readonly string[];
  readonly facts: WrapFacts;
}

/** Why an executable cannot be wrapped: data only, src/report/ has the words. Sizes in bytes. */
export type PatchIssue =
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
  | {
      readonly kind: "loader-differs";
      readonly path: string;
      readonly loaderPath: string;
      readonly blob: string;
    }
  | {
      readonly kind: "sidecar-damaged";
      readonly path: string;
      readonly sidecarPath: string;
      readonly problem: string;
    }
  /** It has privileges by these bits, and would look for its sidecar where another user could have put one. */
  | {
      readonly kind: "privileges-refused";
      readonly severity: "warning";
      readonly path: string;
      readonly bits: readonly ("set-user-ID" | "set-group-ID")[];
    }
  /** Between the planning and the writing something else changed the file. */
  | { readonly kind: "file-changed"; readonly path: string }
  /** `isUnfinished`: what had been done to the file before could not be taken back. */
  | {
      readonly kind: "system-call-failed";
      readonly path: string;
      readonly call: string;
      readonly code: string;
      readonly isUnfinished?: true;
    };
