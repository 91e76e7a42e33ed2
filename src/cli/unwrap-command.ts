// The command that restores wrapped executables: words in, report out.

import { absolutePath } from "../base/real-path.ts";
import { unwrap } from "../commands/unwrap/unwrap.ts";
import { renderUnwrapJson } from "../commands/unwrap/unwrap-json.ts";
import { renderUnwrapReport, summaryOf } from "../commands/unwrap/unwrap-text.ts";
import { type ExitCode, exitCode } from "../report/exit-code.ts";
import type { RenderOptions } from "../report/render.ts";
import type { Environment } from "./machine/environment.ts";
import type { OptionValues } from "./options/option-spec.ts";
import type { unwrapOptions } from "./options/unwrap-options.ts";
import type { CommandCall } from "./output/io.ts";
import { progressLine } from "./output/progress-line.ts";
import { writeReport } from "./output/write-report.ts";
import { outputsIn } from "./wrap-words.ts";

/** Runs the command; every outcome is worded on the two streams. */
export function runUnwrap(
  values: OptionValues<typeof unwrapOptions>,
  environment: Environment,
  io: CommandCall,
): ExitCode {
  const absoluteOf = (path: string | undefined) =>
    path === undefined ? path : absolutePath(io.workingDirectory, path);
  const progress = progressLine(io, values.quiet);
  const request = {
    paths: values.paths.map((path) => absolutePath(io.workingDirectory, path)),
    recurse: values.recurse,
    exclude: values.exclude,
    ...outputsIn(environment),
    dryRun: values["dry-run"],
    gcRoots: absoluteOf(values["gc-roots"]),
  };
  const report = unwrap(request, progress.onProgress);
  progress.clear();
  const words = {
    text: (options: RenderOptions) => renderUnwrapReport(report, options),
    json: () => renderUnwrapJson(report),
    finished: () => ({ summary: summaryOf(report), issues: report.issues }),
  };
  writeReport(words, values, environment, io);
  return report.ok ? exitCode.done : exitCode.failed;
}
