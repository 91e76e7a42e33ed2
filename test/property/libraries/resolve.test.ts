import { copyFileSync, existsSync, readFileSync, statSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { LibraryIssue } from "../../../src/linker/solve/library-issue.ts";
import { libraryDefaults } from "../../../src/linker/solve/library-settings.ts";
import type { Resolution } from "../../../src/linker/solve/resolution.ts";
import { createLibraryIndex, type ResolveContext, resolve } from "../../../src/linker/solve/resolve.ts";
import { createResolver } from "../../../src/linker/solve/twins.ts";
import { createLibraryTree, type LibraryTree } from "../../support/simulated/library-tree.ts";
import { traceProgram } from "../../support/simulated/real-linker.ts";
import { glibcLinker, interpreterAt, readElf } from "../../support/simulated/simulate.ts";
import { fuzzSeed } from "../../support/vitest/fuzz-time.ts";
import { type RandomTree, randomTree, specOf, writeRandomTree } from "./random-tree.ts";

/** The same files in every run of npm test; set SEED for others, RUNS for more. */
const seed = Number(process.env["SEED"] ?? fuzzSeed);
const numRuns = Number(process.env["RUNS"] ?? 120);

const interpreter = interpreterAt(glibcLinker);

interface Case {
  readonly bundle: RandomTree;
  readonly outside: RandomTree;
  readonly runPathMode: ResolveContext["runPathMode"];
  readonly relocatable: boolean;
  readonly pin: boolean;
  readonly ignoreExistingRunPath: boolean;
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  bundle: randomTree,
  outside: randomTree,
  runPathMode: fc.constantFrom("auto", "auto", "auto", "runpath", "rpath"),
  relocatable: fc.boolean(),
  pin: fc.boolean(),
  ignoreExistingRunPath: fc.boolean(),
});

function bundledLibraries(random: RandomTree, tree: LibraryTree): readonly string[] {
  const all = [...random.libraries, ...random.links].map(({ directory, name }) => tree.at(`${directory}/${name}`));
  return [...new Set(all)].filter((path) => existsSync(path)).sort();
}

interface Prepared {
  readonly program: string;
  readonly context: ResolveContext;
  readonly resolution: Resolution;
}

function prepare(one: Case, bundle: LibraryTree, outside: LibraryTree): Prepared {
  const program = writeRandomTree(one.bundle, bundle);
  writeRandomTree(one.outside, outside);
  const context: ResolveContext = {
    ...libraryDefaults,
    index: createLibraryIndex(),
    interpreter,
    trees: [bundle.root],
    bundledLibraries: bundledLibraries(one.bundle, bundle),
    packageOf: () => "",
    libraryDirectories: [outside.at("c"), outside.at("a")],
    fallbackLibraryDirectories: [outside.at("b")],
    runPathMode: one.runPathMode,
    ignoreExistingRunPath: one.ignoreExistingRunPath,
    relocatable: one.relocatable,
    pin: one.pin,
  };
  return { program, context, resolution: resolve(readElf(program), program, context) };
}

/** The executable as a wrapped one looks to ld.so. */
function writeInstalled(one: Case, bundle: LibraryTree, resolution: Resolution): string {
  const { rpath: _rpath, runpath: _runpath, ...spec } = specOf(one.bundle.executable, bundle, "bin");
  const { soname } = one.bundle.executable;
  const runPath = resolution.runPath.join(":");
  return bundle.executable("bin/installed", {
    ...spec,
    ...(soname === undefined ? {} : { soname }),
    ...(runPath === "" ? {} : { [resolution.runPathTag]: runPath }),
    needed: [...resolution.neededFirst, ...spec.needed, ...resolution.neededLast],
  });
}

function withTrees(run: (bundle: LibraryTree, outside: LibraryTree) => void): void {
  const bundle = createLibraryTree();
  const outside = createLibraryTree();
  try {
    run(bundle, outside);
  } finally {
    bundle.remove();
    outside.remove();
  }
}

function missing(issues: readonly LibraryIssue[], severity: LibraryIssue["severity"]) {
  return issues.flatMap((issue) => (issue.kind === "missing-library" && issue.severity === severity ? [issue] : []));
}

