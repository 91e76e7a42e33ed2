// What becomes of the libraries of a run: which of them executables carry, which get a run path of their own, and what is
// said of those that lack something.

import { existsSync, linkSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { carriersOf, noCarriers } from "../../../src/planning/carriers.ts";
import { type PlannedLibrary, planLibrary } from "../../../src/planning/plan-library.ts";
import { survey } from "../../../src/planning/survey.ts";
import type { WrapRequest } from "../../../src/planning/wrap-request.ts";
import type { ElfSpec } from "../../support/elf/elf-builder.ts";
import { createSmallStore, type SmallStore } from "../../support/simulated/small-store.ts";
import { wrapRequestOf } from "../../support/simulated/wrap-request.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
  store.library("zlib/lib/libz.so.1", { needed: ["libc.so.6"] });
});
afterEach(() => store.remove());

/** A library that needs zlib, with room for a run path. */
const needsZlib: ElfSpec = { needed: ["libz.so.1", "libc.so.6"], nullSlots: 3 };

function surveyed(changes: Partial<WrapRequest> = {}) {
  const request = wrapRequestOf([store.at("tree")], {
    interpreters: [store.at("glibc/lib/ld-linux-x86-64.so.2")],
    libraryDirectories: [store.at("zlib/lib")],
    ...changes,
  });
  const { examined, surroundings } = survey(request, { asOriginals: true });
  return { examined, surroundings, carriers: carriersOf(examined, surroundings) };
}

/** What becomes of each library of the tree, by its path below that. */
function planned(changes: Partial<WrapRequest> = {}): { readonly [path: string]: PlannedLibrary } {
  const { examined, surroundings, carriers } = surveyed(changes);
  return Object.fromEntries(
    examined.flatMap((file) =>
      file.kind === "library"
        ? [[file.candidate.path.slice(store.at("tree/").length), planLibrary(file, carriers, surroundings)]]
        : [],
    ),
  );
}

const untouched = { kind: "settled", outcome: { kind: "skipped" }, issues: [] };
const given = (runPath: readonly string[]) => ({ kind: "in-place", plan: { facts: { runPath } } });

describe("a library that does not find what it needs", () => {
  test("gets a run path where no executable is there to carry it", () => {
    store.library("tree/addon.so", needsZlib);
    expect(planned()).toMatchObject({ "addon.so": given([store.at("zlib/lib")]) });
  });

  test("stays as it is beside an executable of its package, and where libraries are left", () => {
    store.library("tree/addon.so", needsZlib);
    expect(planned({ libraries: "leave" })).toMatchObject({ "addon.so": untouched });
    store.executable("tree/tool", { needed: ["libc.so.6"] });
    expect(planned()).toMatchObject({ "addon.so": untouched });
    expect(planned({ libraries: "carry" })).toMatchObject({ "addon.so": untouched });
  });

  test("gets one beside an executable too where every library is to have one", () => {
    store.library("tree/addon.so", needsZlib);
    store.executable("tree/tool", { needed: ["libc.so.6"] });
    expect(planned({ libraries: "in-place" })).toMatchObject({ "addon.so": given([store.at("zlib/lib")]) });
  });

  test("gets none where libraries are carried only, even if nothing carries it", () => {
    store.library("tree/addon.so", needsZlib);
    expect(planned({ libraries: "carry" })).toMatchObject({ "addon.so": untouched });
  });

  test("of another machine than all dynamic linkers stays as it is", () => {
    store.library("tree/addon.so", { ...needsZlib, machine: 183 });
    for (const libraries of ["auto", "in-place"] as const) {
      expect(planned({ libraries })).toMatchObject({ "addon.so": untouched });
    }
  });

  test("is known by its path first, and then by its other names", () => {
    const path = store.library("tree/addon.so", needsZlib);
    const other = store.at("tree/a-second.so");
    linkSync(path, other);
    const [plan] = Object.values(planned()).flatMap((file) => ("plan" in file ? [file.plan] : []));
    expect(plan?.names).toEqual([plan?.path, plan?.path === path ? other : path]);
  });

  test("is copied where it has names outside of the trees, and not where all are in them", () => {
    const path = store.library("tree/addon.so", needsZlib);
    linkSync(path, store.at("tree/second.so"));
    expect(planned()).toMatchObject({ "addon.so": { plan: { replaceByCopy: false } } });
    linkSync(path, store.at("third.so"));
    expect(existsSync(store.at("third.so"))).toBe(true);
    expect(planned()).toMatchObject({ "addon.so": { plan: { replaceByCopy: true } } });
  });
});

