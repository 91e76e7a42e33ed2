// How options are written in documents: the man page, and the tables of the command line's page. What --help prints is
// yargs' work.

import type { OptionSpec, OptionTable } from "../options/option-spec.ts";

/** The options of `table` that mean something else in `described`, or are not in it. */
export function ownOptions(table: OptionTable, described: OptionTable): OptionTable {
  const others = Object.entries(table).filter(([name, spec]) => described[name]?.description !== spec.description);
  return Object.fromEntries(others);
}

/** The names of an option that change something, with their dashes, and what stands for its value; "" without one. */
export function signatureParts(
  name: string,
  spec: OptionSpec,
): { readonly names: readonly string[]; readonly value: string } {
  switch (spec.kind) {
    case "list":
    case "value":
      return { names: [`--${name}`], value: spec.placeholder };
    case "choice":
      return { names: [`--${name}`], value: spec.choices.join("|") };
    case "toggle":
      return { names: spec.default === true ? [`--no-${name}`] : [`--${name}`, `--no-${name}`], value: "" };
    case "optional":
      return { names: [`--${name}[=${spec.placeholder}]`, `--no-${name}`], value: "" };
    case "flag":
    case "count":
      return { names: spec.alias === undefined ? [`--${name}`] : [`-${spec.alias}`, `--${name}`], value: "" };
    default:
      return spec satisfies never;
  }
}

/** What counts without the option, in words; "" where that is plain. */
export function defaultOf(spec: OptionSpec): string {
  if (spec.kind === "choice") return spec.default ?? "";
  return spec.kind === "toggle" || spec.kind === "optional" ? (spec.defaultText ?? "") : "";
}
