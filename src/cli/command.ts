// What a command is to the command line, its help, the man page and the completions. Types only.

import type { ExitCode } from "../report/exit-code.ts";
import type { Environment } from "./machine/environment.ts";
import type { OptionTable } from "./options/option-spec.ts";
import type { ReadWords } from "./options/yargs-options.ts";
import type { CommandCall } from "./output/io.ts";

/** A command line to show, without the program's name, and what it does: lower case, no full stop. */
export interface Example {
  readonly words: string;
  readonly meaning: string;
}

/** What every command says of itself. */
export interface CommandText {
  readonly name: string;
  /** What it does: lower case, no full stop. */
  readonly summary: string;
  /** The rest of what it does, in sentences. */
  readonly description: string;
  readonly examples: readonly Example[];
  /** The verb for what is done to the paths. */
  readonly purpose: string;
}

/** A command, with the types of its options out of sight. */
export interface Command extends CommandText {
  readonly options: OptionTable;
  /** What is asked for instead of doing anything, from what yargs has read. Its code is loaded only then. */
  readonly answer: (read: ReadWords) => Promise<string | undefined>;
  /** Runs it; `trailing` are paths too. Its code is loaded only now. */
  readonly run: (
    read: ReadWords,
    trailing: readonly string[],
    environment: Environment,
    io: CommandCall,
  ) => Promise<ExitCode>;
}
