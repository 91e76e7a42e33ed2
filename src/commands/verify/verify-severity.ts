// How much what `verify` found weighs.

import { type Severity, severityOf } from "../../report/severity.ts";
import type { FoundIssue, VerifyIssue } from "./verify-report.ts";

const severities: { readonly [Kind in VerifyIssue["kind"]]: "error" | "warning" } = {
  "not-wrapped": "error",
  "nothing-wrapped": "error",
  "wrapping-unfinished": "error",
  "in-place-lost": "error",
  "stub-gone": "error",
  "stub-differs": "error",
  "sidecar-size": "error",
  "sidecar-differs": "error",
  "sidecar-mode": "error",
  "interpreter-changed": "error",
  "run-path-entry-gone": "error",
  // Every executable starts all the same.
  "sidecar-unused": "warning",
  leftover: "warning",
};

/** Tells what only `verify` says from what other commands say too. */
export function isVerifyIssue(issue: FoundIssue): issue is VerifyIssue {
  return issue.kind in severities;
}

/** The severity of an issue that only `verify` has. */
export function severityOfVerifyIssue(issue: VerifyIssue): "error" | "warning" {
  return severities[issue.kind];
}

/** An error means: no, what was wrapped is not whole. */
export function severityOfFound(issue: FoundIssue): Severity {
  return isVerifyIssue(issue) ? severityOfVerifyIssue(issue) : severityOf(issue);
}
