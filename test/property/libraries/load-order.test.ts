import fc from "fast-check";
import { expect, test } from "vitest";
import type { Load } from "../../../src/linker/load/load-order.ts";
import { createLibraryTree } from "../../support/simulated/library-tree.ts";
import { type TracedObject, traceProgram, traceWith } from "../../support/simulated/real-linker.ts";
import { glibcLinker, interpreterAt, muslLinker, reportOf, simulateFile } from "../../support/simulated/simulate.ts";
import { fuzzSeed } from "../../support/vitest/fuzz-time.ts";
import { i386, muslOnX86_64, type RandomTree, randomTree, writeRandomTree, x86_64 } from "./random-tree.ts";

/** The same files in every run of npm test; set SEED for others, RUNS for more. */
const seed = Number(process.env["SEED"] ?? fuzzSeed);
const numRuns = Number(process.env["RUNS"] ?? 200);

/**
 * When something is missing ld.so does not care where its trace lists itself (elf/rtld.c says so), and does not start.
 */
function comparable(objects: readonly TracedObject[]): readonly TracedObject[] {
  const isComplete = objects.every(({ path }) => path !== undefined);
  return objects.filter(({ name }) => isComplete || !name.includes("/ld-linux"));
}

/** How much a random tree exercises: without this the trees could become such that nothing is found in any of them. */
function foundByRunPath({ objects }: Load): number {
  return objects.filter(({ provenance }) => provenance.kind === "rpath" || provenance.kind === "runpath").length;
}

test.each([
  ["64", x86_64, numRuns],
  ["32", i386, Math.ceil(numRuns / 4)],
] as const)(
  "the simulated load of a random %s-bit tree is the one that ld.so carries out",
  { timeout: 600_000 },
  (_, platform, numRuns) => {
    console.info(`seed ${seed}, ${numRuns} trees`);
    const interpreter = interpreterAt(platform.linker);
    let found = 0;
    fc.assert(
      fc.property(randomTree, (random) => {
        const tree = createLibraryTree();
        try {
          const program = writeRandomTree(random, tree, platform);
          const real = traceProgram(program);
          const load = simulateFile(program, interpreter);
          found += foundByRunPath(load);
          const refused = load.stoppedAt?.outcome?.refused.at(-1);
          if (refused === undefined) {
            expect(comparable(reportOf(load, platform.linker)), real.output).toEqual(comparable(real.objects));
          } else {
            expect(real.status).not.toBe(0);
            expect(real.output).toContain(`${refused.path}: `);
          }
        } finally {
          tree.remove();
        }
      }),
      { seed, numRuns, endOnFailure: false },
    );
    expect(found).toBeGreaterThan(numRuns / 3);
  },
);

/** musl loads a library of any machine, and lists itself under every name that it answers to. */
function forMusl(random: RandomTree): RandomTree {
  return { ...random, libraries: random.libraries.map((library) => ({ ...library, variant: "good" })) };
}

function missingLast(objects: readonly TracedObject[]): readonly TracedObject[] {
  const others = objects.filter(({ path }) => path !== glibcLinker);
  return [...others.filter(({ path }) => path !== undefined), ...others.filter(({ path }) => path === undefined)];
}

test("the simulated load of a random tree is the one that musl's linker carries out", { timeout: 600_000 }, () => {
  console.info(`seed ${seed}, ${numRuns} trees`);
  const interpreter = interpreterAt(muslLinker);
  let found = 0;
  fc.assert(
    fc.property(randomTree.map(forMusl), (random) => {
      const tree = createLibraryTree();
      try {
        const program = writeRandomTree(random, tree, muslOnX86_64);
        const real = traceWith(muslLinker, program);
        const load = simulateFile(program, interpreter);
        found += foundByRunPath(load);
        const simulated = reportOf(load, glibcLinker);
        expect(missingLast(simulated), real.output).toEqual(missingLast(real.objects));
      } finally {
        tree.remove();
      }
    }),
    { seed, numRuns, endOnFailure: false },
  );
  expect(found).toBeGreaterThan(numRuns / 3);
});
