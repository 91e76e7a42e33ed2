// A command of the command line in this process, with what it writes.

import { runCommandLine } from "../../src/cli/command-line.ts";
import type { CommandIo } from "../../src/cli/output/io.ts";

export interface RanCommand {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `command` with `words` in `workingDirectory`: no variables and no terminal, except what `io` says. */
export async function runCommand(
  command: "wrap" | "unwrap" | "verify" | "inspect" | "bundle",
  words: readonly string[],
  workingDirectory: string,
  io: Partial<CommandIo> = {},
): Promise<RanCommand> {
  let stdout = "";
  let stderr = "";
  const code = await runCommandLine([command, ...words], {
    writeOutput: (text) => {
      stdout += text;
    },
    writeError: (text) => {
      stderr += text;
    },
    variables: {},
    workingDirectory,
    outputIsTerminal: false,
    errorIsTerminal: false,
    columns: 100,
    ...io,
  });
  return { code, stdout, stderr };
}
