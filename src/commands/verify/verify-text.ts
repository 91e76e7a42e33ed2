// What `verify` found, in words: a line for every file that is fine, a message for all that is not.

import { type ReportContext, showPath } from "../../report/context.ts";
import { describeIssues } from "../../report/messages/describe-issues.ts";
import type { Message } from "../../report/messages/message.ts";
import type { RenderedReport, RenderOptions } from "../../report/render.ts";
import { renderFilesAndMessages } from "../../report/shortened.ts";
import { countOf } from "../../report/words.ts";
import { describeVerifyIssue, isVerifyIssue, severityOfVerifyIssue } from "./verify-issues.ts";
import type { FoundIssue, VerifyOutcome, VerifyReport } from "./verify-report.ts";

/** The whole report: all of it with -v, otherwise no more than fits on a screen. */
export function renderVerifyReport(report: VerifyReport, options: RenderOptions): RenderedReport {
  const { verbosity, paint } = options;
  const context = { ...options.context, namesAll: verbosity >= 1 };
  const files = verbosity < 0 ? [] : report.files.map((file) => describeFile(file, verbosity >= 1, context));
  return renderFilesAndMessages(
    {
      files: files.filter((lines) => lines.length > 0),
      messages: describeFoundIssues(report.issues, context),
      summary: verbosity < 0 ? [] : [paint.strong(summaryOf(report))],
    },
    options,
  );
}

/** What belongs to one file, then what concerns libraries. */
function describeFoundIssues(issues: readonly FoundIssue[], context: ReportContext): readonly Message[] {
  const own = issues.filter(isVerifyIssue);
  const others = issues.filter((issue) => !isVerifyIssue(issue));
  return [
    ...own.map((issue) => ({ severity: severityOfVerifyIssue(issue), ...describeVerifyIssue(issue, context) })),
    ...describeIssues(others, context),
  ];
}

function describeFile(file: VerifyOutcome, isVerbose: boolean, context: ReportContext): readonly string[] {
  const path = showPath(file.path, context);
  switch (file.kind) {
    case "fine": {
      const libraries = file.libraries === 0 ? "no libraries" : countOf(file.libraries, "library", "libraries");
      return [`${path}: fine, ${libraries}`];
    }
    case "fine-library":
      return [`${path}: fine, a library with a run path of its own`];
    case "not-wrapped":
      // Of one that is named, its issue says so.
      return isVerbose && !file.isNamed ? [`${path}: not wrapped`] : [];
    case "failed":
      // Its issues say why, on standard error.
      return [];
    default:
      return file satisfies never;
  }
}

/** What became of all files, in one line. */
export function summaryOf({ files }: VerifyReport): string {
  const count = (kind: VerifyOutcome["kind"]): number => files.filter((file) => file.kind === kind).length;
  const [fine, failed, others] = [count("fine") + count("fine-library"), count("failed"), count("not-wrapped")];
  return [
    fine > 0 ? `${fine} fine` : "none fine",
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(others > 0 ? [`${others} not wrapped`] : []),
  ].join(", ");
}
