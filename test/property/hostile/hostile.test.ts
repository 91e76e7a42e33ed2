// Damaged executables, libraries and sidecars, thousands of them, at every command: nothing but a report comes out, in
// bounded time and memory; nothing is changed where it must not be; and what is wrapped can be restored.

import { expect, test } from "vitest";
import { fuzzSeconds, fuzzSeed } from "../../support/vitest/fuzz-time.ts";
import { type Effort, runCases } from "./run-cases.ts";
import { compiledSeeds, generatedSeeds } from "./seeds.ts";
import type { Finding, Summary } from "./task.ts";

const variable = (name: string): number | undefined => {
  const text = process.env[name];
  return text === undefined || text === "" ? undefined : Number(text);
};

/** SEED and CASE repeat one case, SEED and RUNS a whole run. */
const seed = variable("SEED") ?? fuzzSeed;
const one = variable("CASE");
const count = variable("RUNS") ?? (fuzzSeconds === undefined ? 1000 : 200_000);
const effort: Effort =
  one === undefined
    ? { seed, first: 0, end: count, threads: fuzzSeconds === undefined ? 1 : 2 }
    : { seed, first: one, end: one + 1, threads: 1 };

const command = (number: number) =>
  `SEED=${seed} CASE=${number} npx vitest run --project property test/property/hostile`;

function shown({ number, title, file, complaints }: Finding): string {
  return [`case ${number}: ${title}`, ...complaints, `the damaged file: ${file}`, command(number)].join("\n");
}

/** How many files came to what end, over all threads. */
function total(summaries: readonly Summary[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [outcome, number] of summaries.flatMap(({ outcomes }) => outcomes)) {
    sums.set(outcome, (sums.get(outcome) ?? 0) + number);
  }
  return sums;
}

test("no damaged file leads to anything but a report and what the report says", { timeout: 3_600_000 }, async () => {
  const seeds = [...generatedSeeds(), ...(await compiledSeeds())];
  const start = performance.now();
  const { findings, summaries } = await runCases(seeds, effort);
  const seconds = Math.round((performance.now() - start) / 1000);
  console.info(`seed ${seed}, ${effort.end - effort.first} damaged files in ${seconds} s, ${findings.length} findings`);
  const sums = total(summaries);
  console.info([...sums].map(([outcome, number]) => `${number} ${outcome}`).join("\n"));
  for (const { largest } of summaries) console.info(`largest: ${JSON.stringify(largest)}`);
  expect(findings.slice(0, 20).map(shown).join("\n\n")).toBe("");
  // Damage that is always noticed, or never, would show little.
  if (one !== undefined) return;
  for (const end of [
    "read: refused",
    "read: partly",
    "wrapped and restored",
    "in place and restored",
    "way back: unwrapped",
  ]) {
    expect(sums.get(end) ?? 0).toBeGreaterThan(count / 50);
  }
});
