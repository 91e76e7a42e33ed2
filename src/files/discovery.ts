// What is found in the trees of a request. Types only.

import type { SkipReason } from "./kind/skip-reason.ts";
import type { RequestIssue } from "./request-issue.ts";

export interface DiscoverOptions {
  /** False: of a directory only its own files are looked at. */
  readonly recurse: boolean;
  /**
   * Patterns (src/base/pattern.ts) for the base name, the absolute path or the path below the root. A directory that
   * matches is not entered.
   */
  readonly exclude: readonly string[];
}

/** An ELF file that was found. One candidate per file: other names of the same file are in `names`. */
export interface Candidate {
  /** Absolute, without symlinks. */
  readonly path: string;
  /** Device and inode. */
  readonly identity: string;
  /** All its names in the trees, `path` first, in the order of the walk. */
  readonly names: readonly string[];
  /** The path of the request by which it was found, as it stood there. */
  readonly root: string;
  /** `path` below the root; "" where the root is the file itself. */
  readonly relativePath: string;
  /** The request names the file itself, under any of its names. */
  readonly isNamed: boolean;
  /** The first 64 bytes, or all of a shorter file. */
  readonly head: Uint8Array;
  /** Bytes. */
  readonly size: number;
  /** Permission bits, st_mode & 0o7777. */
  readonly mode: number;
  /** Names that the file has anywhere (st_nlink); more than `names` has means that some are outside the trees. */
  readonly linkCount: number;
}

/** A file, or a directory with all that is in it, that was not read or is no ELF file. */
export interface SkippedPath {
  readonly path: string;
  readonly reason: SkipReason;
  readonly isNamed: boolean;
  /** The error code where the reason is "unreadable", and what it is. */
  readonly detail?: string;
  readonly what?: "file" | "directory";
}

export interface Discovery {
  readonly candidates: readonly Candidate[];
  /** Paths of the request that do not exist or cannot be read. */
  readonly issues: readonly RequestIssue[];
  /** In the order of the walk. Symlinks, sidecars and leftovers are not in it. */
  readonly skipped: readonly SkippedPath[];
  /** Sidecars that lie in the trees, whether or not their executables are there. */
  readonly sidecars: readonly string[];
  /** Temporary files of a run that was stopped: never wrapped, and safe to remove. */
  readonly leftovers: readonly string[];
}
