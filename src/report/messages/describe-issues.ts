// Every issue as the words its reader gets. The files beside this one word one family of issues each.

import { groupBy } from "../../base/group-by.ts";
import type { ReportContext } from "../context.ts";
import type { Issue } from "../issue.ts";
import { severityOf } from "../severity.ts";
import { describeLibraryIssues, isLibraryIssue } from "./library-message.ts";
import type { Message } from "./message.ts";
import { describePatchIssue, isPatchIssue } from "./patch-message.ts";
import { describeNoInterpreter, describeRequestIssue } from "./request-message.ts";

/**
 * The messages for all issues of a run: those that belong to one file as they come, then those about libraries, of
 * all files together, so that one look at the end of a long log tells everything that is missing.
 */
export function describeIssues(issues: readonly Issue[], context: ReportContext): readonly Message[] {
  const single = issues.flatMap((issue): readonly Message[] => {
    if (isLibraryIssue(issue) || issue.kind === "no-interpreter") return [];
    const severity = severityOf(issue);
    const text = isPatchIssue(issue) ? describePatchIssue(issue, context) : describeRequestIssue(issue, context);
    return [{ severity, ...text }];
  });
  return [
    ...single,
    ...describeNoInterpreters(issues, context),
    ...describeLibraryIssues(issues.filter(isLibraryIssue), context),
  ];
}

function describeNoInterpreters(issues: readonly Issue[], context: ReportContext): readonly Message[] {
  const groups = groupBy(
    issues.filter((issue) => issue.kind === "no-interpreter"),
    ({ named, machine, elfClass }) => JSON.stringify([named, machine, elfClass]),
  );
  return groups.map((group) => ({ severity: "error", ...describeNoInterpreter(group, context) }));
}
