// The man page wrap-buddy.1, from the commands as they are declared. Source: mdoc(7) of mandoc.

import type { Command } from "../command.ts";
import type { OptionSpec, OptionTable } from "../options/option-spec.ts";
import { defaultOf, ownOptions, signatureParts } from "./help.ts";

/** The page in mdoc. `exitStatuses` are the program's, each with its meaning. */
export function manPage(
  commands: readonly Command[],
  exitStatuses: readonly (readonly [number, string])[],
  version: string,
): string {
  const [first] = commands;
  if (first === undefined) throw new Error("a program without a command has no man page");
  const sections = [
    [".Dd $Mdocdate$", ".Dt WRAP-BUDDY 1", `.Os wrap-buddy ${version}`],
    [".Sh NAME", ".Nm wrap-buddy", ".Nd make pre-built executables run on NixOS"],
    [".Sh SYNOPSIS", ...commands.flatMap((command) => synopsis(command, command === first))],
    [".Sh DESCRIPTION", text(first.description), ".Pp", "The commands are:", ...describeCommands(commands)],
    ...commands.map((command) => [
      `.Ss ${command.name}`,
      ...(command === first ? [] : [text(command.description)]),
      ...describeOptions(command === first ? command.options : ownOptions(command.options, first.options)),
    ]),
    [
      ".Sh EXIT STATUS",
      ".Bl -tag -width 3n",
      ...exitStatuses.flatMap(([code, meaning]) => [`.It ${code}`, text(meaning)]),
      ".El",
    ],
    [
      ".Sh EXAMPLES",
      ...commands.flatMap(({ examples }) =>
        examples.flatMap(({ words, meaning }) => [text(`${meaning}:`), `.Dl wrap-buddy ${escaped(words)}`]),
      ),
    ],
    [".Sh SEE ALSO", ".Xr patchelf 1 ,", ".Xr ld.so 8"],
  ];
  return `${sections.flat().join("\n")}\n`;
}

function synopsis({ name }: Command, isDefault: boolean): readonly string[] {
  return [".Nm", ...(isDefault ? [`.Op Cm ${name}`] : [`.Cm ${name}`]), ".Op Ar option ...", ".Ar path ..."];
}

function describeCommands(commands: readonly Command[]): readonly string[] {
  return [
    ".Bl -tag -width inspect",
    ...commands.flatMap(({ name, summary }) => [`.It Cm ${name}`, text(summary)]),
    ".El",
  ];
}

function describeOptions(options: OptionTable): readonly string[] {
  return [".Bl -tag -width Ds", ...Object.entries(options).flatMap(describeOption), ".El"];
}

function describeOption([name, spec]: readonly [string, OptionSpec]): readonly string[] {
  const { names, value } = signatureParts(name, spec);
  const flags = names.map((one) => `Fl ${escaped(one.slice(1))}`).join(" , ");
  const fallback = defaultOf(spec);
  const description = fallback === "" ? spec.description : `${spec.description} (default: ${fallback})`;
  return [`.It ${flags}${value === "" ? "" : ` Ar ${escaped(value)}`}`, text(`${description}.`)];
}

/** Sentences, each on its line; one that begins with a dot or an apostrophe would be a request. */
function text(sentences: string): string {
  const lines = sentences.replaceAll(/([.:]) (?=[A-Z])/g, "$1\n").split("\n");
  return lines.map((line) => (/^[.']/.test(line) ? `\\&${escaped(line)}` : escaped(line))).join("\n");
}

function escaped(words: string): string {
  return words.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("…", " ...").replaceAll("  ", " ");
}
