// Every issue of a run as the words its reader gets.

import type { ReportContext } from "../context.ts";
import type { Issue } from "../issue.ts";
import { describeEach, describeTogether, isLibraryIssue } from "../issues/all-issues.ts";
import type { Message } from "./message.ts";

/**
 * The messages for all issues of a run: those that belong to one file as they come, then those about libraries, of
 * all files together, so that one look at the end of a long log tells everything that is missing.
 */
export function describeIssues(issues: readonly Issue[], context: ReportContext): readonly Message[] {
  const libraries = issues.filter(isLibraryIssue);
  const others = issues.filter((issue) => !isLibraryIssue(issue));
  return [
    ...describeEach(others, context),
    ...describeTogether(others, context),
    ...distinct(describeEach(libraries, context)),
    ...describeTogether(libraries, context),
  ];
}

/** One library is one thing to do, however many executables want it. */
function distinct(messages: readonly Message[]): readonly Message[] {
  return [...new Map(messages.map((message) => [`${message.severity} ${message.headline}`, message])).values()];
}
