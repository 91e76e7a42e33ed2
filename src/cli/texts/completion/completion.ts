// Completion scripts for shells, from the tables of options: what is offered belongs to the command that was typed. Words
// that follow no option are paths, so every script falls back to file names.

import { bashScript } from "./bash.ts";
import type { CompletedCommands } from "./completed-command.ts";
import { fishScript } from "./fish.ts";
import { zshScript } from "./zsh.ts";

export type CompletionShell = "bash" | "fish" | "zsh";

/** The script to install as a shell's completion of `wrap-buddy`. */
export function completionScript(shell: CompletionShell, commands: CompletedCommands): string {
  switch (shell) {
    case "bash":
      return bashScript(commands);
    case "fish":
      return fishScript(commands);
    case "zsh":
      return zshScript(commands);
    default:
      return shell satisfies never;
  }
}
