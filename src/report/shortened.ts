// Messages and lists for a reader who did not ask for all of them: a tree of a thousand executables can have a thousand
// things to say, and the few lines that fit on a screen have to be those that help.

import { groupBy } from "../base/group-by.ts";
import type { Paint } from "./colour.ts";
import type { Surface } from "./context.ts";
import type { Message } from "./messages/message.ts";
import { linesToText, type RenderedReport, type RenderOptions, renderMessage } from "./render.ts";
import { showSetting } from "./settings.ts";
import { countOf } from "./words.ts";

/** So many lines a run prints by default, whatever the tree; -v and --json have all. */
export const linesByDefault = 40;

/** How much of each message is shown. */
interface Measure {
  /** Of messages that are alike. */
  readonly messages: number;
  /** Of a message's details; the lines below one do not count. */
  readonly details: number;
}

const everything: Measure = { messages: Number.POSITIVE_INFINITY, details: Number.POSITIVE_INFINITY };

/**
 * The messages in at most `limit` lines: those that are alike together, with their help once; then as many of each kind,
 * and as many details of each, as there is room for; then no warnings. What is left out is counted.
 */
export function renderShortened(
  messages: readonly Message[],
  limit: number,
  paint: Paint,
  surface: Surface,
): readonly string[] {
  const families = groupBy(messages, familyOf);
  const render = (measure: Measure) => families.flatMap((family) => renderFamily(family, measure, paint));
  const all = render(everything);
  if (all.length <= limit) return all;
  const hint = `wrap-buddy: not all of this is shown: ${showSetting("verbose", surface)} has the rest`;
  for (let most = limit; most > 0; most--) {
    const lines = render({ messages: most, details: most });
    if (lines.length < limit) return [...lines, hint];
  }
  return [...withoutLast(families, limit - 2, paint), hint];
}

/** Messages of one kind: the same to do, or, where there is nothing to do, the same said of another path. */
function familyOf({ severity, headline, details, help }: Message): string {
  if (details.length > 0) return JSON.stringify([severity, headline]);
  return JSON.stringify([severity, help.length > 0 ? help : headline.slice(headline.indexOf(": "))]);
}

function renderFamily(family: readonly Message[], measure: Measure, paint: Paint): readonly string[] {
  const shown = family.slice(0, measure.messages);
  const left = family.length - shown.length;
  return shown.flatMap((message, at) => {
    const isLast = at === shown.length - 1;
    const details = shortened(message.details, measure.details);
    const more = isLast && left > 0 ? [`and ${left} more like ${shown.length === 1 ? "it" : "these"}`] : [];
    return renderMessage({ ...message, details: [...details, ...more], help: isLast ? message.help : [] }, paint);
  });
}

/** The first `most` details, each with the lines below it. */
function shortened(details: readonly string[], most: number): readonly string[] {
  const starts = details.flatMap((line, at) => (line.startsWith(" ") ? [] : [at]));
  const end = starts[most];
  return end === undefined ? details : [...details.slice(0, end), `and ${starts.length - most} more`];
}

/** As many kinds of messages as fit, errors before warnings, each with one of them. */
function withoutLast(families: readonly (readonly Message[])[], limit: number, paint: Paint): readonly string[] {
  const lines: string[] = [];
  let left = 0;
  for (const severity of ["error", "warning", "note"] as const) {
    for (const family of families) {
      if (family[0]?.severity !== severity) continue;
      const own = renderFamily(family, { messages: 1, details: 1 }, paint);
      if (lines.length + own.length > limit) left += family.length;
      else for (const line of own) lines.push(line);
    }
  }
  return [...lines, `wrap-buddy: and ${countOf(left, "other message")}`];
}

/** The first of `lines`, at most `limit` with the one that counts the rest. */
export function shortenedList(lines: readonly string[], limit: number, what: string): readonly string[] {
  if (lines.length <= limit) return lines;
  const shown = Math.max(limit - 1, 0);
  return limit <= 0 ? [] : [...lines.slice(0, shown), `and ${lines.length - shown} more ${what}`];
}

/** Messages leave at least as many lines for files, if there are any to say. */
export const linesForFiles = 15;

/** What a report is made of. */
export interface ReportParts {
  /** The lines about each file, the first of which says it all. */
  readonly files: readonly (readonly string[])[];
  readonly messages: readonly Message[];
  readonly summary: readonly string[];
}

/** All of it with -v; otherwise at most `linesByDefault` lines, without notes. The summary comes last. */
export function renderFilesAndMessages(
  { files, messages, summary }: ReportParts,
  { verbosity, paint, errorPaint, context }: RenderOptions,
): RenderedReport {
  const urgent = messages.filter(({ severity }) => severity !== "note");
  if (verbosity >= 1) {
    const notes = messages.filter(({ severity }) => severity === "note");
    return {
      stdout: linesToText([...files.flat(), ...notes.flatMap((message) => renderMessage(message, paint)), ...summary]),
      stderr: linesToText(urgent.flatMap((message) => renderMessage(message, errorPaint))),
    };
  }
  const room = linesByDefault - summary.length;
  const all = files.flat();
  const errors = renderShortened(urgent, room - Math.min(all.length, linesForFiles), errorPaint, context.surface);
  const limit = room - errors.length;
  const what = `files: ${showSetting("verbose", context.surface)} names them`;
  const firsts = files.flatMap((lines) => lines.slice(0, 1));
  const shown = all.length <= limit ? all : shortenedList(firsts, limit, what);
  return { stdout: linesToText([...shown, ...summary]), stderr: linesToText(errors) };
}
