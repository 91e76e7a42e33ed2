// How options are written in documents: the README's table and the man page. What --help prints is yargs' work.

import type { OptionSpec, OptionTable } from "../options/option-spec.ts";

/** A Markdown table of the options of one command; below it the names of those that `described` has told already. */
export function optionsMarkdown(table: OptionTable, described: OptionTable = {}): string {
  const own = ownOptions(table, described);
  const rows = Object.entries(own).map(([name, spec]) => {
    const cells = [`\`${signature(name, spec)}\``, spec.description, defaultOf(spec)];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  const others = Object.entries(table).filter(([name]) => !Object.hasOwn(own, name));
  const names = others.map(
    ([name, spec]) => `\`${signatureParts(name, spec).names.find((one) => one.startsWith("--"))}\``,
  );
  return [
    "| option | meaning | default |",
    "| --- | --- | --- |",
    ...rows,
    ...(names.length === 0 ? [] : ["", `As for wrap: ${names.join(", ")}.`]),
    "",
  ].join("\n");
}

/** The options of `table` that mean something else in `described`, or are not in it. */
export function ownOptions(table: OptionTable, described: OptionTable): OptionTable {
  const others = Object.entries(table).filter(([name, spec]) => described[name]?.description !== spec.description);
  return Object.fromEntries(others);
}

/** "--libs DIR…", "--[no-]pin", "-q, --quiet". */
export function signature(name: string, spec: OptionSpec): string {
  if (spec.kind === "toggle") return spec.default === true ? `--no-${name}` : `--[no-]${name}`;
  if (spec.kind === "optional") return `--[no-]${name}[=${spec.placeholder}]`;
  const { names, value } = signatureParts(name, spec);
  return `${names.join(", ")}${value === "" ? "" : ` ${value}`}`;
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
