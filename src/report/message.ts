// Every issue as the words its reader gets. The files beside this one word one family of issues each.

import type { Issue } from "../outcome.ts";
import type { ReportContext } from "./context.ts";
import { describeLibraryIssues, isLibraryIssue } from "./library-message.ts";
import { describePatchIssue, isPatchIssue } from "./patch-message.ts";
import { describeRequestIssue } from "./request-message.ts";

/** "error": nothing is written. "warning": it goes on, and may not do what was meant. "note": worth knowing. */
export type Severity = "error" | "warning" | "note";

/** One message: lower case, no full stops; `headline` begins with the path it is about. */
export interface Message {
  readonly severity: Severity;
  readonly headline: string;
  /** Lines below the headline, indented by two spaces, deeper ones by more. */
  readonly details: readonly string[];
  /** What to do about it: one line each. */
  readonly help: readonly string[];
}

/** How much an issue weighs. Issues about the request and about patching are errors unless they say otherwise. */
export function severityOf(issue: Issue): Severity {
  if ("severity" in issue) return issue.severity;
  return issue.kind === "bad-library-directory" ? "warning" : "error";
}

/**
 * The messages for all issues of a run: those that belong to one file as they come, then those about libraries, of
 * all files together, so that one look at the end of a long log tells everything that is missing.
 */
export function describeIssues(issues: readonly Issue[], context: ReportContext): readonly Message[] {
  const single = issues.flatMap((issue): readonly Message[] => {
    if (isLibraryIssue(issue)) return [];
    const severity = severityOf(issue);
    const text = isPatchIssue(issue) ? describePatchIssue(issue, context) : describeRequestIssue(issue, context);
    return [{ severity, ...text }];
  });
  return [...single, ...describeLibraryIssues(issues.filter(isLibraryIssue), context)];
}
