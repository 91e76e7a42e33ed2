// The commands: the first word chooses one, and without such a word the executables named are wrapped.

import type { ExitCode } from "../report/exit-code.ts";
import { type CommandName, commandList } from "./command-list.ts";
import type { CommandIo } from "./io.ts";

/** Runs a command with the words after its name. */
type RunCommand = (words: readonly string[], io: CommandIo) => Promise<ExitCode>;

/** The code of a command is loaded only when it is run. */
export const commands: { readonly [Name in CommandName]: RunCommand } = {
  wrap: async (words, io) => (await import("./wrap-command.ts")).runWrap(words, io),
  unwrap: async (words, io) => (await import("./unwrap-command.ts")).runUnwrap(words, io),
  verify: async (words, io) => (await import("./verify-command.ts")).runVerify(words, io),
  inspect: async (words, io) => (await import("./inspect-command.ts")).runInspect(words, io),
};

/** The command of a command line, and the words that are left for it. */
export function chooseCommand(words: readonly string[]): {
  readonly run: RunCommand;
  readonly words: readonly string[];
} {
  const named = commandList.find(({ name }) => name === words[0]);
  return named === undefined ? { run: commands.wrap, words } : { run: commands[named.name], words: words.slice(1) };
}
