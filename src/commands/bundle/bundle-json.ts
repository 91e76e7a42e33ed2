// The report of `wrap-buddy bundle` as JSON.

import { issueToJson } from "../../report/json/issue-to-json.ts";
import { jsonOf } from "../../report/json/json-of.ts";
import type { AnyBundleIssue } from "./bundle-issue.ts";
import { isBundleIssue, severityOfBundleIssue } from "./bundle-issues.ts";
import type { BundleReport } from "./bundle-report.ts";
import type { BundleIssueJson, BundleReportJson } from "./bundle-schema.ts";

/** The report as text: indented, with a newline at the end. */
export function renderBundleJson({ issues, ...rest }: BundleReport): string {
  const { ok, ...others } = jsonOf(rest);
  const report: BundleReportJson = { version: 1, ok, ...others, issues: issues.map(anyIssueToJson) };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function anyIssueToJson(issue: AnyBundleIssue): BundleIssueJson {
  return isBundleIssue(issue) ? jsonOf({ ...issue, severity: severityOfBundleIssue(issue) }) : issueToJson(issue);
}
