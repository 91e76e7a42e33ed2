// A run's outcome as text: what was done goes to standard output, errors and warnings to standard error.

import type { SkipReason } from "../../files/kind/skip-reason.ts";
import type { InterpreterOrigin } from "../../planning/interpreter-origin.ts";
import type { Paint } from "../../report/colour.ts";
import { type ReportContext, type Surface, showPath } from "../../report/context.ts";
import { whyCopied } from "../../report/installed-words.ts";
import { describeDefect } from "../../report/messages/defect-message.ts";
import { describeIssues } from "../../report/messages/describe-issues.ts";
import { summariseOpenedByName } from "../../report/messages/opened-by-name-message.ts";
import { describeSkipReason } from "../../report/messages/skip-reason-words.ts";
import { linesToText, type RenderedReport, type RenderOptions, renderMessage } from "../../report/render.ts";
import { showSetting } from "../../report/settings.ts";
import { linesByDefault, linesForFiles, renderShortened, shortenedList } from "../../report/shortened.ts";
import { listOf } from "../../report/words.ts";
import { describeGcRoots } from "./gc-roots-text.ts";
import { describeInPlace } from "./in-place-text.ts";
import type { FileOutcome, RunOutcome } from "./run-outcome.ts";
import { describeSummary } from "./summary.ts";
import { type ChangedFile, describeLibraries, describeWrapped } from "./wrapped-text.ts";

/** The whole report of a run: all of it with -v, otherwise no more than fits on a screen. */
export function renderOutcome(outcome: RunOutcome, options: RenderOptions): RenderedReport {
  const { verbosity, paint, errorPaint } = options;
  const context = { ...options.context, namesAll: verbosity >= 1 };
  const messages = describeIssues(outcome.issues, context);
  const urgent = messages.filter(({ severity }) => severity !== "note");
  const notes = verbosity >= 1 ? messages.filter(({ severity }) => severity === "note") : [];
  const files = verbosity < 0 ? [] : describeFiles(outcome, { ...options, context });
  const roots = verbosity < 0 ? [] : describeGcRoots(outcome, verbosity, context);
  const summary = verbosity < 0 ? [] : [...roots, ...describeEnd(outcome, options)];
  const lines = verbosity >= 1 ? files.flatMap(({ block }) => block) : undefined;
  const room = linesByDefault - summary.length;
  const errors = lines
    ? urgent.flatMap((message) => renderMessage(message, errorPaint))
    : renderShortened(urgent, room - Math.min(linesOf(files), linesForFiles), errorPaint, context.surface);
  const report = lines ?? shortenFiles(files, room - errors.length, paint, context.surface);
  return {
    stdout: linesToText([...report, ...notes.flatMap((message) => renderMessage(message, paint)), ...summary]),
    stderr: linesToText(errors),
  };
}

/** The summary; of a dry run that has something to do, what to type to do it. */
function describeEnd(outcome: RunOutcome, options: RenderOptions): readonly string[] {
  const { paint, toDoIt } = options;
  const summary = paint.strong(describeSummary(outcome));
  const atEnd = [describeMissed(outcome, options.context), describeOpened(outcome, options)].filter(isText);
  if (atEnd.length > 0) return [summary, ...atEnd];
  const hasWork = outcome.files.some(({ kind }) => kind === "wrapped" || kind === "in-place" || kind === "restored");
  const isShown = outcome.dryRun && outcome.ok && hasWork && toDoIt !== undefined;
  return isShown ? [summary, `to do it: ${toDoIt}`] : [summary];
}

/** Library names in the line about plug-ins. */
const missedShown = 6;

/** A build that succeeds is looked at from its end: what its plug-ins miss stands there once more. */
function describeMissed({ ok, issues }: RunOutcome, context: ReportContext): string | undefined {
  if (context.surface !== "hook" || !ok) return undefined;
  const names = new Set(
    issues.flatMap((one) => (one.kind === "missing-library" && one.severity === "warning" ? one.name : [])),
  );
  if (names.size === 0) return undefined;
  const all = [...names].map((name) => showPath(name, context));
  const shown =
    all.length <= missedShown ? all : [...all.slice(0, missedShown - 1), `${all.length - missedShown + 1} others`];
  return `plug-ins miss ${listOf(shown)}; ${showSetting("strict", context.surface)} makes that an error`;
}

/** What its programs may open and would not find. With -v a note has said so. */
function describeOpened({ ok, issues }: RunOutcome, { context, verbosity }: RenderOptions): string | undefined {
  if (context.surface !== "hook" || !ok || verbosity >= 1) return undefined;
  return summariseOpenedByName(
    issues.filter((one) => one.kind === "opened-by-name"),
    context,
  );
}

function isText(line: string | undefined): line is string {
  return line !== undefined;
}

/** What is said of one file: in full, and in one line. */
interface DescribedFile {
  readonly block: readonly string[];
  readonly line: string;
  /** Left alone, for a reason that is worth knowing. */
  readonly isNews: boolean;
}

