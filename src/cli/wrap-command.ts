// The command that wraps: words in, report out.

import { renderJson } from "../commands/wrap/outcome-json.ts";
import { renderOutcome } from "../commands/wrap/outcome-text.ts";
import { run } from "../commands/wrap/run.ts";
import { type ExitCode, exitCodeOf } from "../report/exit-code.ts";
import { commandList } from "./command-list.ts";
import { readCommand } from "./command-words.ts";
import { completionScript } from "./completion.ts";
import type { CommandIo } from "./io.ts";
import { wrapOptions } from "./options.ts";
import { streamStyle } from "./streams.ts";
import { verbosityOf } from "./verbosity.ts";
import { version } from "./version.ts";
import { type WrapValues, wrapRequest } from "./wrap-words.ts";

const about = {
  usage: "wrap-buddy [OPTION…] PATH… [--libs DIR…]",
  summary:
    "Makes pre-built Linux executables run with libraries and a dynamic linker from elsewhere, the Nix store above all, without rewriting them.",
  purpose: "wrap",
  jsonSchema: async () => (await import("./json-schemas.ts")).reportJsonSchema(),
  commands: commandList.slice(1),
  information: ({ version: isVersion, completion }: WrapValues) => {
    if (isVersion) return `${version}\n`;
    return completion && completionScript(completion, wrapOptions, commandList.slice(1));
  },
} as const;

/** Runs the command; every outcome is worded on the two streams. */
export async function runWrap(words: readonly string[], io: CommandIo): Promise<ExitCode> {
  const read = await readCommand(words, wrapOptions, about, io);
  if (read.kind === "done") return read.exitCode;
  const { values, environment } = read;
  const outcome = run(wrapRequest(values, environment, io.workingDirectory));
  const rendered = renderOutcome(outcome, {
    ...streamStyle(environment, io),
    verbosity: verbosityOf(values, environment),
  });
  io.writeError(rendered.stderr);
  io.writeOutput(values.json ? renderJson(outcome) : rendered.stdout);
  return exitCodeOf(outcome);
}
