// The report of `wrap-buddy unwrap` as JSON.

import { issueToJson } from "../../report/json/issue-to-json.ts";
import { jsonOf } from "../../report/json/json-of.ts";
import type { UnwrapReport } from "./unwrap-report.ts";
import type { UnwrapReportJson } from "./unwrap-schema.ts";

/** The report as text: indented, with a newline at the end. */
export function renderUnwrapJson({ dryRun, ok, gcRoots, leftovers, files, issues }: UnwrapReport): string {
  const report: UnwrapReportJson = {
    version: 1,
    dryRun,
    ok,
    gcRoots: [...gcRoots],
    leftovers: [...leftovers],
    files: jsonOf(files),
    issues: issues.map(issueToJson),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
