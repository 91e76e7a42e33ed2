import { afterEach, beforeEach, expect, test } from "vitest";
import type { ResolveContext } from "../../../../src/linker/solve/resolve-context.ts";
import { type LibraryResolution, resolveLibrary } from "../../../../src/linker/solve/resolve-library.ts";
import { readElf } from "../../../support/simulated/simulate.ts";
import { createSmallStore, type SmallStore } from "../../../support/simulated/small-store.ts";

let store: SmallStore;

beforeEach(() => {
  store = createSmallStore();
  store.library("zlib/lib/libz.so.1", { needed: ["libc.so.6"] });
});
afterEach(() => store.remove());

function resolution(path: string, changes: Partial<ResolveContext> = {}): LibraryResolution {
  const libraryDirectories = [store.at("zlib/lib")];
  return resolveLibrary(readElf(path), path, store.context({ libraryDirectories, ...changes }));
}

test("a library that does not find what it needs wants the directory that has it", () => {
  const addon = store.library("bundle/addon.node", { needed: ["libz.so.1", "libc.so.6"] });
  expect(resolution(addon)).toMatchObject({
    wantsRunPath: true,
    runPath: [store.at("zlib/lib")],
    runPathTag: "runpath",
    neededLast: [],
    issues: [],
  });
});

test("one that finds it by its own run path wants none", () => {
  const addon = store.library("bundle/addon.node", { needed: ["libz.so.1"], runpath: store.at("zlib/lib") });
  expect(resolution(addon).wantsRunPath).toBe(false);
});

test("one that needs only what the dynamic linker finds by itself wants none", () => {
  const addon = store.library("bundle/addon.node", { needed: ["libm.so.6", "libc.so.6"] });
  expect(resolution(addon)).toMatchObject({ wantsRunPath: false, issues: [] });
});

test("what nothing has is an error, and only what may be missing is none", () => {
  const addon = store.library("bundle/addon.node", { needed: ["libpython3.so"] });
  expect(resolution(addon)).toMatchObject({
    wantsRunPath: false,
    issues: [{ kind: "missing-library", severity: "error", name: "libpython3.so", neededBy: addon }],
  });
  expect(resolution(addon, { ignoreMissing: ["libpython3.so"] }).issues).toMatchObject([{ severity: "note" }]);
});

test("what a library beside it needs is that one's own affair", () => {
  const inner = store.library("bundle/lib/libinner.so", { needed: ["libgone.so"] });
  const addon = store.library("bundle/addon.node", { needed: ["libinner.so"] });
  const { issues, runPath } = resolution(addon, { bundledLibraries: [inner, addon] });
  expect([issues, runPath]).toEqual([[], [store.at("bundle/lib")]]);
});

test("what a library outside of the trees needs and cannot find is found by an inherited run path", () => {
  store.library("inner/lib/libinner.so", { needed: ["libc.so.6"] });
  store.library("middle/lib/libmiddle.so", { needed: ["libinner.so"] });
  const addon = store.library("bundle/addon.node", { needed: ["libmiddle.so"] });
  const libraryDirectories = [store.at("middle/lib"), store.at("inner/lib")];
  expect(resolution(addon, { libraryDirectories })).toMatchObject({
    wantsRunPath: true,
    runPath: libraryDirectories,
    runPathTag: "rpath",
    runPathReason: "bundled-needs-inherited-search",
    issues: [],
  });
  store.library("middle/lib/libmiddle.so", { needed: ["libinner.so"], runpath: store.at("inner/lib") });
  expect(resolution(addon, { libraryDirectories })).toMatchObject({
    runPath: [store.at("middle/lib")],
    runPathTag: "runpath",
  });
});

test("DF_1_NODEFLIB asks for the dynamic linker's own directory too", () => {
  const addon = store.library("bundle/addon.node", { needed: ["libm.so.6"], flags1: 0x800n });
  expect(resolution(addon)).toMatchObject({ wantsRunPath: true, runPath: [store.glibc] });
});

test("its DT_RPATH stays one", () => {
  const addon = store.library("bundle/addon.node", { needed: ["libz.so.1"], rpath: "$ORIGIN/lib" });
  expect(resolution(addon)).toMatchObject({
    wantsRunPath: true,
    runPath: ["$ORIGIN/lib", store.at("zlib/lib")],
    runPathTag: "rpath",
  });
});

test.each([
  ["with a DT_RUNPATH searches it, and the given directories only where they stand in it", { runpath: "$ORIGIN" }, 1],
  ["with a DT_RUNPATH that has them wants nothing", { runpath: "$ORIGIN:/given/lib" }, 0],
  ["with a DT_RPATH searches what the executable has, too", { rpath: "$ORIGIN" }, 0],
  ["without a run path searches what the executable has", {}, 0],
])("a library that opens others by name %s", (_, spec, count) => {
  const opener = store.library("bundle/libopener.so", { ...spec, imports: ["dlopen"] });
  const { unsearched, runPath } = resolution(opener, { appendRunPath: ["/given/lib"] });
  expect(unsearched).toHaveLength(count);
  expect(runPath).toContain("/given/lib");
});

test("a library with a DT_RUNPATH that opens nothing needs no directory for that", () => {
  const library = store.library("bundle/libquiet.so", { runpath: "$ORIGIN", imports: ["open"] });
  expect(resolution(library, { appendRunPath: ["/given/lib"] }).unsearched).toEqual([]);
});
