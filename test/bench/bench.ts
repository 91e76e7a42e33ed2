// npm run bench: measures start-up and wrapping, prints tables, writes results.json and start-up.svg beside this file and
// the tables into README. A measurement, not a test: nothing passes or fails by a time. With few rounds
// (WRAP_BUDDY_BENCH_ROUNDS=3) it is a trial, on small trees, and writes to build/bench only.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { repository } from "../support/repository.ts";
import { createStore } from "../support/roots/store.ts";
import { removeTemporaryDirectories } from "../support/temporary-directory.ts";
import { measureBundles } from "./bundles/measure.ts";
import { bundlesTable } from "./bundles/table.ts";
import { dependencyExecutables, largestExecutables } from "./executables.ts";
import type { CorpusStart, Results, StartUp } from "./results.ts";
import { scale } from "./scale.ts";
import { measureCorpusStart } from "./start-up/corpus-starts.ts";
import { drawStartUp } from "./start-up/picture.ts";
import { addLibraries, foreignPrograms, prepare } from "./start-up/programs.ts";
import { measureStartUp } from "./start-up/start-up.ts";
import { benchTables, updateReadme, withBenchTables } from "./table.ts";
import { measureBytes } from "./wrapping/bytes.ts";
import { measureWrapping } from "./wrapping/wrapping.ts";

const root = fileURLToPath(repository);

/** A line for every step: the whole takes minutes. */
function say(text: string): void {
  console.error(`${Math.round(process.uptime())} s: ${text}`);
}

async function measure(): Promise<Results> {
  const store = createStore();
  const libraries = addLibraries(store);
  const startUp: StartUp[] = [];
  for (const program of await foreignPrograms(store, libraries)) {
    say(`start-up of ${program.name}`);
    startUp.push(await measureStartUp(store, await prepare(store, libraries, program), scale.rounds));
  }

  say("executables of the corpus");
  const largest = await largestExecutables();
  const corpus: CorpusStart[] = [];
  const others = scale.isTrial
    ? []
    : dependencyExecutables().filter(({ name }) => !largest.some((one) => one.name === name));
  for (const executable of [...largest, ...others]) {
    say(`start-up of ${executable.name}`);
    const start = await measureCorpusStart(executable);
    if (start === undefined) say(`${executable.name} is left out: it does not answer --version`);
    else corpus.push(start);
  }

  const slower = corpus.filter(({ toPatchelf = 0 }) => toPatchelf > 1.02).map(({ name }) => name);
  say(`slower pinned than patchelf's by more than 2 %: ${slower.length === 0 ? "none" : slower.join(", ")}`);

  say("wrapping");
  const wrapping = await measureWrapping(largest);
  const bytes = measureBytes([...largest, ...others]);
  return { rounds: scale.rounds, processors: cpus().length, startUp, corpus, wrapping, bytes };
}

/** Programs that are taken along: results and a page of their own. */
async function benchBundles(directory: string): Promise<void> {
  say("bundles");
  const results = await measureBundles();
  const tables = bundlesTable(results);
  console.log(tables);
  mkdirSync(`${directory}/bundles`, { recursive: true });
  writeFileSync(`${directory}/bundles/results.json`, `${JSON.stringify(results, null, 1)}\n`);
  const page = `${root}src/commands/bundle/README.md`;
  if (!scale.isTrial) writeFileSync(page, withBenchTables(readFileSync(page, "utf8"), tables));
}

async function benchWrapping(directory: string): Promise<void> {
  const results = await measure();
  console.log(benchTables(results));
  writeFileSync(`${directory}/results.json`, `${JSON.stringify(results, null, 1)}\n`);
  writeFileSync(`${directory}/start-up.svg`, drawStartUp(results.startUp));
  if (!scale.isTrial) updateReadme(`${root}test/bench/README.md`, results);
}

try {
  const directory = scale.isTrial ? `${root}build/bench` : `${root}test/bench`;
  mkdirSync(directory, { recursive: true });
  if (scale.only !== "bundles") await benchWrapping(directory);
  await benchBundles(directory);
  say(`written to ${directory}`);
} finally {
  removeTemporaryDirectories();
}
