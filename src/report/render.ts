// Messages as lines of text, and what every report of text is made of.

import type { Paint } from "./colour.ts";
import { escapeControls, type ReportContext } from "./context.ts";
import type { Message } from "./messages/message.ts";

/** -1: errors and warnings only. 0: what was done. 1: libraries, skipped files and notes. 2: every file looked at. */
export type Verbosity = -1 | 0 | 1 | 2;

export interface RenderOptions {
  readonly context: ReportContext;
  readonly verbosity: Verbosity;
  /** Colours of standard output. */
  readonly paint: Paint;
  /** Colours of standard error. */
  readonly errorPaint: Paint;
  /** The command line that does what a dry run has only shown, to paste. */
  readonly toDoIt?: string;
}

/** Text for the two streams; "" where there is nothing to say, otherwise with a newline at the end. */
export interface RenderedReport {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * One message as lines, in which names that come from files are escaped whoever worded it:
 *
 *     wrap-buddy: error: HEADLINE
 *       DETAIL
 *       help: HELP
 */
export function renderMessage(message: Message, paint: Paint): readonly string[] {
  const label = paint[message.severity](`${message.severity}:`);
  return [
    `wrap-buddy: ${label} ${escapeControls(message.headline)}`,
    ...message.details.map((line) => `  ${escapeControls(line)}`),
    ...message.help.map((line) => `  ${paint.help("help:")} ${escapeControls(line)}`),
  ];
}

/** Messages alone, for a command line that was not understood. */
export function renderMessages(messages: readonly Message[], paint: Paint): string {
  return linesToText(messages.flatMap((message) => renderMessage(message, paint)));
}

/** Text of whole lines. */
export function linesToText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
