// How much an issue weighs: what stops a run, and what is only said.

import type { Issue } from "./issue.ts";

/** "error": nothing is written. "warning": it goes on, and may not do what was meant. "note": worth knowing. */
export type Severity = "error" | "warning" | "note";

/**
 * The severity of an issue. Issues about the request and about patching are errors, but for a library directory that
 * cannot be searched: what it was to hold is reported by itself where it is missed.
 */
export function severityOf(issue: Issue): Severity {
  if ("severity" in issue) return issue.severity;
  return issue.kind === "bad-library-directory" ? "warning" : "error";
}
