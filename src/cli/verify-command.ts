// The command that says whether wrapped executables are whole: words in, report out.

import { absolutePath } from "../base/real-path.ts";
import { verify } from "../commands/verify/verify.ts";
import { renderVerifyJson } from "../commands/verify/verify-json.ts";
import { renderVerifyReport, summaryOf } from "../commands/verify/verify-text.ts";
import { type ExitCode, exitCode } from "../report/exit-code.ts";
import type { RenderOptions } from "../report/render.ts";
import type { Environment } from "./machine/environment.ts";
import { stateDirectoryOf } from "./machine/gc-roots.ts";
import type { OptionValues } from "./options/option-spec.ts";
import type { verifyOptions } from "./options/verify-options.ts";
import type { CommandCall } from "./output/io.ts";
import { progressLine } from "./output/progress-line.ts";
import { writeReport } from "./output/write-report.ts";

/** Runs the command; every outcome is worded on the two streams. */
export function runVerify(
  values: OptionValues<typeof verifyOptions>,
  environment: Environment,
  io: CommandCall,
): ExitCode {
  const progress = progressLine(io, values.quiet);
  const request = {
    paths: values.paths.map((path) => absolutePath(io.workingDirectory, path)),
    recurse: values.recurse,
    exclude: values.exclude,
    ignoreMissing: values["ignore-missing"],
    storeDirectory: environment.storeDirectory,
    gcRoots: values["gc-roots"] === undefined ? undefined : absolutePath(io.workingDirectory, values["gc-roots"]),
    stateDirectory: stateDirectoryOf(io.variables, environment.storeDirectory),
  };
  const report = verify(request, progress.onProgress);
  progress.clear();
  const words = {
    text: (options: RenderOptions) => renderVerifyReport(report, options),
    json: () => renderVerifyJson(report),
    finished: () => ({ summary: summaryOf(report), issues: report.issues }),
  };
  writeReport(words, values, environment, io);
  return report.ok ? exitCode.done : exitCode.failed;
}
