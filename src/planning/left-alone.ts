// A file that is not wrapped: of a tree it is skipped, with its reason; named by the user it is an error.

import { baseName, directoryOf } from "../base/path.ts";
import type { ElfDefect } from "../elf/error.ts";
import type { SkipReason } from "../files/kind/skip-reason.ts";
import type { Issue } from "../report/issue.ts";
import { notLookedAt, unread } from "./issues-of-skipped.ts";

/** What is known of such a file. */
export interface LeftAlone {
  readonly path: string;
  readonly isNamed: boolean;
  readonly reason: SkipReason;
  readonly detail?: string;
  /** With the reason "unreadable". */
  readonly what?: "file" | "directory";
  /** With the reason "damaged". */
  readonly defect?: ElfDefect;
  /** With the reason "damaged": it would be wrapped if it were whole. */
  readonly isExecutable?: boolean;
}

/** A file that is not wrapped. */
export type NotWrapped =
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

/** What became of it, and what has to be said of it. */
export interface LeftAloneOutcome {
  readonly outcome: NotWrapped;
  readonly issues: readonly Issue[];
}

// What the user named and excluded was not meant to be wrapped; what names a store interpreter already starts.
const neverErrors: ReadonlySet<SkipReason> = new Set(["excluded", "already-nix"]);

/** The outcome of a file that is left alone. */
export function leaveAlone(file: LeftAlone): LeftAloneOutcome {
  const { isNamed, what: _, isExecutable: __, ...why } = file;
  if (isNamed && !neverErrors.has(why.reason)) {
    return { outcome: { kind: "failed", path: why.path }, issues: issuesOf(file) };
  }
  return { outcome: { kind: "skipped", ...why }, issues: isNamed ? [] : warningsOf(file) };
}

/**
 * What is said of a file of a tree that may have been meant. Not an error: what nobody may read there is seldom what was
 * meant, trees hold test data that is damaged on purpose, and the rest is to be done all the same.
 */
export function warningsOf(file: LeftAlone): readonly Issue[] {
  const { path, defect, isExecutable } = file;
  if (defect !== undefined && isExecutable === true) {
    return [{ kind: "damaged-elf", severity: "warning", path, defect }];
  }
  return file.reason === "no-execute-bit" ? notStarted(file) : notLookedAt(file, "warning");
}

/** Directories whose files are meant to be started. */
const programDirectories: ReadonlySet<string> = new Set(["bin", "sbin", "libexec"]);

function notStarted({ path }: LeftAlone): readonly Issue[] {
  return programDirectories.has(baseName(directoryOf(path))) ? [{ kind: "program-without-execute-bit", path }] : [];
}

function issuesOf(file: LeftAlone): readonly Issue[] {
  const { path, reason, detail, defect } = file;
  if (defect !== undefined) return [{ kind: "damaged-elf", severity: "error", path, defect }];
  const issues = unread(file);
  if (issues.length > 0) return issues;
  return [{ kind: "cannot-wrap-named-file", path, reason, ...(detail === undefined ? {} : { detail }) }];
}
