// The report of `wrap-buddy verify` as JSON.

import { issueToJson } from "../../report/json/issue-to-json.ts";
import { jsonOf } from "../../report/json/json-of.ts";
import { isVerifyIssue, severityOfVerifyIssue } from "./verify-issues.ts";
import type { FoundIssue, VerifyReport } from "./verify-report.ts";
import type { VerifyIssueJson, VerifyReportJson } from "./verify-schema.ts";

/** The report as text: indented, with a newline at the end. */
export function renderVerifyJson({ ok, files, issues }: VerifyReport): string {
  const report: VerifyReportJson = { version: 1, ok, files: jsonOf(files), issues: issues.map(foundIssueToJson) };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function foundIssueToJson(issue: FoundIssue): VerifyIssueJson {
  return isVerifyIssue(issue) ? jsonOf({ ...issue, severity: severityOfVerifyIssue(issue) }) : issueToJson(issue);
}
