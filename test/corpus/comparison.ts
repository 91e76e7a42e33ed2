// What became of each program of the corpus, wrapped and patched with patchelf, as a table for README. `UPDATE_CORPUS=1 npm
// run test:corpus` writes it; a unit test compares.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Ran } from "../support/sandbox.ts";

/** "same": output and exit status are the original's. */
export type Verdict = "same" | "other output" | "does not start";

export interface Compared {
  readonly package: string;
  readonly version: string;
  /** Of the executable, whole. */
  readonly megabytes: number;
  readonly work: string;
  readonly wrapped: Verdict;
  /** The same in its own unused bytes, where it has enough of them. */
  readonly inPlace: Verdict | "no room";
  readonly patchelf: Verdict;
}

const here = (name: string): string => fileURLToPath(new URL(`../../test/corpus/${name}`, import.meta.url));

/** Standard error has times and colours of its own. */
export function verdictOf(ran: Ran, expected: Ran): Verdict {
  if (ran.exitCode === expected.exitCode && ran.stdout === expected.stdout) return "same";
  // A signal, as bubblewrap passes it on, or what the kernel or the dynamic linker says.
  const isCrash = ran.exitCode >= 126;
  return isCrash ? "does not start" : "other output";
}

/** The rows in the order of their packages. */
function comparisonTable(rows: readonly Compared[]): string {
  const sorted = [...rows].sort((a, b) => (a.package < b.package ? -1 : 1));
  const cells = [
    ["program", "MB", "what it does", "wrapped", "in place", "patchelf"],
    ["---", "---", "---", "---", "---", "---"],
    ...sorted.map((row) => [
      `${row.package} ${row.version}`,
      `${row.megabytes}`,
      `\`${row.work}\``,
      row.wrapped,
      row.inPlace,
      row.patchelf,
    ]),
  ];
  return cells.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

const begin = "<!-- made by UPDATE_CORPUS=1 npm run test:corpus -->\n";
const end = "\n<!-- end -->";

/** README with the table between its two marks. */
export function withComparison(readme: string, rows: readonly Compared[]): string {
  const [before, rest] = readme.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error("README has no place for the comparison");
  return `${before}${begin}${comparisonTable(rows)}${end}${after}`;
}

export function readComparison(): { readonly rows: readonly Compared[]; readonly readme: string } {
  return {
    rows: JSON.parse(readFileSync(here("results.json"), "utf8")),
    readme: readFileSync(here("README.md"), "utf8"),
  };
}

/** Puts rows in the place of those of the same packages. */
export function updateComparison(rows: readonly Compared[]): void {
  const { rows: old, readme } = readComparison();
  const all = [...old.filter((one) => !rows.some((row) => row.package === one.package)), ...rows];
  const sorted = all.sort((a, b) => (a.package < b.package ? -1 : 1));
  writeFileSync(here("results.json"), `${JSON.stringify(sorted, null, 2)}\n`);
  writeFileSync(here("README.md"), withComparison(readme, sorted));
}
