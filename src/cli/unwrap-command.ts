// The command that restores wrapped executables: words in, report out.

import { resolve } from "node:path";
import { unwrap } from "../commands/unwrap/unwrap.ts";
import { renderUnwrapJson } from "../commands/unwrap/unwrap-json.ts";
import { renderUnwrapReport } from "../commands/unwrap/unwrap-text.ts";
import { type ExitCode, exitCode } from "../report/exit-code.ts";
import { readCommand } from "./command-words.ts";
import type { CommandIo } from "./io.ts";
import { streamStyle } from "./streams.ts";
import { unwrapOptions } from "./unwrap-options.ts";
import { verbosityOf } from "./verbosity.ts";

const about = {
  usage: "wrap-buddy unwrap [OPTION…] PATH…",
  summary:
    "Restores executables to what they were before they were wrapped, byte for byte, and removes their sidecars.",
  purpose: "unwrap",
  jsonSchema: async () => (await import("./json-schemas.ts")).unwrapJsonSchema(),
} as const;

/** Runs the command; every outcome is worded on the two streams. */
export async function runUnwrap(words: readonly string[], io: CommandIo): Promise<ExitCode> {
  const read = await readCommand(words, unwrapOptions, about, io);
  if (read.kind === "done") return read.exitCode;
  const { values, environment } = read;
  const report = unwrap({
    paths: values.paths.map((path) => resolve(io.workingDirectory, path)),
    recurse: values.recurse,
    exclude: values.exclude,
    dryRun: values["dry-run"],
  });
  const rendered = renderUnwrapReport(report, {
    ...streamStyle(environment, io),
    verbosity: verbosityOf(values, environment),
  });
  io.writeError(rendered.stderr);
  io.writeOutput(values.json ? renderUnwrapJson(report) : rendered.stdout);
  return report.ok ? exitCode.done : exitCode.failed;
}