describe("what cannot be done for a library", () => {
  const withoutEntry: ElfSpec = { ...needsZlib, nullSlots: 1 };
  const lacking: ElfSpec = { needed: ["libgone.so"], nullSlots: 3 };

  test("is an error where it is all that the run is for", () => {
    store.library("tree/addon.so", withoutEntry);
    store.library("tree/other.so", lacking);
    const failed = (issue: object) => ({ kind: "settled", outcome: { kind: "failed" }, issues: [issue] });
    expect(planned()).toMatchObject({
      "addon.so": failed({ kind: "no-dynamic-entry", severity: "error" }),
      "other.so": failed({ kind: "missing-library", severity: "error", name: "libgone.so" }),
    });
  });

  test.each<[string, Partial<WrapRequest>, string]>([
    ["is a warning where another package has executables", {}, "warning"],
    ["is an error there with strict", { strict: true }, "error"],
    ["is an error there where every library is to have a run path", { libraries: "in-place" }, "error"],
  ])("%s", (_, changes, severity) => {
    // A directory that holds nothing but directories has a package in each.
    store.executable("tree/one/tool", { needed: ["libc.so.6"] });
    store.library("tree/two/addon.so", withoutEntry);
    store.library("tree/two/other.so", lacking);
    const outcome = { kind: severity === "error" ? "failed" : "skipped" };
    expect(planned(changes)).toMatchObject({
      "two/addon.so": { outcome, issues: [{ kind: "no-dynamic-entry", severity }] },
      "two/other.so": { outcome, issues: [{ kind: "missing-library", severity }] },
    });
  });

  test("is an error of a version that a library lacks, too, where nothing is to be written", () => {
    const versionNeeds = [{ file: "libc.so.6", versions: [{ name: "GLIBC_2.99" }] }];
    store.library("tree/addon.so", { needed: ["libc.so.6"], versionNeeds, nullSlots: 3 });
    expect(planned()).toMatchObject({
      "addon.so": { outcome: { kind: "failed" }, issues: [{ kind: "missing-version", severity: "error" }] },
    });
  });

  test("is noted only, of a library that may be missing", () => {
    store.library("tree/addon.so", lacking);
    expect(planned({ ignoreMissing: ["libgone.so"] })).toMatchObject({
      "addon.so": { ...untouched, issues: [{ kind: "missing-library", severity: "note" }] },
    });
  });
});

