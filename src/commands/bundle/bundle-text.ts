// What was bundled, in words: a line for each program, what leads out of the bundle, and the sum.

import { isInside } from "../../base/path.ts";
import { escapeControls, type ReportContext, showPath } from "../../report/context.ts";
import { describeIssues } from "../../report/messages/describe-issues.ts";
import type { Message } from "../../report/messages/message.ts";
import type { RenderedReport, RenderOptions } from "../../report/render.ts";
import { shellLine } from "../../report/shell-words.ts";
import { renderFilesAndMessages } from "../../report/shortened.ts";
import { countOf, listOf } from "../../report/words.ts";
import { describeBundleIssue, isBundleIssue, severityOfBundleIssue } from "./bundle-issues.ts";
import type { BundleReport, ReportedProgram } from "./bundle-report.ts";
import { type Escape, type EscapeMeaning, escapeMeanings } from "./escapes/escape.ts";

/** The whole report: with -v every file and every path that leads out, with -vv those in documentation too. */
export function renderBundleReport(report: BundleReport, options: RenderOptions): RenderedReport {
  const { verbosity, paint } = options;
  const context: ReportContext = { ...options.context, surface: "bundle", namesAll: verbosity >= 1 };
  const isMade = report.ok;
  const programs = report.programs.map((program) => [describeProgram(program, report.dryRun, context)]);
  const details = [
    ...report.files.map(({ place, from }) => [`  ${escapeControls(place)} from ${showPath(from, context)}`]),
    ...report.escapes.filter(({ meaning }) => verbosity >= 2 || isWorthNaming(meaning)).map(describeEscape),
  ];
  const hint = report.dryRun && report.ok && options.toDoIt !== undefined ? [`to do it: ${options.toDoIt}`] : [];
  return renderFilesAndMessages(
    {
      files: verbosity < 0 || !isMade ? [] : [...programs, ...(verbosity >= 1 ? details : [])],
      messages: messagesOf(report, context),
      summary:
        verbosity < 0
          ? []
          : [
              ...(isMade ? [...escapeSummary(report), ...notGivenSummary(report)] : []),
              paint.strong(summaryOf(report, context)),
              ...hint,
            ],
    },
    options,
  );
}

function messagesOf({ issues }: BundleReport, context: ReportContext): readonly Message[] {
  const own = issues.filter(isBundleIssue);
  return [
    ...own.map((issue) => ({ severity: severityOfBundleIssue(issue), ...describeBundleIssue(issue, context) })),
    ...describeIssues(
      issues.filter((issue) => !isBundleIssue(issue)),
      context,
    ),
  ];
}

function describeProgram(program: ReportedProgram, dryRun: boolean, context: ReportContext): string {
  const { name, kind, path, interpreter, libraries } = program;
  const done = `${dryRun ? "would bundle" : "bundled"} bin/${escapeControls(name)} from ${showPath(path, context)}`;
  switch (kind) {
    case "executable":
      return `${done}${libraries === undefined ? "" : `: ${countOf(libraries, "library", "libraries")}`}`;
    case "alone":
      return `${done}, without what it may load`;
    case "static":
      return `${done}: static`;
    case "script":
      return `${done}: a script for ${showPath(interpreter ?? "", context)}`;
    case "wrapper":
      return `${done}: a wrapper of ${showPath(interpreter ?? "", context)}`;
    case "other":
      return `${done}: a script for something else`;
    default:
      return kind satisfies never;
  }
}

function isWorthNaming(meaning: EscapeMeaning): boolean {
  return meaning === "program" || meaning === "library" || meaning === "data";
}

function describeEscape({ place, text, meaning, isBundled }: Escape): readonly string[] {
  const bundled = isBundled ? "; the bundle has it elsewhere" : "";
  return [`  ${escapeControls(place)} names ${escapeControls(text)} (${meaning}${bundled})`];
}

/** One line that counts the paths that lead out of the bundle, by what they mean. */
function escapeSummary({ escapes }: BundleReport): readonly string[] {
  const counts = escapeMeanings.flatMap((meaning) => {
    const count = escapes.filter((one) => one.meaning === meaning).length;
    return count === 0 ? [] : [`${count} ${meaning}`];
  });
  const total = countOf(escapes.length, "absolute path");
  return counts.length === 0 ? [] : [`${total} in its files: ${listOf(counts)}`];
}

/** What to type too, so that well-known programs find in the bundle what they look for by a path. */
function notGivenSummary({ issues }: BundleReport): readonly string[] {
  const give = new Set(issues.flatMap((issue) => (issue.kind === "place-not-given" ? [issue.give] : [])));
  if (give.size === 0) return [];
  const outermost = [...give].filter((path) => ![...give].some((other) => other !== path && isInside(path, other)));
  return [`looked for by a path that is known, and not in the bundle; to have it, add: ${shellLine(outermost)}`];
}

/** What was made, in one line. */
export function summaryOf({ programs, files, output, dryRun, ok }: BundleReport, context: ReportContext): string {
  if (!ok) return "nothing bundled";
  const size = files.reduce((sum, file) => sum + (file.sameAs === undefined ? file.size : 0), 0);
  const what = `${countOf(programs.length, "program")}, ${countOf(files.length, "file")}, ${showSize(size)}`;
  return `${what} ${dryRun ? "to bundle; dry run: nothing was written" : `in ${showPath(output, context)}`}`;
}

function showSize(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
