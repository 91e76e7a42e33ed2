// Source: GNU bash manual, "Programmable Completion". bash splits a word at "=", which is a word of its own then.

import { quoteForShell } from "../../../report/shell-words.ts";
import type { OptionSpec } from "../../options/option-spec.ts";
import { type CompletedCommands, letterOf, longNames } from "./completed-command.ts";

/** The script that bash reads: a function, and the line that says what it is for. */
export function bashScript(commands: CompletedCommands): string {
  const [first] = commands;
  const names = commands.map(({ name }) => name);
  const options = commands.map(({ name, options }) => {
    const forms = Object.entries(options).flatMap(([option, spec]) => {
      const letter = letterOf(spec);
      return [...longNames(option, spec), ...(letter === undefined ? [] : [`-${letter}`])];
    });
    return `    ${name}) options=${quoteForShell(forms.join(" "))} ;;`;
  });
  const values = commands.flatMap(({ name, options }) =>
    Object.entries(options).flatMap(([option, spec]) => {
      const offered = offeredBy(spec);
      return offered === undefined ? [] : [`    ${name}:--${option}) ${offered} ;;`];
    }),
  );
  return `# bash completion for wrap-buddy
_wrap_buddy() {
  local word="\${COMP_WORDS[COMP_CWORD]}" command=${first.name} option="" options="" words="" directories="" index
  case "\${COMP_WORDS[1]}" in
    ${names.join("|")}) if ((COMP_CWORD > 1)); then command="\${COMP_WORDS[1]}"; fi ;;
  esac
  if [[ "$word" == -* ]]; then
    case "$command" in
${options.map((line) => `  ${line}`).join("\n")}
    esac
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
    return
  fi
  local equals=""
  if [[ "$word" == "=" ]]; then word="" equals=1; fi
  if [[ "\${COMP_WORDS[COMP_CWORD - 1]}" == "=" ]]; then equals=1; fi
  for ((index = COMP_CWORD - 1; index > 0; index--)); do
    if [[ "\${COMP_WORDS[index]}" == -* ]]; then option="\${COMP_WORDS[index]}"; break; fi
  done
  # An option that takes one word has had it further on.
  local next=""
  if ((COMP_CWORD - index <= 1 \${equals:+ + 1})); then next=1; fi
  case "$command:$option" in
${values.join("\n")}
  esac
  if ((COMP_CWORD == 1)); then words=${quoteForShell(names.join(" "))}; fi
  if [[ -n "$directories" ]]; then
    mapfile -t COMPREPLY < <(compgen -d -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word"; [[ -n "$option" && -n "$words" ]] || compgen -f -- "$word")
  fi
}
complete -o filenames -F _wrap_buddy wrap-buddy
`;
}

/** What an option's value is completed with; undefined: any file. */
function offeredBy(spec: OptionSpec): string | undefined {
  const choices = "choices" in spec ? spec.choices : undefined;
  const isDirectory = "hint" in spec && spec.hint === "directory";
  const offer = choices ? `words=${quoteForShell(choices.join(" "))}` : isDirectory ? "directories=1" : undefined;
  if (offer === undefined || spec.kind === "list") return offer;
  return `if [[ -n "$${spec.kind === "optional" ? "equals" : "next"}" ]]; then ${offer}; fi`;
}
