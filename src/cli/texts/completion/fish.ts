// Source: fish documentation, "complete", "commandline".

import { quoteForShell } from "../../../report/shell-words.ts";
import type { OptionSpec } from "../../options/option-spec.ts";
import { type CompletedCommands, letterOf, longNames } from "./completed-command.ts";

/** The script that fish reads: a line for each word that can follow. */
export function fishScript(commands: CompletedCommands): string {
  const [first] = commands;
  const names = commands.map(({ name }) => name);
  /** What several commands share is said once, for all of them. */
  const byLine = new Map<string, string[]>();
  for (const { name, options } of commands) {
    for (const line of Object.entries(options).flatMap(([option, spec]) => linesOf(option, spec))) {
      byLine.set(line, [...(byLine.get(line) ?? []), name]);
    }
  }
  const lines = [...byLine].map(
    ([line, those]) => `complete -c wrap-buddy -n '__wrap_buddy_command ${those.join(" ")}' ${line}`,
  );
  const words = commands.map(
    ({ name, summary }) => `complete -c wrap-buddy -n __wrap_buddy_is_first -a ${name} -d ${quoteForShell(summary)}`,
  );
  return `# fish completion for wrap-buddy
function __wrap_buddy_command
  set -l words (commandline -opc)
  set -l typed ${first.name}
  if contains -- "$words[2]" ${names.join(" ")}
    set typed $words[2]
  end
  contains -- $typed $argv
end
# A command is the first word: fish's own __fish_is_first_token does not count options.
function __wrap_buddy_is_first
  test (count (commandline -opc)) -eq 1
end
${[...words, ...lines].join("\n")}
`;
}

function linesOf(name: string, spec: OptionSpec): readonly string[] {
  const letter = letterOf(spec);
  return longNames(name, spec).map((long) => {
    const forms = [`-l ${long.slice(2)}`, ...(letter === undefined ? [] : [`-s ${letter}`])];
    return `${forms.join(" ")}${valueSpec(long, spec)} -d ${quoteForShell(spec.description)}`;
  });
}

/** The word that is completed is the option, the equals sign and what is typed of the directory. */
const directoriesAfterEquals =
  '(__fish_complete_directories (string replace -r "^--[a-z-]*=" "" -- (commandline -ct)))';

function valueSpec(long: string, spec: OptionSpec): string {
  if (spec.kind === "choice") return ` -x -a ${quoteForShell(spec.choices.join(" "))}`;
  if (spec.kind === "optional" && !long.startsWith("--no-")) {
    return ` -f -a ${quoteForShell(spec.choices?.join(" ") ?? directoriesAfterEquals)}`;
  }
  if (spec.kind !== "list" && spec.kind !== "value") return "";
  if (long.startsWith("--no-")) return "";
  if (spec.hint === "directory") return " -x -a '(__fish_complete_directories)'";
  return spec.hint === "text" ? " -x" : " -r";
}
