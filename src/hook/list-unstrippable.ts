// The command that tells the shell what strip must not touch.

import { plainPaint } from "../report/colour.ts";
import { exitCode } from "../report/exit-code.ts";
import { renderMessages } from "../report/render.ts";
import { type Handover, recordValues } from "./handover.ts";
import { describeUnstrippable } from "./hook-message.ts";
import type { HookReport } from "./hook-report.ts";
import { wrappableOutputs } from "./outputs.ts";
import { findUnstrippable } from "./unstrippable.ts";

/** Patterns on standard output, each with a NUL; a note for each file on standard error. */
export function listUnstrippable(handover: Handover): HookReport {
  const outputs = wrappableOutputs(recordValues(handover, "outputs"));
  const files = findUnstrippable(outputs.map(({ directory }) => directory));
  const context = { surface: "hook", shownRoots: outputs } as const;
  const notes = files.map(({ path, bytes }) => describeUnstrippable(path, bytes, context));
  return {
    stdout: files.map(({ pattern }) => `${pattern}\0`).join(""),
    stderr: renderMessages(notes, plainPaint),
    code: exitCode.done,
  };
}
