import { closeSync, openSync, readdirSync, readSync, realpathSync, statSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { ElfError } from "../../../src/elf/error.ts";
import { simulateLoad } from "../../../src/linker/load/load-order.ts";
import { createLibraryIndex } from "../../../src/linker/search/library-index.ts";
import { nativeSearch } from "../../../src/linker/search/native-search.ts";
import { libraryDefaults } from "../../../src/linker/solve/library-settings.ts";
import { programOf, type ResolveContext, resolve } from "../../../src/linker/solve/resolve.ts";
import { createLibraryTree } from "../../support/simulated/library-tree.ts";
import { type Traced, type TracedObject, traceManyWith } from "../../support/simulated/real-linker.ts";
import { glibcLinker, interpreterAt, readElf, reportOf } from "../../support/simulated/simulate.ts";

/** The machine's own programs: every executable of /usr/bin that names the machine's glibc as its interpreter. */
function systemPrograms(): readonly string[] {
  const paths = readdirSync("/usr/bin").flatMap((name) => {
    try {
      return [realpathSync(`/usr/bin/${name}`)];
    } catch {
      return [];
    }
  });
  return [...new Set(paths)].filter((path) => {
    if (!statSync(path).isFile()) return false;
    const start = Buffer.alloc(4);
    const descriptor = openSync(path, "r");
    try {
      readSync(descriptor, start);
    } finally {
      closeSync(descriptor);
    }
    return start.toString("latin1") === "\u007fELF" && interpreterOf(path) === glibcLinker;
  });
}

function interpreterOf(path: string): string | undefined {
  try {
    return readElf(path).interpreter();
  } catch (error) {
    if (error instanceof ElfError) return undefined;
    throw error;
  }
}

/** The processor's choice among variants of a library is not simulated. */
function withoutVariants(objects: readonly TracedObject[]): readonly TracedObject[] {
  return objects.map(({ name, path }) => ({
    name,
    path: path?.replace(/\/(?:glibc-hwcaps\/[^/]+|tls|haswell|x86_64|avx512_1)\//g, "/"),
  }));
}

let programs: readonly string[];
let real: readonly Traced[];
const interpreter = interpreterAt(glibcLinker);
const index = createLibraryIndex();

beforeAll(() => {
  programs = systemPrograms();
  real = traceManyWith(glibcLinker, programs);
}, 300_000);

describe("the machine's own programs", () => {
  test("load as the simulation says, object by object", { timeout: 300_000 }, () => {
    expect(programs.length).toBeGreaterThan(100);
    const differences = programs.flatMap((path, at) => {
      const program = programOf(readElf(path), path, { index });
      const load = simulateLoad(program, interpreter, nativeSearch({ index, interpreter }, program.header));
      const simulated = JSON.stringify(reportOf(load, glibcLinker));
      const reported = JSON.stringify(withoutVariants(real[at]?.objects ?? []));
      return simulated === reported ? [] : [{ path, simulated, reported }];
    });
    expect(differences).toEqual([]);
  });

  test("are found wholly by the resolver where ld.so finds all of their libraries", { timeout: 300_000 }, () => {
    const wrong = programs.flatMap((path, at) => {
      const isComplete = real[at]?.objects.every((object) => object.path !== undefined);
      const { issues } = resolve(readElf(path), path, contextFor(path));
      return isComplete && issues.some(({ severity }) => severity === "error") ? [{ path, issues }] : [];
    });
    expect(wrong).toEqual([]);
  });
});

describe("a program with the needed entries of one of the machine's own", () => {
  test("loads the same objects in the same order when they are pinned", { timeout: 300_000 }, () => {
    const tree = createLibraryTree();
    try {
      // Programs with the same needed entries would only be the same case again.
      const lists = new Map(programs.map((path) => [readElf(path).dynamic()?.needed.join(" "), path]));
      const pairs = [...lists.values()].flatMap((path, number) => {
        const needed = readElf(path).dynamic()?.needed ?? [];
        const original = tree.executable(`${number}/original`, { needed });
        const { neededFirst, issues } = resolve(readElf(original), original, { ...contextFor(original), pin: true });
        if (neededFirst.length === 0 || issues.some(({ severity }) => severity === "error")) return [];
        return [{ original, pinned: tree.executable(`${number}/pinned`, { needed: [...neededFirst, ...needed] }) }];
      });
      expect(pairs.length).toBeGreaterThan(50);
      const originals = traceManyWith(
        glibcLinker,
        pairs.map(({ original }) => original),
      );
      const pinned = traceManyWith(
        glibcLinker,
        pairs.map((pair) => pair.pinned),
      );
      const paths = (traced: Traced | undefined) => withoutVariants(traced?.objects ?? []).map(({ path }) => path);
      expect(pinned.map(paths)).toEqual(originals.map(paths));
    } finally {
      tree.remove();
    }
  });
});

function contextFor(path: string): ResolveContext {
  return {
    ...libraryDefaults,
    index,
    interpreter,
    trees: [path.slice(0, path.lastIndexOf("/"))],
    bundledLibraries: [],
    packageOf: () => "",
    pin: false,
  };
}