function linesOf(files: readonly DescribedFile[]): number {
  return files.reduce((sum, { block }) => sum + block.length, 0);
}

/** In full where that fits, else a line each, those that were left alone first, else as many of them as fit. */
function shortenFiles(
  files: readonly DescribedFile[],
  limit: number,
  paint: Paint,
  surface: Surface,
): readonly string[] {
  if (linesOf(files) <= limit) return files.flatMap(({ block }) => block);
  const linesFor = (isNews: boolean) => files.filter((file) => file.isNews === isNews).map(({ line }) => line);
  const [news, ordinary] = [linesFor(true), linesFor(false)];
  const most = ordinary.length === 0 ? limit : Math.max(Math.floor(limit / 2), limit - ordinary.length);
  const shown = shortenedList(news, most, `left alone: ${showSetting("verbose", surface)} names them`);
  const rest = shortenedList(ordinary, limit - shown.length, `files: ${showSetting("verbose", surface)} names them`);
  return [...shown.map(paint.faint), ...rest];
}

function describeFiles(outcome: RunOutcome, options: RenderOptions): readonly DescribedFile[] {
  const described: DescribedFile[] = [];
  const warnedOf = new Set(outcome.issues.flatMap((one) => (one.kind === "damaged-elf" ? one.path : [])));
  let interpreter: string | undefined;
  for (const file of outcome.files) {
    if (file.kind !== "wrapped" && file.kind !== "in-place") {
      if (options.verbosity < 1 && warnedOf.has(file.path)) continue;
      const line = describeOther(file, outcome.dryRun, options);
      if (line !== undefined) {
        const isNews = file.kind === "skipped";
        described.push({ block: [isNews ? options.paint.faint(line) : line], line, isNews });
      }
      continue;
    }
    const line = describeInOneLine(file, outcome.dryRun, options.context);
    const isInFull = file.isNamed || options.verbosity >= 1;
    const block = isInFull ? renderWrapped(file, outcome.dryRun, options) : [line];
    const isOther = file.facts.interpreter !== undefined && file.facts.interpreter !== interpreter;
    interpreter = file.facts.interpreter ?? interpreter;
    const heading = isOther ? describeInterpreter(interpreter ?? "", file.interpreterOrigin, options.context) : [];
    described.push({ block: [...heading, ...block], line, isNews: false });
  }
  return described;
}

/** The article's line, and where it came from for whoever did not name it. */
function describeInterpreter(
  path: string,
  origin: InterpreterOrigin | undefined,
  context: ReportContext,
): readonly string[] {
  const line = `Using interpreter: ${showPath(path, context)}`;
  return origin === undefined || origin === "given" ? [line] : [line, `  ${originWords[origin](context.surface)}`];
}

const originWords: { readonly [Origin in Exclude<InterpreterOrigin, "given">]: (surface: Surface) => string } = {
  "built-in": (surface) =>
    surface !== "hook" ? "the one built into this wrap-buddy" : "the one that the hook was made with",
  "nix-ld": () => "the one that $NIX_LD names",
  bintools: () => "the one that $NIX_BINTOOLS has recorded",
  node: () => "the one that the running node was linked with",
  own: () => "the one that the file names, which is here",
};

/** "wrapped ./bin/tool", and what else is worth a look: that it is a copy now. */
function describeInOneLine(file: ChangedFile, dryRun: boolean, context: ReportContext): string {
  const path = showPath(file.path, context);
  const done = file.kind === "wrapped" ? "wrapped" : "patched in place";
  const future = file.kind === "wrapped" ? "would wrap" : "would patch in place";
  const copied = file.replacedByCopy ? `, as a copy: ${whyCopied}` : "";
  return `${dryRun ? future : done} ${path}${copied}`;
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

/** What may have been meant to be wrapped, and is not. */
const news: ReadonlySet<SkipReason> = new Set([
  "damaged",
  "dynamic-without-interpreter",
  "no-interpreter-for-it",
  "musl-without-interpreter",
]);

function describeOther(
  file: Exclude<FileOutcome, ChangedFile>,
  dryRun: boolean,
  { verbosity, context }: RenderOptions,
): string | undefined {
  const path = showPath(file.path, context);
  switch (file.kind) {
    case "already-wrapped":
    case "already-in-place":
      return verbosity >= 1
        ? `already ${file.kind === "already-wrapped" ? "wrapped" : "patched in place"} ${path}`
        : undefined;
    case "restored":
      return `${dryRun ? "would restore" : "restored"} ${path}: nothing is wanted of it any more`;
    case "skipped": {
      const why = file.defect === undefined ? file.detail : describeDefect(file.defect);
      const isShown = verbosity >= 2 || (verbosity >= 1 && !ordinaryReasons.has(file.reason)) || news.has(file.reason);
      return isShown ? `skipped ${path}: it ${describeSkipReason(file.reason, why)}` : undefined;
    }
    case "failed":
      // Its issues say why, on standard error.
      return undefined;
    case "unchanged":
      return verbosity >= 1 ? `left as it was ${path}` : undefined;
    default:
      return file satisfies never;
  }
}
