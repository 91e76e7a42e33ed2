// What `wrap-buddy inspect` found out, made to be looked at: of each file facts, then the tree of what is loaded.

import type { OpenedByName } from "../../planning/opened-by-name.ts";
import type { InspectedLoad, OpenedLater } from "../../planning/what-loads/inspected-load-facts.ts";
import type { Paint } from "../../report/colour.ts";
import { type ReportContext, showPath } from "../../report/context.ts";
import type { Issue } from "../../report/issue.ts";
import { isLibraryIssue, severityOf } from "../../report/issues/all-issues.ts";
import { showMachine } from "../../report/machine-name.ts";
import { describeIssues } from "../../report/messages/describe-issues.ts";
import type { Message } from "../../report/messages/message.ts";
import { nameSkipReason } from "../../report/messages/skip-reason-words.ts";
import { nixpkgsAttributes } from "../../report/nixpkgs/attributes.ts";
import { linesToText, type RenderedReport, renderMessage } from "../../report/render.ts";
import { showSetting } from "../../report/settings.ts";
import { linesByDefault, linesForFiles, renderShortened, shortenedList } from "../../report/shortened.ts";
import { countOf, listOf, longestOf } from "../../report/words.ts";
import type { FileState, Inspection, InspectionReport } from "./inspection.ts";
import { type FactRow, factRows } from "./inspection-facts.ts";
import { type TreeLine, treeLines } from "./inspection-tree.ts";

export interface InspectionStyle {
  readonly context: ReportContext;
  readonly paint: Paint;
  readonly errorPaint: Paint;
  /** Of several files no more than fits on a screen; help that is the same for several messages once. */
  readonly isShort?: boolean;
}

/** Files and notes for standard output, errors and warnings for standard error. */
export function renderInspection(report: InspectionReport, style: InspectionStyle): RenderedReport {
  const isShort = style.isShort === true && report.files.length > 1;
  const context = { ...style.context, namesAll: !isShort };
  const messages = describeIssues(
    report.issues.filter((issue) => !isShown(issue, report)),
    context,
  );
  const notes = messages.filter(({ severity }) => severity === "note");
  const urgent = messages.filter(({ severity }) => severity !== "note");
  return isShort ? renderShort(report, urgent, notes, style) : renderWhole(report, urgent, notes, style);
}

function renderWhole(
  report: InspectionReport,
  urgent: readonly Message[],
  notes: readonly Message[],
  style: InspectionStyle,
): RenderedReport {
  const blocks = [
    ...report.files.map((file) => renderFile(file, report, style)),
    ...notes.map((message) => renderMessage(message, style.paint)),
  ];
  return {
    stdout: blocks.length === 0 && urgent.length === 0 ? "no executable found\n" : blocks.map(linesToText).join("\n"),
    stderr: linesToText(
      style.isShort === true
        ? renderShortened(urgent, Number.POSITIVE_INFINITY, style.errorPaint, style.context.surface)
        : urgent.flatMap((message) => renderMessage(message, style.errorPaint)),
    ),
  };
}

/** In full where that fits, else a line each, those that miss something first, else as many of them as fit. */
function renderShort(
  report: InspectionReport,
  urgent: readonly Message[],
  notes: readonly Message[],
  style: InspectionStyle,
): RenderedReport {
  const whole = renderWhole(report, urgent, notes, style);
  const { surface } = style.context;
  if (lineCount(whole.stdout) + lineCount(whole.stderr) <= linesByDefault) return whole;
  const room = Math.min(report.files.length, linesForFiles);
  const errors = renderShortened(urgent, linesByDefault - room, style.errorPaint, surface);
  const lines = [...report.files]
    .sort((a, b) => Number(isIncomplete(b)) - Number(isIncomplete(a)))
    .map((file) => renderInOneLine(file, style));
  const hint = `${showSetting("verbose", surface)} has all of each`;
  const shown = shortenedList(lines, linesByDefault - errors.length - 1, "files");
  return { stdout: linesToText([...shown, hint]), stderr: linesToText(errors) };
}

function lineCount(text: string): number {
  return text.split("\n").length - 1;
}

function isIncomplete({ load, state }: Inspection): boolean {
  return state.kind === "broken" || (load !== undefined && load.missing.length > 0);
}

function renderInOneLine(file: Inspection, style: InspectionStyle): string {
  const { load } = file;
  if (load === undefined) return headingOf(file, style);
  const libraries = load.objects.length - 1;
  const missing = new Set(load.missing.map(({ name }) => name)).size;
  return [
    headingOf(file, style),
    libraries === 0 ? "no libraries" : countOf(libraries, "library", "libraries"),
    ...(missing === 0 ? [] : [style.paint.error(`${missing} missing`)]),
  ].join(", ");
}

/** A note that tells what the tree shows: the file in the way of a missing one, what is not opened later. */
function isShown(issue: Issue, { files }: InspectionReport): boolean {
  if (severityOf(issue) !== "note") return false;
  if (issue.kind === "dlopen-missing") return true;
  if (issue.kind !== "rejected-candidate") return false;
  const refused = files.flatMap(({ load }) => load?.missing.flatMap((missing) => missing.refused) ?? []);
  return refused.some(({ path }) => path === issue.path);
}

