// What `wrap-buddy bundle` made, and what it found. Types only.

import type { AnyBundleIssue } from "./bundle-issue.ts";
import type { BundleFormat } from "./bundle-request.ts";
import type { Escape } from "./escapes/escape.ts";
import type { OpenedOutside } from "./escapes/read-trace.ts";

/** One file of bin/. */
export interface ReportedProgram {
  readonly name: string;
  /**
   * "alone": an executable without what it may load. "wrapper": of nixpkgs' makeBinaryWrapper. "other": a script whose
   * interpreter is not in the bundle.
   */
  readonly kind: "executable" | "alone" | "wrapper" | "static" | "script" | "other";
  /** Of before. */
  readonly path: string;
  /** Of before; of an executable its dynamic linker, of a script what starts it, of a wrapper what it starts. Absent where there is none in the bundle. */
  readonly interpreter?: string;
  /** Of an executable: how many it loads, the dynamic linker not counted. */
  readonly libraries?: number;
}

/** One regular file of the bundle. */
export interface ReportedFile {
  /** Below the bundle's directory. */
  readonly place: string;
  /** Of before. */
  readonly from: string;
  /** Bytes, before it was wrapped. */
  readonly size: number;
  /** The place of another name of the same file. */
  readonly sameAs?: string;
}

export interface BundleReport {
  readonly dryRun: boolean;
  readonly output: string;
  readonly format: BundleFormat;
  readonly programs: readonly ReportedProgram[];
  readonly files: readonly ReportedFile[];
  /** Absolute paths in the files, sorted by file and text. */
  readonly escapes: readonly Escape[];
  /** What a traced run opened and started outside; absent without one. */
  readonly opened?: readonly OpenedOutside[];
  readonly issues: readonly AnyBundleIssue[];
  /** False when an issue is an error. Then there is no bundle, unless the error is of the traced run. */
  readonly ok: boolean;
}
