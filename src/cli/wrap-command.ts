// The command that wraps: words in, report out.

import { absolutePath } from "../base/real-path.ts";
import { renderJson } from "../commands/wrap/outcome-json.ts";
import { renderOutcome } from "../commands/wrap/outcome-text.ts";
import { run } from "../commands/wrap/run.ts";
import { finishedRun } from "../commands/wrap/summary.ts";
import { type ExitCode, exitCode, exitCodeOf } from "../report/exit-code.ts";
import type { RenderOptions } from "../report/render.ts";
import type { Environment } from "./machine/environment.ts";
import { keepStorePaths } from "./machine/gc-roots.ts";
import { machineDefaults, withMachineDefaults } from "./machine/machine-defaults.ts";
import { runMemory } from "./machine/run-memory.ts";
import { withPackages } from "./machine/with-packages.ts";
import type { CommandCall } from "./output/io.ts";
import { progressLine } from "./output/progress-line.ts";
import { verbosityOf } from "./output/verbosity.ts";
import { writeReport } from "./output/write-report.ts";
import { type WrapValues, wrapRequest } from "./wrap-words.ts";

/** Runs the command; every outcome is worded on the two streams. */
export async function runWrap(typed: WrapValues, environment: Environment, io: CommandCall): Promise<ExitCode> {
  const values = await withPackages(typed, io);
  if (values === undefined) return exitCode.failed;
  const asked = wrapRequest(values, environment, io.workingDirectory);
  const defaults = machineDefaults(io.variables, environment.storeDirectory);
  const progress = progressLine(io, values.quiet);
  // What nobody reads is not looked for: it takes time for a large tree.
  const searchesNames = values.json || verbosityOf(values, environment) >= 1 ? "always" : "never";
  const request = { ...(values.defaults ? withMachineDefaults(asked, defaults) : asked), searchesNames } as const;
  const wrapped = run(request, progress, runMemory(io.variables));
  progress.clear();
  const choice = values["gc-roots"];
  const under = typeof choice === "string" ? absolutePath(io.workingDirectory, choice) : choice;
  const outcome = await keepStorePaths(wrapped, request, under, io.variables);
  const words = {
    text: (options: RenderOptions) => renderOutcome(outcome, options),
    json: () => renderJson(outcome),
    finished: () => finishedRun(outcome),
  };
  writeReport(words, values, environment, io);
  return exitCodeOf(outcome);
}
