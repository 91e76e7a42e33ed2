// The command that says whether wrapped executables are whole: words in, report out.

import { resolve } from "node:path";
import { verify } from "../commands/verify/verify.ts";
import { renderVerifyJson } from "../commands/verify/verify-json.ts";
import { renderVerifyReport } from "../commands/verify/verify-text.ts";
import { type ExitCode, exitCode } from "../report/exit-code.ts";
import { readCommand } from "./command-words.ts";
import type { CommandIo } from "./io.ts";
import { streamStyle } from "./streams.ts";
import { verbosityOf } from "./verbosity.ts";
import { verifyOptions } from "./verify-options.ts";

const about = {
  usage: "wrap-buddy verify [OPTION…] PATH…",
  summary:
    "Says whether wrapped executables and their sidecars belong together, whether all that they refer to is there, and whether their libraries load. Nothing is written or started. Exit status 0 means yes, 1 means no, and the messages say why.",
  purpose: "verify",
  jsonSchema: async () => (await import("./json-schemas.ts")).verifyJsonSchema(),
} as const;

/** Runs the command; every outcome is worded on the two streams. */
export async function runVerify(words: readonly string[], io: CommandIo): Promise<ExitCode> {
  const read = await readCommand(words, verifyOptions, about, io);
  if (read.kind === "done") return read.exitCode;
  const { values, environment } = read;
  const report = verify({
    paths: values.paths.map((path) => resolve(io.workingDirectory, path)),
    recurse: values.recurse,
    exclude: values.exclude,
    ignoreMissing: values["ignore-missing"],
    storeDirectory: environment.storeDirectory,
  });
  const rendered = renderVerifyReport(report, {
    ...streamStyle(environment, io),
    verbosity: verbosityOf(values, environment),
  });
  io.writeError(rendered.stderr);
  io.writeOutput(values.json ? renderVerifyJson(report) : rendered.stdout);
  return report.ok ? exitCode.done : exitCode.failed;
}
