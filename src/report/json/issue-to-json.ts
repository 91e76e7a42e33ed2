// One issue as JSON.

import type { Issue } from "../issue.ts";
import { severityOf } from "../issues/all-issues.ts";
import { describeSidecarProblem } from "../messages/sidecar-problem-words.ts";
import type { IssueJson } from "./issue-schema.ts";
import { jsonOf } from "./json-of.ts";

/** One issue as JSON, with its severity. */
export function issueToJson(issue: Issue): IssueJson {
  const severity = severityOf(issue);
  return issue.kind === "sidecar-damaged"
    ? { ...issue, problem: describeSidecarProblem(issue.problem), severity }
    : jsonOf({ ...issue, severity });
}
