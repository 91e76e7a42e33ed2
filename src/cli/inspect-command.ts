// The command that shows what executables load, and from where.

import { inspect } from "../commands/inspect/inspect.ts";
import { renderInspectionJson } from "../commands/inspect/inspection-json.ts";
import { renderInspection, summaryOf } from "../commands/inspect/inspection-text.ts";
import type { Question } from "../planning/what-loads/what-loads.ts";
import { type ExitCode, exitCode } from "../report/exit-code.ts";
import type { RenderOptions } from "../report/render.ts";
import type { Environment } from "./machine/environment.ts";
import { machineDefaults, withMachineDefaults } from "./machine/machine-defaults.ts";
import { withPackages } from "./machine/with-packages.ts";
import type { OptionValues } from "./options/option-spec.ts";
import { inspectOptions } from "./options/options.ts";
import type { CommandCall } from "./output/io.ts";
import { writeReport } from "./output/write-report.ts";
import { wrapRequest } from "./wrap-words.ts";

type InspectValues = OptionValues<typeof inspectOptions>;

/** Runs the command; every outcome is worded on the two streams. */
export async function runInspect(typed: InspectValues, environment: Environment, io: CommandCall): Promise<ExitCode> {
  const values = await withPackages(typed, io);
  if (values === undefined) return exitCode.failed;
  const request = wrapRequest(
    { ...values, "loader-dir-path": undefined, "dry-run": true },
    environment,
    io.workingDirectory,
  );
  const defaults = machineDefaults(io.variables, environment.storeDirectory);
  const report = inspect(values.defaults ? withMachineDefaults(request, defaults) : request, questionOf(values));
  const words = {
    text: (options: RenderOptions) => renderInspection(report, { ...options, isShort: options.verbosity < 1 }),
    json: () => renderInspectionJson(report),
    finished: () => ({ summary: summaryOf(report), issues: report.issues }),
    last: "errors",
  } as const;
  writeReport(words, { ...values, quiet: false }, environment, io);
  return report.ok ? exitCode.done : exitCode.failed;
}

/** Whoever says how to wrap wants to know what comes of it. */
function questionOf(values: InspectValues): Question {
  const { libs, interpreter, needed, relocatable, pin } = values;
  const lists = [libs, interpreter, needed, values["runtime-dependencies"], values["append-run-path"]];
  const flags = [relocatable !== undefined, values["keep-libc"], values["ignore-existing"]];
  const isAsked =
    lists.some((list) => list.length > 0) ||
    flags.includes(true) ||
    pin !== undefined ||
    values["run-path-mode"] !== inspectOptions["run-path-mode"].default;
  return isAsked ? "if-wrapped" : "as-it-is";
}