test("ld.so loads the installed program as the resolution says", { timeout: 600_000 }, () => {
  console.info(`seed ${seed}, ${numRuns} bundles`);
  fc.assert(
    fc.property(anyCase, (one) =>
      withTrees((bundle, outside) => {
        const { resolution } = prepare(one, bundle, outside);
        const real = traceProgram(writeInstalled(one, bundle, resolution));
        if (real.status !== 0) {
          // A file that ends the load, and that no order of directories gets around.
          const paths = resolution.issues.flatMap((issue) => (issue.kind === "rejected-candidate" ? [issue.path] : []));
          expect(missing(resolution.issues, "error")).not.toEqual([]);
          expect(
            paths.filter((path) => real.output.includes(`${path}: `)),
            real.output,
          ).toHaveLength(1);
          return;
        }
        const expected = resolution.loadOrder.slice(1).filter(({ provenance }) => provenance.kind !== "interpreter");
        const found = real.objects.filter(({ path }) => path !== undefined && path !== glibcLinker);
        expect(
          found.map(({ path }) => path),
          real.output,
        ).toEqual(expected.map(({ path }) => path));
        const absent = real.objects.flatMap(({ name, path }) => (path === undefined ? [name] : []));
        expect(new Set(absent)).toEqual(new Set(missing(resolution.issues, "error").map(({ name }) => name)));
      }),
    ),
    { seed, numRuns, endOnFailure: false },
  );
});

test("what some directory of the search has is never missing from a load", { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(anyCase, (one) =>
      withTrees((bundle, outside) => {
        const { resolution, context } = prepare(one, bundle, outside);
        const bundled = context.bundledLibraries.map((path) => path.slice(0, path.lastIndexOf("/")));
        const directories = [...bundled, ...context.libraryDirectories, ...context.fallbackLibraryDirectories];
        // Two directories that each end the load for a library of the other cannot both be searched.
        const ending = resolution.issues.flatMap((issue) =>
          issue.kind === "rejected-candidate" && isEnding(issue.path) ? [issue.name] : [],
        );
        const unfound = missing(resolution.issues, "error").filter(
          ({ name }) => !name.includes("/") && !ending.includes(name),
        );
        const wrongly = unfound.flatMap(({ name }) =>
          directories.map((directory) => `${directory}/${name}`).filter((path) => isLoadable(path)),
        );
        expect(wrongly).toEqual([]);
      }),
    ),
    { seed, numRuns, endOnFailure: false },
  );
});

/** Whether ld.so gives up at this file. */
function isEnding(path: string): boolean {
  const start = readFileSync(path).subarray(0, 8);
  return start.subarray(0, 4).toString("latin1") !== "\u007fELF" || start[7] === 9;
}

function isLoadable(path: string): boolean {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
  if (readFileSync(path).subarray(0, 4).toString("latin1") !== "\u007fELF") return false;
  const { machine, elfClass, osAbi } = readElf(path).header;
  return machine === 62 && elfClass === 64 && osAbi === 0;
}

test("an executable that differs from another in its name only is resolved like any other", {
  timeout: 600_000,
}, () => {
  fc.assert(
    fc.property(anyCase, (one) =>
      withTrees((bundle, outside) => {
        const { program, context, resolution } = prepare(one, bundle, outside);
        const twin = bundle.at("bin/twin");
        copyFileSync(program, twin);
        const resolveInRun = createResolver();
        // A run of its own for each resolver: what a plug-in misses is told once a run.
        const run = (): ResolveContext => ({ ...context, index: createLibraryIndex() });
        const [first, second] = [run(), run()];
        expect(resolveInRun(readElf(program), program, first)).toEqual(resolution);
        expect(resolve(readElf(program), program, second)).toEqual(resolution);
        expect(resolveInRun(readElf(twin), twin, first)).toEqual(resolve(readElf(twin), twin, second));
      }),
    ),
    { seed, numRuns, endOnFailure: false },
  );
});

test("pinning leaves the load of a random bundle as it is", { timeout: 600_000 }, () => {
  let pinned = 0;
  fc.assert(
    fc.property(anyCase, (one) =>
      withTrees((bundle, outside) => {
        const { resolution } = prepare({ ...one, pin: true }, bundle, outside);
        if (resolution.neededFirst.length > 0) pinned++;
        const before = traceProgram(writeInstalled(one, bundle, { ...resolution, neededFirst: [] }));
        const after = traceProgram(writeInstalled(one, bundle, resolution));
        const paths = (real: typeof before) =>
          real.objects.flatMap(({ path }) => (path === undefined || path === glibcLinker ? [] : [path]));
        expect(paths(after), after.output).toEqual(paths(before));
      }),
    ),
    { seed, numRuns, endOnFailure: false },
  );
  expect(pinned).toBeGreaterThan(numRuns / 5);
});
