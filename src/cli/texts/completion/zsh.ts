// Source: zsh manual, "Completion System", _arguments, _describe.

import { quoteForShell } from "../../../report/shell-words.ts";
import type { OptionSpec } from "../../options/option-spec.ts";
import { type CompletedCommand, type CompletedCommands, letterOf, longNames } from "./completed-command.ts";

/** The script that zsh reads, as a file `_wrap-buddy` of its function path. */
export function zshScript(commands: CompletedCommands): string {
  const [first] = commands;
  const described = commands.map(({ name, summary }) => `    ${quoteForShell(`${name}:${escaped(summary)}`)}`);
  const cases = commands.map(
    (command) => `    ${command.name})
      _arguments -s : \\
${argumentsOf(command)}
      ;;`,
  );
  return `#compdef wrap-buddy
_wrap_buddy() {
  local command=${first.name}
  local -a commands=(
${described.join("\n")}
  )
  if (( CURRENT == 2 )) && [[ "$words[2]" != -* ]]; then
    _describe -t commands command commands
    _files
    return
  fi
  if (( CURRENT > 2 )) && [[ "$words[2]" == (${commands.map(({ name }) => name).join("|")}) ]]; then
    command="$words[2]"
    shift words
    (( CURRENT-- ))
  fi
  # A list goes on to the next option.
  local option="" index
  if [[ "$words[CURRENT]" != -* ]]; then
    for (( index = CURRENT - 1; index > 1; index-- )); do
      if [[ "$words[index]" == -* ]]; then option="$words[index]"; break; fi
    done
  fi
  case "$command:$option" in
    ${directoryLists(commands).join("|")}) _files -/; return ;;
  esac
  case "$command" in
${cases.join("\n")}
  esac
}
_wrap_buddy "$@"
`;
}

/** The options that take any number of directories, each with its command. */
function directoryLists(commands: CompletedCommands): readonly string[] {
  return commands.flatMap(({ name, options }) =>
    Object.entries(options).flatMap(([option, spec]) =>
      spec.kind === "list" && spec.hint === "directory" ? [`${name}:--${option}`] : [],
    ),
  );
}

function argumentsOf({ options }: CompletedCommand): string {
  const specs = Object.entries(options).flatMap(([name, spec]) => {
    const letter = letterOf(spec);
    const forms = [...longNames(name, spec), ...(letter === undefined ? [] : [`-${letter}`])];
    return forms.map((form) => `        ${quoteForShell(specOf(form, spec))} \\`);
  });
  return `${specs.join("\n")}\n        '*:path:_files'`;
}

/** A list may be given again. */
function specOf(form: string, spec: OptionSpec): string {
  const repeated = spec.kind === "list" || spec.kind === "count" ? "*" : "";
  return `${repeated}${form}${valueMark(form, spec)}[${escaped(spec.description)}]${valueSpec(form, spec)}`;
}

/** After a word of its own, or after an equals sign. */
function valueMark(form: string, spec: OptionSpec): string {
  if (!form.startsWith("--") || form.startsWith("--no-")) return "";
  if (spec.kind === "optional") return "=-";
  return spec.kind === "choice" || spec.kind === "list" || spec.kind === "value" ? "=" : "";
}

function valueSpec(form: string, spec: OptionSpec): string {
  if (form.startsWith("--no-")) return "";
  if (spec.kind === "choice") return `:value:(${spec.choices.join(" ")})`;
  if (spec.kind === "optional") return `::value:${spec.choices ? `(${spec.choices.join(" ")})` : "_files -/"}`;
  if (spec.kind !== "list" && spec.kind !== "value") return "";
  const action = spec.hint === "directory" ? "_files -/" : spec.hint === "path" ? "_files" : " ";
  return `:${spec.hint}:${action}`;
}

function escaped(text: string): string {
  return text.replaceAll(/[[\]\\:]/g, "\\$&");
}
