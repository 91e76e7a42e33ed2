// The command that wraps: words in, report out.

import { resolve } from "node:path";
import { renderJson } from "../commands/wrap/outcome-json.ts";
import { renderOutcome } from "../commands/wrap/outcome-text.ts";
import { run } from "../commands/wrap/run.ts";
import { finishedRun } from "../commands/wrap/summary.ts";
import { reportFinished } from "../report/bug.ts";
import { type ExitCode, exitCodeOf } from "../report/exit-code.ts";
import type { Environment } from "./machine/environment.ts";
import { keepStorePaths } from "./machine/gc-roots.ts";
import { machineDefaults, withMachineDefaults } from "./machine/machine-defaults.ts";
import { runMemory } from "./machine/run-memory.ts";
import { withPackages } from "./machine/with-packages.ts";
import { withoutDryRun } from "./output/dry-run.ts";
import type { CommandCall } from "./output/io.ts";
import { progressLine } from "./output/progress-line.ts";
import { refuse, streamStyle } from "./output/streams.ts";
import { verbosityOf } from "./output/verbosity.ts";
import { version } from "./version.ts";
import { type WrapValues, wrapRequest } from "./wrap-words.ts";

/** Runs the command; every outcome is worded on the two streams. */
export async function runWrap(typed: WrapValues, environment: Environment, io: CommandCall): Promise<ExitCode> {
  const packaged = await withPackages(typed, io);
  if (packaged.kind === "issue") return refuse([packaged.issue], io);
  const { values } = packaged;
  const asked = wrapRequest(values, environment, io.workingDirectory);
  const defaults = machineDefaults(io.variables, environment.storeDirectory);
  const progress = progressLine(io, values.quiet);
  const request = values.defaults ? withMachineDefaults(asked, defaults) : asked;
  const wrapped = run(request, progress, runMemory(io.variables));
  progress.clear();
  const choice = values["gc-roots"];
  const under = typeof choice === "string" ? resolve(io.workingDirectory, choice) : choice;
  const outcome = await keepStorePaths(wrapped, request, under, io.variables);
  const style = {
    ...streamStyle(environment, io),
    verbosity: verbosityOf(values, environment),
    toDoIt: withoutDryRun(io.words),
  };
  const rendered = reportFinished(
    () => {
      const text = renderOutcome(outcome, style);
      return values.json ? { ...text, stdout: renderJson(outcome) } : text;
    },
    finishedRun(outcome),
    version,
  );
  io.writeError(rendered.stderr);
  io.writeOutput(rendered.stdout);
  return exitCodeOf(outcome);
}