/** What was looked at, in one line: said where no more can be. */
export function summaryOf({ files }: InspectionReport): string {
  const incomplete = files.filter(isIncomplete).length;
  return `${countOf(files.length, "executable")} looked at${incomplete === 0 ? "" : `, ${incomplete} incomplete`}`;
}

/** "./bin/tool: 64-bit x86_64 glibc, not wrapped" */
function headingOf({ path, identity, state, load }: Inspection, { context, paint }: InspectionStyle): string {
  const machine = `${identity.elfClass}-bit ${showMachine(identity.machine)}`;
  const cLibrary = load === undefined ? "" : ` ${load.cLibrary}`;
  return `${paint.strong(showPath(path, context))}: ${machine}${cLibrary}, ${describeState(state)}`;
}

function renderFile(file: Inspection, report: InspectionReport, style: InspectionStyle): readonly string[] {
  const { context, paint } = style;
  const { path, load, named } = file;
  const issues = report.issues
    .filter(isLibraryIssue)
    .filter((issue) => "executable" in issue && issue.executable === path);
  return [
    headingOf(file, style),
    ...renderRows(factRows(file, context), paint),
    ...(load === undefined
      ? []
      : [
          ...renderTree(load, treeLines(load, issues, context), paint),
          ...renderOpened(load.opened, named, context, paint),
        ]),
  ];
}

function describeState(state: FileState): string {
  switch (state.kind) {
    case "foreign":
      return "not wrapped";
    case "wrapped":
      return "wrapped";
    case "in-place":
      return "patched in place";
    case "broken":
      return state.isInPlace ? "patched in place, and changed since" : "wrapped, with a sidecar that cannot be used";
    case "left-alone":
      return nameSkipReason(state.reason);
    default:
      return state satisfies never;
  }
}

function renderRows(rows: readonly FactRow[], paint: Paint): readonly string[] {
  const width = longestOf(rows.map(({ label }) => label));
  return rows.flatMap(({ label, lines }) =>
    lines.map(({ text, isMissing }, at) => {
      const heading = paint.faint((at === 0 ? label : "").padEnd(width));
      return `  ${heading}  ${text}${isMissing ? paint.warning(" (not there)") : ""}`;
    }),
  );
}

function renderTree(load: InspectedLoad, lines: readonly TreeLine[], paint: Paint): readonly string[] {
  if (lines.length === 0) return [];
  const title = load.view === "if-wrapped" ? "would load, wrapped like this" : "loads";
  const orderWidth = String(load.objects.length - 1).length;
  const nameWidth = longestOf(lines.map(({ branch, name }) => branch + name));
  const howWidth = longestOf(lines.map(({ how }) => how));
  return [
    `  ${title}:`,
    ...lines.map(({ order, branch, name, how, where, weight }) => {
      const number = paint.faint(String(order ?? "").padStart(orderWidth));
      const padding = " ".repeat(nameWidth - branch.length - name.length);
      const howPaint = weight === "ordinary" ? paint.faint : paint[weight];
      const tail = where === "" ? howPaint(how) : `${howPaint(how.padEnd(howWidth))}  ${where}`;
      return `    ${number} ${paint.faint(branch)}${name}${padding}  ${tail}`;
    }),
  ];
}

function renderOpened(
  opened: readonly OpenedLater[],
  named: readonly OpenedByName[],
  context: ReportContext,
  paint: Paint,
): readonly string[] {
  const namesOf = (names: readonly string[]): string =>
    listOf(
      names.map((name) => showPath(name, context)),
      "or",
    );
  const rows = [
    ...opened.map(({ alternatives, priority, feature, path }) => ({
      names: namesOf(alternatives),
      wanted: feature === undefined ? priority : `${priority} for ${showPath(feature, context)}`,
      path,
      priority,
    })),
    // What nixpkgs does not have is mostly the program's own; --json has it.
    ...named
      .filter(isOfNixpkgs)
      .map(({ names, path }) => ({ names: namesOf(names), wanted: "named", path, priority: "suggested" })),
  ];
  if (rows.length === 0) return [];
  const nameWidth = longestOf(rows.map(({ names }) => names));
  const wantedWidth = longestOf(rows.map(({ wanted }) => wanted));
  return [
    "  opens while it runs:",
    ...rows.map(({ names, wanted, path, priority }) => {
      const weight = priority === "required" ? paint.error : priority === "recommended" ? paint.warning : paint.faint;
      const where = path === undefined ? weight("not found") : showPath(path, context);
      return `    ${names.padEnd(nameWidth)}  ${paint.faint(wanted.padEnd(wantedWidth))}  ${where}`;
    }),
  ];
}

function isOfNixpkgs({ names }: OpenedByName): boolean {
  return names.some((name) => nixpkgsAttributes.has(name));
}
