import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import type { EmbeddedLibrary } from "../../../../src/linker/load/embedded-library.ts";
import { readObjectFacts } from "../../../../src/linker/load/object-facts.ts";
import { buildElf, type ElfSpec } from "../../../support/elf/elf-builder.ts";
import { createSmallStore, issuesOfKind, type SmallStore } from "../../../support/simulated/small-store.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

function embedded(spec: ElfSpec, offset = 0x100): EmbeddedLibrary {
  const elf = parseElf(bufferSource(buildElf({ interpreter: null, ...spec }).bytes));
  return { offset, header: elf.header, facts: readObjectFacts(elf) };
}

function resolveWith(...libraries: readonly EmbeddedLibrary[]) {
  const program = store.executable("bundle/program", { needed: ["libc.so.6"] });
  return store.resolve(program, { embeddedLibraries: libraries, libraryDirectories: [store.at("x")] });
}

describe("a library inside the executable", () => {
  test("finds its libraries through the executable's DT_RPATH", () => {
    store.library("x/libx.so");
    expect(resolveWith(embedded({ needed: ["libx.so"] }))).toMatchObject({
      runPath: [store.at("x")],
      runPathTag: "rpath",
      runPathReason: "bundled-needs-inherited-search",
      neededLast: [],
      plugInIssues: [],
    });
  });

  test("has them loaded with the executable when a DT_RUNPATH keeps it from inheriting", () => {
    store.library("x/libx.so");
    const resolution = resolveWith(embedded({ needed: ["libx.so"], runpath: "$ORIGIN/../x" }));
    expect(resolution).toMatchObject({ runPath: [store.at("x")], neededLast: ["libx.so"], plugInIssues: [] });
  });

  test("misses neither what the process has nor what stands beside it in the executable", () => {
    const needs = embedded({ needed: ["libc.so.6", "libbeside.so"] });
    expect(resolveWith(needs, embedded({ soname: "libbeside.so" }))).toMatchObject({ runPath: [], plugInIssues: [] });
  });

  test("gives a warning with its place for each library that is nowhere", () => {
    const resolution = resolveWith(embedded({ needed: ["libx.so"], soname: "addon.node" }), embedded({ needed: [] }));
    expect(issuesOfKind(resolution, "missing-library")).toMatchObject([
      { severity: "warning", name: "libx.so", neededBy: `${store.at("bundle/program")} (addon.node at 0x100 in it)` },
    ]);
  });

  test("is not asked of one for the other C library", () => {
    expect(resolveWith(embedded({ needed: ["libc.so", "libx.so"] })).plugInIssues).toEqual([]);
  });
});
