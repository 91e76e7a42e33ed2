// What is wrong with paths that were to be looked at, and are no ELF files which can be read.

import type { SkippedPath } from "./discovery.ts";
import type { RequestIssue } from "./request-issue.ts";

/**
 * An issue for each that the request names, except for those that it excludes as well, and of that severity for each that
 * cannot be read in a tree.
 */
export function issuesOfSkipped(
  skipped: readonly SkippedPath[],
  ofTrees: "warning" | "error",
): readonly RequestIssue[] {
  return skipped.flatMap((file): readonly RequestIssue[] => {
    const { path, isNamed, reason, detail } = file;
    if (reason === "excluded") return [];
    if (!isNamed) return notLookedAt(file, ofTrees);
    if (reason === "unreadable" && detail !== undefined) return [{ kind: "cannot-read", path, code: detail }];
    return [{ kind: "damaged-elf", severity: "error", path, defect: { kind: "not-elf" } }];
  });
}

/** The issue of something in a tree that cannot be read, in a list; [] for what was left alone for another reason. */
export function notLookedAt(
  { path, reason, detail: code, what = "file" }: Pick<SkippedPath, "path" | "reason" | "detail" | "what">,
  severity: "warning" | "error",
): readonly RequestIssue[] {
  if (reason !== "unreadable" || code === undefined) return [];
  return [{ kind: "not-looked-at", severity, path, what, code }];
}
