// The results as tables for README. Nothing in them is typed by hand: npm run bench puts them there, a test compares.

import { readFileSync, writeFileSync } from "node:fs";
import type { Bytes, CorpusStart, Results, StartUp, Timed, Way } from "./results.ts";

type Row = readonly string[];

/** A table of Markdown. */
export function table(heading: Row, rows: readonly Row[]): string {
  return [heading, heading.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const ratio = (value: number | undefined): string => (value === undefined ? "" : value.toFixed(2));
const whole = (value: number | undefined): string => (value === undefined ? "" : value.toFixed(0));

const compared: readonly Way[] = ["original", "run path", "pinned", "in place", "shell wrapper"];

function startUpTable(results: readonly StartUp[]): string {
  const measured = compared.filter((way) => results.some(({ ways }) => ways[way] !== undefined));
  const both = (program: StartUp, field: "systemCalls" | "privateDirty"): string => {
    const [patchelf, pinned] = [program.ways.patchelf?.[field], program.ways.pinned?.[field]];
    return patchelf === undefined || pinned === undefined ? "" : `${whole(patchelf)} → ${whole(pinned)}`;
  };
  return table(
    ["start-up", "patchelf, µs", ...measured, "system calls, patchelf → pinned", "private dirty KB"],
    results.map((program) => [
      program.name,
      whole(program.ways.patchelf?.median),
      ...measured.map((way) => ratio(program.ways[way]?.toPatchelf)),
      both(program, "systemCalls"),
      both(program, "privateDirty"),
    ]),
  );
}

/** What each library adds to hello world: what is left of a start-up, and how much of it is the loader's own. */
function perLibraryTable(results: readonly StartUp[]): string | undefined {
  const hello = results.find(({ name }) => name === "hello world");
  const fields = ["opens", "maps", "pageFaults"] as const;
  const rows = results.flatMap((program): readonly Row[] => {
    const count = Number(/^(\d+) librar/.exec(program.name)?.[1] ?? 0);
    if (count === 0 || program.ways.pinned?.opens === undefined) return [];
    const perLibrary = (way: Way, field: (typeof fields)[number]): string => {
      const [own, base] = [program.ways[way]?.[field], hello?.ways[way]?.[field]];
      return own === undefined || base === undefined ? "" : ((own - base) / count).toFixed(1);
    };
    return [[program.name, ...fields.map((one) => `${perLibrary("patchelf", one)} → ${perLibrary("pinned", one)}`)]];
  });
  if (rows.length === 0) return undefined;
  const bare = fields.map((one) => `${whole(hello?.ways.patchelf?.[one])} → ${whole(hello?.ways.pinned?.[one])}`);
  return table(
    ["each library, patchelf → pinned", "opens", "maps of files", "page faults"],
    [["hello world, in all", ...bare], ...rows],
  );
}

function corpusTable(corpus: readonly CorpusStart[], bytes: readonly Bytes[]): string {
  return table(
    ["program", "MB", "start-up pinned, ms", "to the original's", "to patchelf's", "bytes read", "bytes written"],
    corpus.map(({ name, megabytes, pinned, toOriginal, toPatchelf }) => {
      const moved = bytes.find((one) => one.name === name);
      return [
        name,
        whole(megabytes),
        pinned.median.toFixed(1),
        toOriginal.toFixed(3),
        toPatchelf?.toFixed(3) ?? "patchelf breaks it",
        whole(moved?.read),
        whole(moved?.written),
      ];
    }),
  );
}

function wrappingTable(results: readonly Timed[]): string {
  return table(
    ["what", "ms", "ratio", "to", "peak MB"],
    results.map(({ name, time, toBase, base, memory }) => [
      name,
      whole(time.median),
      ratio(toBase),
      base,
      whole(memory),
    ]),
  );
}

/** The tables that there are results for. */
export function benchTables({ startUp, corpus, wrapping, bytes }: Results): string {
  const tables = [
    ...(startUp.length === 0 ? [] : [startUpTable(startUp)]),
    ...[perLibraryTable(startUp)].filter((one) => one !== undefined),
    ...(corpus.length === 0 ? [] : [corpusTable(corpus, bytes)]),
    ...(wrapping.length === 0 ? [] : [wrappingTable(wrapping)]),
  ];
  return tables.join("\n\n");
}

const begin = "<!-- made by npm run bench -->\n";
const end = "<!-- end -->";

/** A page with these tables between its two marks. */
export function withBenchTables(readme: string, tables: string): string {
  const [before, rest] = readme.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error("README has no place for the benchmarks");
  return `${before}${begin}${tables}\n${end}${after}`;
}

/** Puts the results into the README at `path`. */
export function updateReadme(path: string, results: Results): void {
  writeFileSync(path, withBenchTables(readFileSync(path, "utf8"), benchTables(results)));
}
