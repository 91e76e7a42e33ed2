// What every command writes in the same way: colours by stream, paths as they were typed, and the refusal of a command
// line that was not understood.

import { forcedColour, type Paint, paintFor } from "../../report/colour.ts";
import type { ReportContext } from "../../report/context.ts";
import { type ExitCode, exitCode } from "../../report/exit-code.ts";
import type { Message } from "../../report/messages/message.ts";
import { renderMessages } from "../../report/render.ts";
import type { Environment } from "../machine/environment.ts";
import { describeUsageIssue, type UsageIssue } from "../options/usage-message.ts";
import type { CommandIo } from "./io.ts";

/** Who reads the output, and with which colours on each stream. */
export interface StreamStyle {
  readonly context: ReportContext;
  /** Colours of standard output. */
  readonly paint: Paint;
  /** Colours of standard error. */
  readonly errorPaint: Paint;
}

/** Paths below the working directory begin with "./". */
export function streamStyle({ noColour, forcedColour: forced, terminal }: Environment, io: CommandIo): StreamStyle {
  const paintOf = (isTerminal: boolean): Paint => paintFor({ isTerminal, noColour, forced, terminal });
  return {
    context: { surface: "cli", shownRoots: [{ directory: io.workingDirectory, shownAs: "." }] },
    paint: paintOf(io.outputIsTerminal),
    errorPaint: paintOf(io.errorIsTerminal),
  };
}

/** Says what is wrong with the command line or the environment; `command`: the one that was typed, "" where none was. */
export function refuse(issues: readonly UsageIssue[], io: CommandIo, command: string): ExitCode {
  const messages = issues.map((issue) => describeUsageIssue(issue, command));
  writeMessages(messages, io);
  return exitCode.usage;
}

/** Before there is a report. The environment need not be usable for that. */
export function writeMessages(messages: readonly Message[], io: CommandIo): void {
  const { NO_COLOR, FORCE_COLOR, TERM } = io.variables;
  const paint = paintFor({
    isTerminal: io.errorIsTerminal,
    noColour: (NO_COLOR ?? "") !== "",
    forced: forcedColour(FORCE_COLOR),
    terminal: TERM,
  });
  io.writeError(renderMessages(messages, paint));
}
