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
}

/** Writes it as the options say, as text or as JSON. */
export function writeReport(
  { text, json, finished }: ReportWords,
  values: { readonly quiet: boolean; readonly verbose: number; readonly json: boolean },
  environment: Environment,
  io: CommandCall,
): void {
  const style = {
    ...streamStyle(environment, io),
    verbosity: verbosityOf(values, environment),
    toDoIt: withoutDryRun(io.words),
  };
  const rendered = reportFinished(
    () => (values.json ? { ...text(style), stdout: json() } : text(style)),
    finished(style.context),
    version,
  );
  io.writeError(rendered.stderr);
  io.writeOutput(rendered.stdout);
}
