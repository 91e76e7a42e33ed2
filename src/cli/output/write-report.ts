// The report of a run that is over, on the two streams.

import { type FinishedRun, reportFinished } from "../../report/bug.ts";
import type { ReportContext } from "../../report/context.ts";
import type { RenderedReport, RenderOptions } from "../../report/render.ts";
import type { Environment } from "../machine/environment.ts";
import { version } from "../version.ts";
import { withoutDryRun } from "./dry-run.ts";
import type { CommandCall } from "./io.ts";
import { streamStyle } from "./streams.ts";
import { verbosityOf } from "./verbosity.ts";

/** How a run is worded. */
export interface ReportWords {
  readonly text: (options: RenderOptions) => RenderedReport;
  readonly json: () => string;
  /** What is said where the words fail. */
  readonly finished: (context: ReportContext) => FinishedRun;
  /** What is written last. A summary by default; after pages of what was found, what is wrong with it. */
  readonly last?: "output" | "errors";
}

/**
 * Writes it as the options say, as text or as JSON. Where one of them cannot be made, what was found is said without it,
 * and the other is written all the same.
 */
export function writeReport(
  { text, json, finished, last = "output" }: ReportWords,
  values: { readonly quiet: boolean; readonly verbose: number; readonly json: boolean },
  environment: Environment,
  io: CommandCall,
): void {
  const style = {
    ...streamStyle(environment, io),
    verbosity: verbosityOf(values, environment),
    toDoIt: withoutDryRun(io.words),
  };
  const guarded = (render: () => RenderedReport): RenderedReport =>
    reportFinished(render, () => finished(style.context), version);
  const words = guarded(() => text(style));
  const data = values.json ? guarded(() => ({ stdout: json(), stderr: "" })) : { stdout: words.stdout, stderr: "" };
  if (last === "errors") io.writeOutput(data.stdout);
  io.writeError(words.stderr + data.stderr);
  if (last === "output") io.writeOutput(data.stdout);
}
