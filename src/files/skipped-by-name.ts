// What is wrong with paths that a request names, and that are no ELF files which can be read.

import type { SkippedPath } from "./discover.ts";
import type { RequestIssue } from "./request-issue.ts";

/** An issue for each, but for those that the request excludes as well. */
export function issuesOfNamed(skipped: readonly SkippedPath[]): readonly RequestIssue[] {
  return skipped.flatMap(({ path, isNamed, reason, detail }): readonly RequestIssue[] => {
    if (!isNamed || reason === "excluded") return [];
    if (reason === "unreadable" && detail !== undefined) return [{ kind: "cannot-read", path, code: detail }];
    return [{ kind: "damaged-elf", path, defect: { kind: "not-elf" } }];
  });
}
