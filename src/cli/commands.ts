// The commands: the first word chooses one, and without such a word the executables named are wrapped.

import type { ExitCode } from "../report/exit-code.ts";
import type { CommandIo } from "./io.ts";

export interface Command {
  readonly name: string;
  /** What it does, for the help text: lower case, no full stop. */
  readonly summary: string;
  /** Runs it with the words behind its name. Its code is loaded only now. */
  readonly run: (words: readonly string[], io: CommandIo) => Promise<ExitCode>;
}

const wrap: Command = {
  name: "wrap",
  summary: "wrap executables; this is what is done without a command",
  run: async (words, io) => (await import("./wrap-command.ts")).runWrap(words, io),
};

const inspect: Command = {
  name: "inspect",
  summary: "show what executables load, from where and why",
  run: async (words, io) => (await import("./inspect-command.ts")).runInspect(words, io),
};

const unwrap: Command = {
  name: "unwrap",
  summary: "restore wrapped executables byte for byte, and remove what lies beside them",
  run: async (words, io) => (await import("./unwrap-command.ts")).runUnwrap(words, io),
};

const verify: Command = {
  name: "verify",
  summary: "say whether wrapped executables are whole, and what they refer to is there",
  run: async (words, io) => (await import("./verify-command.ts")).runVerify(words, io),
};

/** Every command, the default one first. */
export const commands: readonly Command[] = [wrap, unwrap, verify, inspect];

/** The command of a command line, and the words that are left for it. */
export function chooseCommand(words: readonly string[]): {
  readonly command: Command;
  readonly words: readonly string[];
} {
  const command = commands.find(({ name }) => name === words[0]);
  return command === undefined ? { command: wrap, words } : { command, words: words.slice(1) };
}
