// What became of every file that was to be unwrapped, in words.

import { type ReportContext, showPath } from "../../report/context.ts";
import { describeCopyReason } from "../../report/installed-words.ts";
import { describeIssues } from "../../report/messages/describe-issues.ts";
import { type RenderedReport, type RenderOptions, renderMessages } from "../../report/render.ts";
import type { UnwrapOutcome, UnwrapReport } from "./unwrap-report.ts";

/** The whole report. */
export function renderUnwrapReport(report: UnwrapReport, options: RenderOptions): RenderedReport {
  const { context, verbosity, paint, errorPaint } = options;
  const lines =
    verbosity < 0
      ? []
      : [
          ...report.files.flatMap((file) => describeFile(file, report.dryRun, options)),
          paint.strong(summaryOf(report)),
        ];
  return {
    stdout: lines.map((line) => `${line}\n`).join(""),
    stderr: renderMessages(describeIssues(report.issues, context), errorPaint),
  };
}

function describeFile(file: UnwrapOutcome, dryRun: boolean, { context, verbosity }: RenderOptions): readonly string[] {
  const path = showPath(file.path, context);
  switch (file.kind) {
    case "unwrapped":
      return describeUnwrapped(file, dryRun, context);
    case "not-wrapped":
      return file.isNamed || verbosity >= 1 ? [`Not wrapped: ${path}`] : [];
    case "failed":
      // Its issue says why, on standard error.
      return [];
    default:
      return file satisfies never;
  }
}

function describeUnwrapped(
  { path, removed, kept, copyReason }: Extract<UnwrapOutcome, { readonly kind: "unwrapped" }>,
  dryRun: boolean,
  context: ReportContext,
): readonly string[] {
  const did = (past: string, future: string): string => (dryRun ? `Would ${future}` : past);
  return [
    `${did("Restored", "restore")}: ${showPath(path, context)}`,
    ...(copyReason === undefined
      ? []
      : [`  ${did("Replaced", "replace")} by a copy: ${describeCopyReason(copyReason)}`]),
    ...removed.map((sidecar) => `  ${did("Removed", "remove")} ${showPath(sidecar, context)}`),
    ...kept.map((sidecar) => `  ${did("Kept", "keep")} ${showPath(sidecar, context)}: another file uses it`),
  ];
}

/** What became of all files, in one line. */
export function summaryOf({ files, dryRun, ok }: UnwrapReport): string {
  const count = (kind: UnwrapOutcome["kind"]): number => files.filter((file) => file.kind === kind).length;
  const [restored, failed, others] = [count("unwrapped"), count("failed"), count("not-wrapped")];
  const parts = [
    ...(restored > 0
      ? [`${restored} ${dryRun ? "to restore" : "restored"}`]
      : [ok ? "nothing to restore" : "nothing restored"]),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(others > 0 ? [`${others} not wrapped`] : []),
  ];
  return dryRun ? `${parts.join(", ")}; dry run: nothing was written` : parts.join(", ");
}
