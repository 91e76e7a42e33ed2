// What `verify` found, in words: a line for every file that is fine, a message for all that is not.

import { type ReportContext, showPath } from "../../report/context.ts";
import { describeIssues } from "../../report/messages/describe-issues.ts";
import type { Message } from "../../report/messages/message.ts";
import {
  linesToText,
  type RenderedReport,
  type RenderOptions,
  renderMessage,
  renderMessages,
} from "../../report/render.ts";
import { countOf } from "../../report/words.ts";
import { describeVerifyIssue, isVerifyIssue, severityOfVerifyIssue } from "./verify-issues.ts";
import type { FoundIssue, VerifyOutcome, VerifyReport } from "./verify-report.ts";

/** The whole report. */
export function renderVerifyReport(report: VerifyReport, options: RenderOptions): RenderedReport {
  const { context, verbosity, paint, errorPaint } = options;
  const messages = describeFoundIssues(report.issues, context);
  const notes = verbosity >= 1 ? messages.filter(({ severity }) => severity === "note") : [];
  const urgent = messages.filter(({ severity }) => severity !== "note");
  const lines =
    verbosity < 0
      ? []
      : [
          ...report.files.flatMap((file) => describeFile(file, verbosity >= 1, context)),
          ...notes.flatMap((message) => renderMessage(message, paint)),
          paint.strong(summaryOf(report)),
        ];
  return { stdout: linesToText(lines), stderr: renderMessages(urgent, errorPaint) };
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

function summaryOf({ files }: VerifyReport): string {
  const count = (kind: VerifyOutcome["kind"]): number => files.filter((file) => file.kind === kind).length;
  const [fine, failed, others] = [count("fine") + count("fine-library"), count("failed"), count("not-wrapped")];
  return [
    fine > 0 ? `${fine} fine` : "none fine",
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(others > 0 ? [`${others} not wrapped`] : []),
  ].join(", ");
}
