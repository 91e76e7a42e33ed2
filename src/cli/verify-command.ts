// The command that says whether wrapped executables are whole: words in, report out.

import { resolve } from "node:path";
import { verify } from "../commands/verify/verify.ts";
import { renderVerifyJson } from "../commands/verify/verify-json.ts";
import { renderVerifyReport } from "../commands/verify/verify-text.ts";
import { type ExitCode, exitCode } from "../report/exit-code.ts";
import type { Environment } from "./machine/environment.ts";
import { stateDirectoryOf } from "./machine/gc-roots.ts";
import type { OptionValues } from "./options/option-spec.ts";
import type { verifyOptions } from "./options/verify-options.ts";
import type { CommandCall } from "./output/io.ts";
import { progressLine } from "./output/progress-line.ts";
import { streamStyle } from "./output/streams.ts";
import { verbosityOf } from "./output/verbosity.ts";

/** Runs the command; every outcome is worded on the two streams. */
export function runVerify(
  values: OptionValues<typeof verifyOptions>,
  environment: Environment,
  io: CommandCall,
): ExitCode {
  const progress = progressLine(io, values.quiet);
  const request = {
    paths: values.paths.map((path) => resolve(io.workingDirectory, path)),
    recurse: values.recurse,
    exclude: values.exclude,
    ignoreMissing: values["ignore-missing"],
    storeDirectory: environment.storeDirectory,
    gcRoots: values["gc-roots"] === undefined ? undefined : resolve(io.workingDirectory, values["gc-roots"]),
    stateDirectory: stateDirectoryOf(io.variables, environment.storeDirectory),
  };
  const report = verify(request, progress.onProgress);
  progress.clear();
  const rendered = renderVerifyReport(report, {
    ...streamStyle(environment, io),
    verbosity: verbosityOf(values, environment),
  });
  io.writeError(rendered.stderr);
  io.writeOutput(values.json ? renderVerifyJson(report) : rendered.stdout);
  return report.ok ? exitCode.done : exitCode.failed;
}
