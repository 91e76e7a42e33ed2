// The help text and the README's table, from the table of options.

import type { OptionGroup, OptionSpec, OptionTable } from "./option-spec.ts";

/** A command, as much of it as the help text shows. */
export interface CommandSummary {
  readonly name: string;
  readonly summary: string;
}

const width = 100;
const indent = 6;

/** What `--help` prints, not wider than 100 columns. */
export function helpText(
  usage: string,
  summary: string,
  table: OptionTable,
  commands: readonly CommandSummary[],
): string {
  const groups = new Set<OptionGroup>(Object.values(table).map(({ group }) => group));
  const sections = [...groups].map((group) => {
    const options = Object.entries(table).filter(([, spec]) => spec.group === group);
    return [`${group}:`, ...options.flatMap(([name, spec]) => describeOption(name, spec))].join("\n");
  });
  const others = commands.length === 0 ? [] : [["Commands:", ...commands.map(describeCommand)].join("\n")];
  const exits = "Exit status: 0 done or nothing to do, 1 not done, 2 wrong usage, 70 a bug.";
  const parts = [`usage: ${usage}`, wrapText(summary, 0).join("\n"), ...others, ...sections, exits];
  return `${parts.join("\n\n")}\n`;
}

/** A Markdown table of the options of one command. */
export function optionsMarkdown(table: OptionTable): string {
  const rows = Object.entries(table).map(([name, spec]) => {
    const cells = [`\`${signature(name, spec)}\``, spec.description, defaultOf(spec)];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return ["| option | meaning | default |", "| --- | --- | --- |", ...rows, ""].join("\n");
}

function describeCommand({ name, summary }: CommandSummary): string {
  return `  ${name.padEnd(10)} ${summary}`;
}

function describeOption(name: string, spec: OptionSpec): readonly string[] {
  const fallback = defaultOf(spec);
  const description = fallback === "" ? spec.description : `${spec.description} (default: ${fallback})`;
  return [`  ${signature(name, spec)}`, ...wrapText(description, indent)];
}

/** "--libs DIR…", "--[no-]pin", "-q, --quiet". */
export function signature(name: string, spec: OptionSpec): string {
  switch (spec.kind) {
    case "list":
    case "value":
      return `--${name} ${spec.placeholder}`;
    case "choice":
      return `--${name} ${spec.choices.join("|")}`;
    case "toggle":
      return spec.default === true ? `--no-${name}` : `--[no-]${name}`;
    case "flag":
      return spec.alias === undefined ? `--${name}` : `-${spec.alias}, --${name}`;
    case "count":
      return `-${spec.alias}, --${name}`;
    default:
      return spec satisfies never;
  }
}

function defaultOf(spec: OptionSpec): string {
  if (spec.kind === "choice") return spec.default ?? "";
  return spec.kind === "toggle" ? (spec.defaultText ?? "") : "";
}

function wrapText(text: string, left: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && left + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((one) => `${" ".repeat(left)}${one}`);
}
