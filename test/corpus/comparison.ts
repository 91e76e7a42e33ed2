// What became of each program of the corpus, wrapped and patched with patchelf, as a table for the corpus' page and a
// sentence for README. `UPDATE_CORPUS=1 npm run test:corpus` keeps the results, a group a file; `npm run update:readme`
// writes them down; a unit test compares.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type CorpusGroup, corpusGroups } from "../support/foreign/corpus.ts";
import { type Done, tooLong } from "./at-work/at-work.ts";
import { type PatchelfVersion, patchelfVersions } from "./at-work/patchelf.ts";

/** "same": output, exit status and the files that it made are the original's. */
export type Verdict = "same" | "other output" | "does not start" | "does not end";

export interface Compared {
  /** Of the program: a package may have two. */
  readonly name: string;
  readonly package: string;
  readonly version: string;
  /** What it was made with. */
  readonly toolchain: string;
  /** Of the program that does the work. */
  readonly megabytes: number;
  readonly does: string;
  readonly wrapped: Verdict;
  /** The same in its own unused bytes. "refused": it has not enough of them, or it needs what in place has not. */
  readonly inPlace: Verdict | "refused";
  /** "fails": patchelf itself. */
  readonly patchelf: { readonly [version in PatchelfVersion]: Verdict | "fails" };
}

const here = (name: string): string => fileURLToPath(new URL(`../../test/corpus/${name}`, import.meta.url));

/** Standard error has times and colours of its own. */
export function verdictOf(ran: Done, expected: Done): Verdict {
  const facts = ({ steps, made }: Done): string => JSON.stringify([steps, made]);
  if (facts(ran) === facts(expected)) return "same";
  if (ran.steps.at(-1)?.exitCode === tooLong) return "does not end";
  // A signal, as bubblewrap passes it on, or what the kernel or the dynamic linker says.
  const isCrash = (ran.steps[0]?.exitCode ?? 0) >= 126;
  return isCrash ? "does not start" : "other output";
}

const keyOf = ({ toolchain, name }: Compared): string => `${toolchain} ${name}`;
const byName = (a: Compared, b: Compared): number => (keyOf(a) < keyOf(b) ? -1 : 1);

/** A row a program, by what it was made with. */
function comparisonTable(rows: readonly Compared[]): string {
  const cells = [
    [
      "made with",
      "program",
      "MB",
      "what it does",
      "wrapped",
      "in place",
      ...patchelfVersions.map((version) => `patchelf ${version}`),
    ],
    ["---", "---", "---", "---", "---", "---", ...patchelfVersions.map(() => "---")],
    ...rows
      .toSorted(byName)
      .map((row) => [
        row.toolchain,
        `${row.name} of ${row.package} ${row.version}`,
        `${row.megabytes}`,
        row.does,
        marked(row.wrapped),
        row.inPlace === "refused" ? row.inPlace : marked(row.inPlace),
        ...patchelfVersions.map((version) => marked(row.patchelf[version])),
      ]),
  ];
  return cells.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

const marked = (verdict: string): string => (verdict === "same" ? verdict : `**${verdict}**`);

const times = (verdicts: readonly string[], ...wanted: readonly string[]): number =>
  verdicts.filter((verdict) => wanted.includes(verdict)).length;

/** What the table comes to. */
export function comparisonSummary(rows: readonly Compared[]): string {
  const placed = rows.map(({ inPlace }) => inPlace).filter((verdict) => verdict !== "refused");
  const wrapped = rows.map((row) => row.wrapped);
  return [
    `Of ${rows.length} programs ${times(wrapped, "same")} do the same as their originals when they are wrapped.`,
    `${placed.length} can be wrapped in place: ${times(placed, "same")} of these do the same.`,
    ...patchelfVersions.map((version) => {
      const verdicts = rows.map(({ patchelf }) => patchelf[version]);
      const broken = [times(verdicts, "does not start", "fails"), times(verdicts, "other output", "does not end")];
      return `After patchelf ${version}: ${times(verdicts, "same")} the same, ${broken[0]} that do not start, ${broken[1]} with other output.`;
    }),
  ].join("\n");
}

/** The cell of README's comparison that says what patchelf does to an executable's layout. */
function patchelfCell(rows: readonly Compared[]): string {
  const broken = patchelfVersions.map((version) => rows.filter(({ patchelf }) => patchelf[version] !== "same").length);
  const said = patchelfVersions.map((version, index) => `${version} breaks ${broken[index]}`).join(", ");
  return `rewritten; [${said} of ${rows.length} programs](test/corpus/README.md)`;
}

const begin = "<!-- made by UPDATE_CORPUS=1 npm run test:corpus -->\n";
const end = "\n<!-- end -->";

/** The corpus' page with summary and table between their two marks. */
export function withComparison(page: string, rows: readonly Compared[]): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error("the page has no place for the comparison");
  return `${before}${begin}${comparisonSummary(rows)}\n\n${comparisonTable(rows)}${end}${after}`;
}

/** README with what it says of patchelf. */
export function withPatchelfCell(readme: string, rows: readonly Compared[]): string {
  return readme.replace(/rewritten; \[[^\]]*\]\(test\/corpus\/README\.md\)/, patchelfCell(rows));
}

function readResults(group: CorpusGroup): readonly Compared[] {
  const path = here(`results/${group}.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : [];
}

/** The results of all groups. */
export function readComparison(): readonly Compared[] {
  return corpusGroups.flatMap(readResults);
}

/** Puts rows in the place of those of the same programs. Each group has a file: two of them may run at once. */
export function updateResults(group: CorpusGroup, rows: readonly Compared[]): void {
  const old = readResults(group).filter((one) => !rows.some((row) => row.name === one.name));
  const all = [...old, ...rows].toSorted(byName);
  writeFileSync(here(`results/${group}.json`), `${JSON.stringify(all, null, 2)}\n`);
}
