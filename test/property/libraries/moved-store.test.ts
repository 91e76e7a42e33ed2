// Random stores that are moved in earnest: the real ld.so loads there what it loaded before, or the resolution has said
// that it will not.

import { realpathSync, renameSync, rmSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { libraryDefaults } from "../../../src/linker/solve/library-settings.ts";
import type { Resolution } from "../../../src/linker/solve/resolution.ts";
import { createLibraryIndex, resolve } from "../../../src/linker/solve/resolve.ts";
import { createLibraryTree, type LibraryTree } from "../../support/simulated/library-tree.ts";
import { traceProgram } from "../../support/simulated/real-linker.ts";
import { glibcLinker, interpreterAt, readElf } from "../../support/simulated/simulate.ts";
import { fuzzSeed } from "../../support/vitest/fuzz-time.ts";
import { type RandomTree, randomTree, specOf, writeRandomTree } from "./random-tree.ts";

/** The same files in every run of npm test; set SEED for others, RUNS for more. */
const seed = Number(process.env["SEED"] ?? fuzzSeed);
const numRuns = Number(process.env["RUNS"] ?? 120);

const interpreter = interpreterAt(glibcLinker);

/** A store path in a store that is the whole of `store`. */
function storePath(store: LibraryTree, name: string): LibraryTree {
  const below = (path: string) => `${name}/${path}`;
  return {
    root: store.at(name),
    at: (path) => store.at(below(path)),
    library: (path, spec) => store.library(below(path), { soname: path.slice(path.lastIndexOf("/") + 1), ...spec }),
    executable: (path, spec) => store.executable(below(path), spec),
    text: (path, content) => store.text(below(path), content),
    directory: (path) => store.directory(below(path)),
    link: (path, target) => store.link(below(path), target),
    remove: store.remove,
  };
}

interface Case {
  readonly package: RandomTree;
  readonly other: RandomTree;
  readonly pin: boolean;
}

const anyCase: fc.Arbitrary<Case> = fc.record({ package: randomTree, other: randomTree, pin: fc.boolean() });

function prepare(one: Case, store: LibraryTree): { readonly program: string; readonly resolution: Resolution } {
  const own = storePath(store, "package");
  const other = storePath(store, "other");
  const program = writeRandomTree(one.package, own);
  writeRandomTree(one.other, other);
  const resolution = resolve(readElf(program), program, {
    ...libraryDefaults,
    index: createLibraryIndex(),
    interpreter,
    trees: [own.root],
    bundledLibraries: [],
    packageOf: () => "",
    libraryDirectories: [own.at("a"), own.at("b"), other.at("c"), other.at("a"), other.at("b")],
    relocatable: "store",
    pin: one.pin,
    storeDirectory: store.root,
  });
  const { rpath: _rpath, runpath: _runpath, ...spec } = specOf(one.package.executable, own, "bin");
  const { soname } = one.package.executable;
  const runPath = resolution.runPath.join(":");
  const installed = own.executable("bin/installed", {
    ...spec,
    ...(soname === undefined ? {} : { soname }),
    ...(runPath === "" ? {} : { [resolution.runPathTag]: runPath }),
    needed: [...resolution.neededFirst, ...spec.needed, ...resolution.neededLast],
  });
  return { program: installed, resolution };
}

/** The files that are loaded, below the store, or why they are not. */
function filesLoaded(program: string, root: string): readonly string[] {
  const { status, objects, output } = traceProgram(program);
  if (status !== 0) return [`fails: ${output.replaceAll(root, "STORE").slice(0, 80)}`];
  return objects.map(({ name, path }) =>
    path === undefined
      ? `no ${name.replace(/^.*?library-tree-\w+(?:-moved)?/, "")}`
      : realpathSync.native(path).replace(root, ""),
  );
}

test("ld.so loads in a moved store what it loads in the store, unless the resolution says what is lost", () => {
  console.info(`seed ${seed}, ${numRuns} stores`);
  let lost = 0;
  fc.assert(
    fc.property(anyCase, (one) => {
      const store = createLibraryTree();
      const moved = `${store.root}-moved`;
      try {
        const { program, resolution } = prepare(one, store);
        const before = filesLoaded(program, store.root);
        if (before.some((file) => file.startsWith("fails"))) return;
        renameSync(store.root, moved);
        const after = filesLoaded(moved + program.slice(store.root.length), moved);
        const isLost = resolution.issues.some(({ kind }) => kind === "lost-by-move");
        if (isLost) lost++;
        expect([isLost, before]).toEqual([JSON.stringify(after) !== JSON.stringify(before), isLost ? before : after]);
      } finally {
        store.remove();
        rmSync(moved, { recursive: true, force: true });
      }
    }),
    { seed, numRuns, endOnFailure: false },
  );
  console.info(`${lost} of ${numRuns} would lose a library`);
  expect(lost).toBeLessThan(numRuns);
});
