// What the patcher is going to do to one executable, and what it did. Types only.

import type { FileOffset, VirtualAddress } from "../elf/elf-file.ts";

/** Replace `before` by `after` (equal lengths) at `offset`. `before` is what makes a plan checkable and repeatable. */
export interface Edit {
  readonly what:
    | "entry point"
    | "interpreter header"
    | "texts"
    | "segment size"
    | "dynamic entry"
    | "interpreter section";
  readonly offset: FileOffset;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

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
  /** It has names outside the trees, which must not change: it is replaced by a copy. */
  readonly replaceByCopy: boolean;
  /**
   * It lies in the output of the Nix build that this is run by: nobody uses it yet, Nix gives every file its owner and
   * mode, lets none have attributes or capabilities, and syncs what it registers. A build that is stopped leaves nothing.
   * Source: nix, src/libstore/posix-fs-canonicalise.cc; its filter of system calls refuses setxattr(2) in a build.
   */
  readonly isBuildOutput: boolean;
}

/** A sidecar to be put in its places. */
export interface PlannedSidecar {
  /**
   * The sidecar beside `path`, and, where the file has names in other directories of the trees and is found beside
   * /proc/self/exe, the same in each of those.
   */
  readonly sidecarPaths: readonly [string, ...string[]];
  readonly sidecar: Uint8Array;
  /** Permission bits of the sidecar: whoever may execute the program may read it. */
  readonly sidecarMode: number;
}

/** The same sidecar under other names, and the edits that make the executable look for it there. */
export interface Passing {
  /** One for each of the plan's, in the same directory. */
  readonly sidecarPaths: readonly string[];
  readonly edits: readonly Edit[];
}

export interface FilePlan extends ExecutableNames, PlannedSidecar {
  /** The sidecar is not there yet as it has to be. */
  readonly writesSidecar: boolean;
  /** From the file as it is to the file as planned, one after the other; none when its bytes are those already. */
  readonly edits: readonly Edit[];
  /**
   * The new sidecar takes the name of the one that is in use, and the stub changes too: the executable looks for it
   * under another name until it has that one. Not in a build's output, where nobody starts it.
   */
  readonly passing?: Passing;
  /** It was wrapped in another way before. */
  readonly isRewrap: boolean;
  /** The sidecar of another name that has its saved bytes now: it has been renamed since it was wrapped. */
  readonly formerSidecar?: string;
  /** Sidecars of former names that a stopped run has left. They and `formerSidecar` go, unless another file uses them. */
  readonly orphanSidecars: readonly string[];
  readonly facts: WrapFacts;
}