describe("a library that an executable carries and that opens others", () => {
  const opening: ElfSpec = { ...needsZlib, runpath: "/own", imports: ["dlopen"] };

  test("gets the directories that are given for what is opened, where it has a run path of its own", () => {
    store.executable("tree/tool", { needed: ["libc.so.6"] });
    store.library("tree/addon.so", opening);
    store.library("tree/plain.so", { ...needsZlib, runpath: "/own" });
    const found = planned({ appendRunPath: ["/given/lib"] });
    expect(found).toMatchObject({ "plain.so": untouched });
    const { "addon.so": addon } = found;
    expect(addon).toMatchObject({ kind: "in-place", issues: [], resolution: { issues: [] } });
    expect(addon?.kind === "in-place" && addon.plan.facts.runPath).toContain("/given/lib");
    expect(planned({ runtimeDependencies: [store.at("zlib")] })).toMatchObject({ "addon.so": { kind: "in-place" } });
    expect(planned()).toMatchObject({ "addon.so": untouched });
  });

  test("gets them where every library is to have a run path, although it finds what it needs", () => {
    store.library("tree/addon.so", { ...opening, needed: ["libc.so.6"] });
    const { "addon.so": addon } = planned({ libraries: "in-place", appendRunPath: ["/given/lib"] });
    expect(addon?.kind === "in-place" && addon.plan.facts.runPath).toContain("/given/lib");
  });

  test("is seen by executables with them, and what it lacks is told where they are told of", () => {
    store.executable("tree/tool", { needed: ["libc.so.6"] });
    const path = store.library("tree/addon.so", { ...opening, needed: ["libz.so.1", "libgone.so"] });
    const { examined, surroundings, carriers } = surveyed({ appendRunPath: ["/given/lib"] });
    const [library] = examined.filter((file) => file.kind === "library");
    if (library === undefined) throw new Error("no library");
    const plan = planLibrary(library, carriers, surroundings);
    expect(plan).toMatchObject({ kind: "in-place", issues: [], resolution: { issues: [] } });
    const found = surroundings.index.open(path);
    expect(found.kind === "elf" && found.file.facts.runpath).toContain("/given/lib");
  });

  test.each<[string, ElfSpec, Partial<WrapRequest>]>([
    ["libraries are carried only", opening, { libraries: "carry" }],
    ["it has no room", { ...opening, code: new Uint8Array(0x1000).fill(0x90), soname: "x".repeat(3500) }, {}],
  ])("stays as it is with a warning where %s", (_, spec, changes) => {
    store.executable("tree/tool", { needed: ["libc.so.6"] });
    store.library("tree/addon.so", spec);
    expect(planned({ appendRunPath: ["/given/lib"], ...changes })).toMatchObject({
      "addon.so": {
        kind: "settled",
        outcome: { kind: "skipped" },
        issues: [{ kind: "given-directories-unsearched", severity: "warning", directories: ["/given/lib"] }],
      },
    });
  });
});

test.each(["runpath", "rpath"] as const)("executables see the %s that a library will have", (mode) => {
  const path = store.library("tree/addon.so", { ...needsZlib, ...(mode === "rpath" && { rpath: "/own" }) });
  const { examined, surroundings, carriers } = surveyed();
  const [library] = examined.filter((file) => file.kind === "library");
  if (library === undefined) throw new Error("no library");
  planLibrary(library, carriers, surroundings);
  const found = surroundings.index.open(path);
  const { rpath, runpath } = found.kind === "elf" ? found.file.facts : {};
  const zlib = store.at("zlib/lib");
  expect({ rpath, runpath }).toEqual(
    mode === "rpath" ? { rpath: zlib, runpath: undefined } : { rpath: undefined, runpath: zlib },
  );
});

describe("carriers", () => {
  test("are a package's executables with the same dynamic linker, in one order", () => {
    const linker = store.at("glibc/lib/ld-linux-x86-64.so.2");
    expect(surveyed().carriers).toMatchObject({ isEmpty: true, key: [] });
    store.executable("tree/two/tool", { needed: ["libc.so.6"] });
    store.executable("tree/one/tool", { needed: ["libc.so.6"] });
    store.executable("tree/three/tool", { needed: ["libc.so.6"], machine: 183 });
    const { carriers } = surveyed();
    expect(carriers.isEmpty).toBe(false);
    expect(carriers.key).toEqual([...carriers.key].sort());
    expect(carriers.key).toHaveLength(3);
    const carried = (name: string, by = linker) => carriers.carries(store.at(`tree/${name}/addon.so`), by);
    expect([carried("one"), carried("two"), carried("three"), carried("one", "/other/ld.so")]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    // What belongs to no package may be carried by every executable.
    expect(carriers.carries(store.at("elsewhere/addon.so"), linker)).toBe(true);
  });

  test("are none for a run without libraries", () => {
    expect([noCarriers.carries("/any", "/ld.so"), noCarriers.isEmpty, noCarriers.key]).toEqual([false, true, []]);
  });
});
