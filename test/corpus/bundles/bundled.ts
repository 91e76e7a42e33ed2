// What became of each program in a bundle, as a table for bundle's page. `UPDATE_CORPUS=1 npm run test:corpus` writes it; a
// unit test compares.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface BundledProgram {
  readonly name: string;
  /** Of all files of the bundle. */
  readonly megabytes: number;
  /** What it did. */
  readonly does: string;
  /** Paths that were given beside the program. */
  readonly with: readonly string[];
  /** Variables that were set. */
  readonly set: readonly string[];
  /** How many absolute paths its files have that lead to something on the machine that made it. */
  readonly names: number;
  /** What it opened or started outside of the bundle while it did that. */
  readonly opened: readonly string[];
}

const here = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const results = here("test/corpus/bundles/bundled.json");
const page = here("src/commands/bundle/README.md");

const code = (texts: readonly string[]): string => texts.map((text) => `\`${text}\``).join(", ");
/** So many are named. */
const most = 3;

function openedCell(opened: readonly string[]): string {
  if (opened.length === 0) return "nothing";
  const rest = opened.length - most;
  return opened.length <= most ? code(opened) : `${code(opened.slice(0, most))} and ${rest} more`;
}

/** The rows in the order of their names. */
export function bundledTable(programs: readonly BundledProgram[]): string {
  const cells = [
    ["program", "MB", "what it did", "also given", "set", "paths in its files", "opened outside"],
    ["---", "---", "---", "---", "---", "---", "---"],
    ...[...programs]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((row) => [
        row.name,
        `${row.megabytes}`,
        row.does,
        code(row.with),
        code(row.set),
        `${row.names}`,
        openedCell(row.opened),
      ]),
  ];
  return cells.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

const begin = "<!-- made by UPDATE_CORPUS=1 npm run test:corpus -->\n";
const end = "<!-- end -->";

/** The page with the table between its two marks. */
export function withBundled(text: string, programs: readonly BundledProgram[]): string {
  const [before, rest] = text.split(begin);
  const [, ...after] = rest?.split(end) ?? [];
  if (before === undefined || after.length === 0) throw new Error("the page has no place for the programs");
  return `${before}${begin}${bundledTable(programs)}\n${end}${after.join(end)}`;
}

export function readBundled(): { readonly programs: readonly BundledProgram[]; readonly page: string } {
  return { programs: JSON.parse(readFileSync(results, "utf8")), page: readFileSync(page, "utf8") };
}

/** Puts rows in the place of those of the same names. */
export function updateBundled(rows: readonly BundledProgram[]): void {
  const { programs: old, page: text } = readBundled();
  const all = [...old.filter((one) => !rows.some((row) => row.name === one.name)), ...rows];
  const sorted = all.sort((a, b) => (a.name < b.name ? -1 : 1));
  writeFileSync(results, `${JSON.stringify(sorted, null, 2)}\n`);
  writeFileSync(page, withBundled(text, sorted));
}
