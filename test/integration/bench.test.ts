// npm run bench in small: every measurement can be made, and a trial publishes nothing.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { type BundleResults, bundleWays } from "../bench/bundles/results.ts";
import type { Results } from "../bench/results.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const published = ["test/bench/results.json", "test/bench/start-up.svg", "test/bench/bundles/results.json"];

describe("a trial of the benchmarks", () => {
  let results: Results;
  let stdout = "";
  let before: readonly string[];
  const readPublished = (): readonly string[] => published.map((path) => readFileSync(`${root}${path}`, "utf8"));

  beforeAll(async () => {
    before = readPublished();
    const outfile = `${root}build/bench/trial.js`;
    await build({
      absWorkingDir: root,
      entryPoints: ["test/bench/bench.ts"],
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      outfile,
      logLevel: "error",
    });
    ({ stdout } = await execa(process.execPath, [outfile], { env: { WRAP_BUDDY_BENCH_ROUNDS: "1" } }));
    results = JSON.parse(readFileSync(`${root}build/bench/results.json`, "utf8"));
  });

  it("starts every program in every way, and counts what happens before main", () => {
    expect(results.startUp.map(({ name }) => name)).toEqual(["hello world", "10 libraries", "lightningcss"]);
    for (const { name, ways } of results.startUp) {
      expect(Object.keys(ways), name).toEqual([
        "original",
        "patchelf",
        "run path",
        "pinned",
        "in place",
        "shell wrapper",
      ]);
      for (const { median } of Object.values(ways)) expect(median).toBeGreaterThan(100);
    }
    const [hello, libraries] = results.startUp;
    expect(hello?.ways.patchelf).toMatchObject({ systemCalls: expect.any(Number), privateDirty: expect.any(Number) });
    // The loader itself opens its sidecar and the dynamic linker, and faults on few pages; each library is opened once.
    const added = (["opens", "pageFaults"] as const).map(
      (field) => (hello?.ways.pinned?.[field] ?? Number.NaN) - (hello?.ways.patchelf?.[field] ?? Number.NaN),
    );
    const [opens = Number.NaN, faults = Number.NaN] = added;
    expect([opens <= 4, faults <= 40], `${opens} opens, ${faults} page faults`).toEqual([true, true]);
    expect((libraries?.ways.pinned?.opens ?? 0) - (hello?.ways.pinned?.opens ?? 0)).toBe(10);
    const calls = libraries?.ways;
    expect(calls?.pinned?.systemCalls).toBeLessThan((calls?.patchelf?.systemCalls ?? 0) / 2);
    expect(calls?.["in place"]?.systemCalls).toBe(calls?.patchelf?.systemCalls);
  });

  it("wraps large executables, trees and those of the corpus", () => {
    expect(results.corpus.map(({ name }) => name)).toContain("node");
    expect(results.wrapping.map(({ name, toBase }) => [name, toBase > 0])).toEqual([
      ["`wrap-buddy --version`", true],
      ["the hook, with nothing to wrap", true],
      [expect.stringMatching(/^wrap one executable of \d+ MB$/), true],
      [expect.stringMatching(/^wrap the 2 largest executables here, \d+ MB$/), true],
      [expect.stringMatching(/^wrap the \d+ executables of the development dependencies, \d+ MB$/), true],
      ["wrap a tree of 200 files, 14 of them executables", true],
      ["wrap a tree of 200 files, 14 of them executables", true],
      ["wrap a tree of 2,000 files, 140 of them executables", true],
      ["wrap a tree of 200 files, 14 of them executables, on the disk", true],
      ["unwrap a tree of 200 files, 14 of them executables, on the disk", true],
    ]);
    // Of that a page each for the end of every segment that is not written, where a record would stand, and of node 32 KB
    // that belong to no section: where a program that was made into one file has its addons.
    for (const { name, read, written } of results.bytes) {
      expect([name, read > 4096 && read < 98_304, written > 1000 && written < 16_384]).toEqual([name, true, true]);
    }
  });

  it("takes programs along in every way, of which a bundle alone is broken by nothing", () => {
    const bundles: BundleResults = JSON.parse(readFileSync(`${root}build/bench/bundles/results.json`, "utf8"));
    expect(bundles.ways.map(({ way }) => way)).toEqual(bundleWays);
    for (const { programs } of bundles.ways) expect(programs.map(({ name }) => name)).toEqual(["jq", "curl"]);
    const broken = Object.fromEntries(bundles.ways.map(({ way, breaks }) => [way, breaks]));
    expect(broken).toEqual({
      "as installed": [],
      "wrap-buddy bundle": [],
      patchelf: ["no shell", "`/proc/self/exe`"],
      "by hand": ["no shell", "`/proc/self/exe`"],
      proot: ["no shell"],
    });
  });

  it("prints tables, and leaves the published results as they are", () => {
    expect(stdout).toContain("| hello world | ");
    expect(readPublished()).toEqual(before);
  });
});
