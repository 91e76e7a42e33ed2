// Completion scripts for shells, from the table of options. Words that follow no option are paths, and so is what
// follows a list of paths, so every script falls back to file names.

/** A command, as much of it as is offered. */
export interface CommandSummary {
  readonly name: string;
  readonly summary: string;
}

import { quoteForShell } from "../../report/shell-words.ts";
import type { OptionSpec, OptionTable } from "../options/option-spec.ts";

export type CompletionShell = "bash" | "fish" | "zsh";

/** The script to install as a shell's completion of `wrap-buddy`. */
export function completionScript(
  shell: CompletionShell,
  table: OptionTable,
  commands: readonly CommandSummary[],
): string {
  switch (shell) {
    case "bash":
      return bashScript(table, commands);
    case "fish":
      return fishScript(table, commands);
    case "zsh":
      return zshScript(table, commands);
    default:
      return shell satisfies never;
  }
}

/** The ways in which an option can be written, long ones only. */
function longNames(name: string, spec: OptionSpec): readonly string[] {
  if (spec.kind === "optional") return [`--${name}`, `--no-${name}`];
  if (spec.kind !== "toggle") return [`--${name}`];
  return spec.default === true ? [`--no-${name}`] : [`--${name}`, `--no-${name}`];
}

function aliasOf(spec: OptionSpec): string | undefined {
  return "alias" in spec ? spec.alias : undefined;
}

// Source: GNU bash manual, Programmable Completion.
function bashScript(table: OptionTable, commands: readonly CommandSummary[]): string {
  const options = Object.entries(table);
  const names = options.flatMap(([name, spec]) => longNames(name, spec)).join(" ");
  const cases = options.flatMap(([name, spec]) => {
    const words = bashWords(spec);
    return words === undefined
      ? []
      : [`    --${name}) mapfile -t COMPREPLY < <(compgen ${words} -- "$word"); return ;;`];
  });
  const commandNames = commands.map(({ name }) => name).join(" ");
  return `# bash completion for wrap-buddy
_wrap_buddy() {
  local word="\${COMP_WORDS[COMP_CWORD]}" option="" index
  if [[ "$word" == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W ${quoteForShell(names)} -- "$word")
    return
  fi
  for ((index = COMP_CWORD - 1; index > 0; index--)); do
    if [[ "\${COMP_WORDS[index]}" == -* ]]; then option="\${COMP_WORDS[index]}"; break; fi
  done
  case "$option" in
${cases.join("\n")}
  esac
  local words=""
  if ((COMP_CWORD == 1)); then words=${quoteForShell(commandNames)}; fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word"; compgen -f -- "$word")
}
complete -o filenames -F _wrap_buddy wrap-buddy
`;
}

/** What compgen is to offer for an option's value; undefined: any file. */
function bashWords(spec: OptionSpec): string | undefined {
  if (spec.kind === "choice") return `-W ${quoteForShell(spec.choices.join(" "))}`;
  return (spec.kind === "list" || spec.kind === "value") && spec.hint === "directory" ? "-d" : undefined;
}

// Source: fish documentation, "complete".
function fishScript(table: OptionTable, commands: readonly CommandSummary[]): string {
  const lines = Object.entries(table).flatMap(([name, spec]) =>
    longNames(name, spec).map((long) => {
      const alias = aliasOf(spec);
      const letter = alias === undefined ? "" : ` -s ${alias}`;
      return `complete -c wrap-buddy -l ${long.slice(2)}${letter}${fishValue(spec)} -d ${quoteForShell(spec.description)}`;
    }),
  );
  const words = commands.map(
    ({ name, summary }) => `complete -c wrap-buddy -n __fish_is_first_token -a ${name} -d ${quoteForShell(summary)}`,
  );
  return `${["# fish completion for wrap-buddy", ...words, ...lines].join("\n")}\n`;
}

function fishValue(spec: OptionSpec): string {
  if (spec.kind === "choice") return ` -x -a ${quoteForShell(spec.choices.join(" "))}`;
  if (spec.kind !== "list" && spec.kind !== "value") return "";
  if (spec.hint === "directory") return " -x -a '(__fish_complete_directories)'";
  return spec.hint === "text" ? " -x" : " -r";
}

// Source: zsh manual, Completion System, _arguments.
function zshScript(table: OptionTable, commands: readonly CommandSummary[]): string {
  const specs = Object.entries(table).flatMap(([name, spec]) => {
    const description = `[${spec.description.replaceAll(/[[\]\\:]/g, "\\$&")}]`;
    const alias = aliasOf(spec);
    const forms = [...longNames(name, spec), ...(alias === undefined ? [] : [`-${alias}`])];
    const repeat = spec.kind === "list" || spec.kind === "count" ? "*" : "";
    return forms.map((form) => `  ${quoteForShell(`${repeat}${form}${description}${zshValue(spec)}`)} \\`);
  });
  const first =
    commands.length === 0
      ? []
      : [
          `  ${quoteForShell(`1::command or path:_alternative "commands:command:(${commands.map(({ name }) => name).join(" ")})" "files:path:_files"`)} \\`,
        ];
  return `${["#compdef wrap-buddy", "_arguments -s \\", ...specs, ...first, "  '*:path:_files'"].join("\n")}\n`;
}

function zshValue(spec: OptionSpec): string {
  if (spec.kind === "choice") return `:value:(${spec.choices.join(" ")})`;
  if (spec.kind !== "list" && spec.kind !== "value") return "";
  const action = spec.hint === "directory" ? "_files -/" : spec.hint === "path" ? "_files" : "";
  return `:${spec.hint}:${action}`;
}
