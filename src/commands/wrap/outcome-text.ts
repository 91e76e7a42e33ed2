// A run's outcome as text: what was done goes to standard output, errors and warnings to standard error.

import type { SkipReason } from "../../files/kind/skip-reason.ts";
import { showPath } from "../../report/context.ts";
import { describeDefect } from "../../report/messages/defect-message.ts";
import { describeIssues } from "../../report/messages/describe-issues.ts";
import { describeSkipReason } from "../../report/messages/skip-reason-words.ts";
import { linesToText, type RenderedReport, type RenderOptions, renderMessage } from "../../report/render.ts";
import { describeInPlace } from "./in-place-text.ts";
import type { FileOutcome, RunOutcome } from "./run-outcome.ts";
import { describeSummary } from "./summary.ts";
import { type ChangedFile, describeLibraries, describeWrapped } from "./wrapped-text.ts";

/** The whole report of a run. */
export function renderOutcome(outcome: RunOutcome, options: RenderOptions): RenderedReport {
  const { context, verbosity, paint, errorPaint } = options;
  const messages = describeIssues(outcome.issues, context);
  const urgent = messages.filter(({ severity }) => severity !== "note");
  const notes = verbosity >= 1 ? messages.filter(({ severity }) => severity === "note") : [];
  const report = verbosity < 0 ? [] : describeFiles(outcome, options);
  const summary = verbosity < 0 ? [] : [paint.strong(describeSummary(outcome))];
  return {
    stdout: linesToText([...report, ...notes.flatMap((message) => renderMessage(message, paint)), ...summary]),
    stderr: linesToText(urgent.flatMap((message) => renderMessage(message, errorPaint))),
  };
}

function describeFiles(outcome: RunOutcome, options: RenderOptions): readonly string[] {
  const lines: string[] = [];
  let interpreter: string | undefined;
  for (const file of outcome.files) {
    if (file.kind !== "wrapped" && file.kind !== "in-place") {
      lines.push(...describeOther(file, options));
      continue;
    }
    if (file.facts.interpreter !== undefined && file.facts.interpreter !== interpreter) {
      interpreter = file.facts.interpreter;
      lines.push(`Using interpreter: ${showPath(interpreter, options.context)}`);
    }
    lines.push(...renderWrapped(file, outcome.dryRun, options));
  }
  return lines;
}

function renderWrapped(file: ChangedFile, dryRun: boolean, options: RenderOptions): readonly string[] {
  const lines =
    file.kind === "wrapped"
      ? describeWrapped(file, dryRun, options.context)
      : describeInPlace(file, dryRun, options.context);
  if (options.verbosity < 1) return lines;
  const last = lines.slice(-1);
  return [...lines.slice(0, -1), ...describeLibraries(file, options.context), ...last];
}

// In a package of thousands of files these are most of them: no news unless every file is asked for.
const ordinaryReasons: ReadonlySet<SkipReason> = new Set(["not-elf", "empty", "shared-library", "object-file"]);

function describeOther(
  file: Exclude<FileOutcome, ChangedFile>,
  { verbosity, context, paint }: RenderOptions,
): readonly string[] {
  const path = showPath(file.path, context);
  switch (file.kind) {
    case "already-wrapped":
    case "already-in-place":
      return verbosity >= 1 ? [`Already wrapped: ${path}`] : [];
    case "skipped": {
      const why = file.defect === undefined ? file.detail : describeDefect(file.defect);
      const isShown = verbosity >= 2 || (verbosity >= 1 && !ordinaryReasons.has(file.reason));
      return isShown ? [paint.faint(`Skipped: ${path} ${describeSkipReason(file.reason, why)}`)] : [];
    }
    case "failed":
      // Its issues say why, on standard error.
      return [];
    case "unchanged":
      return verbosity >= 1 ? [`Left as it was: ${path}`] : [];
    default:
      return file satisfies never;
  }
}
