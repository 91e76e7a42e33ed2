// What became of every file that was to be unwrapped, in words.

import { type ReportContext, showPath } from "../../report/context.ts";
import { whyCopied } from "../../report/installed-words.ts";
import { describeIssues } from "../../report/messages/describe-issues.ts";
import type { RenderedReport, RenderOptions } from "../../report/render.ts";
import { renderFilesAndMessages } from "../../report/shortened.ts";
import type { UnwrapOutcome, UnwrapReport } from "./unwrap-report.ts";

/** The whole report: all of it with -v, otherwise no more than fits on a screen. */
export function renderUnwrapReport(report: UnwrapReport, options: RenderOptions): RenderedReport {
  const { context, verbosity, paint } = options;
  const files = verbosity < 0 ? [] : report.files.map((file) => describeFile(file, report.dryRun, options));
  const hint = report.dryRun && report.ok && options.toDoIt !== undefined && hasWork(report);
  const roots = report.gcRoots.map(
    (directory) =>
      `${report.dryRun ? "would remove" : "removed"} ${showPath(directory, context)}, the garbage collector's roots`,
  );
  const leftovers = report.leftovers.map(
    (path) =>
      `${report.dryRun ? "would remove" : "removed"} ${showPath(path, context)}, left by a run that was stopped`,
  );
  const summary = [
    ...leftovers,
    ...roots,
    paint.strong(summaryOf(report)),
    ...(hint ? [`to do it: ${options.toDoIt}`] : []),
  ];
  return renderFilesAndMessages(
    {
      files: files.filter((lines) => lines.length > 0),
      messages: describeIssues(report.issues, context),
      summary: verbosity < 0 ? [] : summary,
    },
    options,
  );
}

function hasWork({ files, leftovers }: UnwrapReport): boolean {
  return leftovers.length > 0 || files.some(({ kind }) => kind === "unwrapped" || kind === "cleaned");
}

/** A line, and the details of a file that is named below it. */
function describeFile(file: UnwrapOutcome, dryRun: boolean, { context, verbosity }: RenderOptions): readonly string[] {
  const path = showPath(file.path, context);
  switch (file.kind) {
    case "unwrapped":
    case "cleaned":
      return describeUnwrapped(file, dryRun, context).slice(0, file.isNamed || verbosity >= 1 ? undefined : 1);
    case "not-wrapped":
      return file.isNamed || verbosity >= 1 ? [`not wrapped ${path}`] : [];
    case "failed":
      // Its issue says why, on standard error.
      return [];
    default:
      return file satisfies never;
  }
}

function describeUnwrapped(
  file: Extract<UnwrapOutcome, { readonly kind: "unwrapped" | "cleaned" }>,
  dryRun: boolean,
  context: ReportContext,
): readonly string[] {
  const did = (past: string, future: string): string => (dryRun ? `would ${future}` : past);
  const { path, removed, kept } = file;
  return [
    file.kind === "unwrapped"
      ? `${did("restored", "restore")} ${showPath(path, context)}${file.replacedByCopy ? `, as a copy: ${whyCopied}` : ""}`
      : `${did("removed", "remove")} what was left of wrapping ${showPath(path, context)}, which is not wrapped`,
    ...removed.map((sidecar) => `  ${did("removed", "remove")} ${showPath(sidecar, context)}`),
    ...kept.map((sidecar) => `  ${did("kept", "keep")} ${showPath(sidecar, context)}: another file uses it`),
  ];
}

/** What became of all files, in one line. */
export function summaryOf({ files, dryRun, ok }: UnwrapReport): string {
  const count = (kind: UnwrapOutcome["kind"]): number => files.filter((file) => file.kind === kind).length;
  const [restored, failed, others] = [count("unwrapped"), count("failed"), count("not-wrapped") + count("cleaned")];
  const parts = [
    ...(restored > 0
      ? [`${restored} ${dryRun ? "to restore" : "restored"}`]
      : [ok ? "nothing to restore" : "nothing restored"]),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(others > 0 ? [`${others} not wrapped`] : []),
  ];
  return dryRun ? `${parts.join(", ")}; dry run: nothing was written` : parts.join(", ");
}
