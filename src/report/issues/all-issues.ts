// What is said of any issue, by the tables beside this file.

import type { LibraryIssue } from "../../linker/solve/library-issue.ts";
import type { ReportContext } from "../context.ts";
import type { Issue } from "../issue.ts";
import type { Message } from "../messages/message.ts";
import type { Severity } from "../severity.ts";
import type { IssueEntry } from "./issue-table.ts";
import { libraryIssues } from "./library-issues.ts";
import { planIssues } from "./plan-issues.ts";
import { requestIssues } from "./request-issues.ts";
import { writeIssues } from "./write-issues.ts";

/** Every kind, with its severity, its words and its JSON. */
export const allIssues = { ...requestIssues, ...planIssues, ...writeIssues, ...libraryIssues };

const entries: { readonly [Kind in Issue["kind"]]: IssueEntry<Issue> } = allIssues;

/** Tells the issues of the dynamic linker on paper from the others. */
export function isLibraryIssue(issue: Issue): issue is LibraryIssue {
  return issue.kind in libraryIssues;
}

/** How much an issue weighs. */
export function severityOf(issue: Issue): Severity {
  const { severity } = entries[issue.kind];
  if (severity !== "as-found") return severity;
  return "severity" in issue ? issue.severity : "error";
}

/** The messages of the issues that have one each, as they come. */
export function describeEach(issues: readonly Issue[], context: ReportContext): readonly Message[] {
  return issues.flatMap((issue) => {
    const text = entries[issue.kind].words?.(issue, context);
    return text === undefined ? [] : [{ severity: severityOf(issue), ...text }];
  });
}

/** The messages of the issues that have common ones, kind after kind as the tables have them. */
export function describeTogether(issues: readonly Issue[], context: ReportContext): readonly Message[] {
  return Object.entries(entries).flatMap(([kind, entry]) => {
    const own = issues.filter((issue) => issue.kind === kind);
    return entry.together?.(own, context) ?? [];
  });
}
