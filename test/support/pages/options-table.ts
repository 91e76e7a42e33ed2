// The tables of options on the command line's page, which the declarations of the options make.

import type { OptionSpec, OptionTable } from "../../../src/cli/options/option-spec.ts";
import { defaultOf, ownOptions, signatureParts } from "../../../src/cli/texts/help.ts";

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

/** "--libs DIR…", "--[no-]pin", "-q, --quiet". */
export function signature(name: string, spec: OptionSpec): string {
  if (spec.kind === "toggle") return spec.default === true ? `--no-${name}` : `--[no-]${name}`;
  if (spec.kind === "optional") return `--[no-]${name}[=${spec.placeholder}]`;
  const { names, value } = signatureParts(name, spec);
  return `${names.join(", ")}${value === "" ? "" : ` ${value}`}`;
}
