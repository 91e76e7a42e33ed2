// What the command line has of the world around it. Given as a value, so that a test can stand in for a terminal.

export interface CommandIo {
  /** Writes text as it is; a reader that has gone away is no error. */
  readonly writeOutput: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly workingDirectory: string;
  readonly outputIsTerminal: boolean;
  readonly errorIsTerminal: boolean;
  /** Width of the terminal, or a common one where there is none. */
  readonly columns: number;
}

/** What a command has of it. */
export interface CommandCall extends CommandIo {
  /** The words after the program's name, as they were typed. */
  readonly words: readonly string[];
}
