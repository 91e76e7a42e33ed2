import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { BundleResults } from "../../bench/bundles/results.ts";
import { bundlesTable } from "../../bench/bundles/table.ts";
import type { Results } from "../../bench/results.ts";
import { drawStartUp } from "../../bench/start-up/picture.ts";
import { medianRatio, summarise } from "../../bench/statistics.ts";
import { benchTables, withBenchTables } from "../../bench/table.ts";

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const published: Results = JSON.parse(read("test/bench/results.json"));

test("README's benchmarks are those of results.json (npm run bench)", () => {
  const readme = read("test/bench/README.md");
  expect(withBenchTables(readme, benchTables(published))).toBe(readme);
});

test("the page of bundles has what results.json says of them (npm run bench)", () => {
  const page = read("src/commands/bundle/README.md");
  const results: BundleResults = JSON.parse(read("test/bench/bundles/results.json"));
  expect(withBenchTables(page, bundlesTable(results))).toBe(page);
});

test("the picture shows what results.json says (npm run bench)", () => {
  expect(drawStartUp(published.startUp)).toBe(read("test/bench/start-up.svg"));
});

test("results become tables, with an empty cell for what was not measured", () => {
  const times = { median: 1234.5, p10: 1000 };
  const results: Results = {
    rounds: 1,
    processors: 2,
    startUp: [
      {
        name: "hello",
        ways: {
          patchelf: { ...times, toPatchelf: 1, systemCalls: 59, privateDirty: 100 },
          pinned: { ...times, toPatchelf: 0.617, systemCalls: 37, privateDirty: 108 },
        },
      },
    ],
    corpus: [
      { name: "tool", megabytes: 99.4, rounds: 20, pinned: times, toOriginal: 0.98, toPatchelf: 1.004 },
      { name: "other", megabytes: 10, rounds: 20, pinned: times, toOriginal: 1.01 },
    ],
    wrapping: [{ name: "all", time: times, base: "`node -e 0`", toBase: 1.5, memory: 49.8 }],
    bytes: [{ name: "tool", megabytes: 99.4, read: 33_000, written: 5000 }],
  };
  expect(benchTables(results)).toMatchInlineSnapshot(`
    "| start-up | patchelf, µs | pinned | system calls, patchelf → pinned | private dirty KB |
    | --- | --- | --- | --- | --- |
    | hello | 1235 | 0.62 | 59 → 37 | 100 → 108 |

    | program | MB | start-up pinned, ms | to the original's | to patchelf's | bytes read | bytes written |
    | --- | --- | --- | --- | --- | --- | --- |
    | tool | 99 | 1234.5 | 0.980 | 1.004 | 33000 | 5000 |
    | other | 10 | 1234.5 | 1.010 | patchelf breaks it |  |  |

    | what | ms | ratio | to | peak MB |
    | --- | --- | --- | --- | --- |
    | all | 1235 | 1.50 | \`node -e 0\` | 50 |"
  `);
});

test("README without a place for the benchmarks is an error", () => {
  expect(() => withBenchTables("# nothing", "| x |")).toThrow("no place");
});

test("a median ratio is the median of each round's ratio, not the ratio of the medians", () => {
  expect(medianRatio([10, 20, 90], [10, 10, 30])).toBe(2);
});

test("a summary has the median, and what a tenth of the values are below", () => {
  const values = Array.from({ length: 101 }, (_, index) => 100 - index);
  expect(summarise(values)).toEqual({ median: 50, p10: 10 });
});
