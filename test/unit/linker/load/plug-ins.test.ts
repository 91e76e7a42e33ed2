import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSmallStore, issuesOfKind, type SmallStore } from "../../../support/simulated/small-store.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

const name = "bundle/plugins/plugin.node";

function resolveWithPlugIn(changes: Parameters<SmallStore["resolve"]>[1] = {}) {
  const program = store.executable("bundle/program", { needed: ["libc.so.6"] });
  return store.resolve(program, {
    bundledLibraries: [store.at(name)],
    libraryDirectories: [store.at("x")],
    ...changes,
  });
}

describe("a plug-in that no needed entry names", () => {
  test("finds its libraries through the executable's DT_RPATH", () => {
    store.library(name, { needed: ["libx.so"] });
    store.library("x/libx.so");
    expect(resolveWithPlugIn()).toMatchObject({
      runPath: [store.at("x")],
      runPathTag: "rpath",
      runPathReason: "bundled-needs-inherited-search",
      neededLast: [],
      issues: [],
    });
  });

  test("has them injected into the executable when a DT_RUNPATH of its own keeps it from inheriting", () => {
    store.library(name, { needed: ["libx.so"], runpath: "$ORIGIN" });
    store.library("x/libx.so", { needed: ["libdeep.so"] });
    store.library("x/libdeep.so");
    const resolution = resolveWithPlugIn();
    expect(resolution).toMatchObject({ runPath: [store.at("x")], issues: [] });
    expect(resolution.neededLast).toContain("libx.so");
    expect(resolution.loadOrder.map(({ path }) => path)).toContain(store.at("x/libdeep.so"));
  });

  test("has them injected under the tag DT_RUNPATH, when that was asked for", () => {
    store.library(name, { needed: ["libx.so"] });
    store.library("x/libx.so");
    expect(resolveWithPlugIn({ runPathMode: "runpath" })).toMatchObject({
      runPathTag: "runpath",
      neededLast: ["libx.so"],
    });
  });

  test("needs nothing for what the executable has loaded or the interpreter finds", () => {
    store.library(name, { needed: ["libc.so.6", "libm.so.6"] });
    expect(resolveWithPlugIn()).toMatchObject({ runPath: [], runPathTag: "runpath", neededLast: [] });
  });

  test("needs nothing for what it finds by itself", () => {
    store.library(name, { needed: ["libown.so"], runpath: "$ORIGIN" });
    store.library("bundle/plugins/libown.so");
    expect(resolveWithPlugIn()).toMatchObject({ runPath: [], runPathTag: "runpath", neededLast: [] });
  });

  test("that wants what is nowhere gives a warning with its name", () => {
    store.library(name, { needed: ["libx.so"] });
    expect(issuesOfKind(resolveWithPlugIn(), "missing-library")).toMatchObject([
      { severity: "warning", name: "libx.so", neededBy: store.at(name), executable: store.at("bundle/program") },
    ]);
  });

  test("that wants what is nowhere gives an error when that is asked for, unless it may be missing", () => {
    store.library(name, { needed: ["libx.so"] });
    const severities = (changes: Parameters<SmallStore["resolve"]>[1]) =>
      issuesOfKind(resolveWithPlugIn({ strict: true, ...changes }), "missing-library").map(({ severity }) => severity);
    expect([severities({}), severities({ ignoreMissing: ["libx.*"] })]).toEqual([["error"], ["note"]]);
  });

  test("that wants what is nowhere is told of once in a run, by the first executable", () => {
    store.library(name, { needed: ["libx.so"] });
    const context = store.context({ bundledLibraries: [store.at(name)] });
    const issues = ["bundle/one", "bundle/two"].map((program) => {
      const path = store.executable(program, { needed: ["libc.so.6"] });
      return issuesOfKind(store.resolve(path, context), "missing-library");
    });
    expect(issues).toMatchObject([[{ name: "libx.so", executable: store.at("bundle/one") }], []]);
  });

  test("that an executable loads is told of by the next one, which does not", () => {
    store.library(name, { soname: "plugin.node", needed: ["libx.so"] });
    const context = store.context({ bundledLibraries: [store.at(name)] });
    const linked = store.executable("bundle/plugins/linked", { needed: ["plugin.node"] });
    expect(store.resolve(linked, context)).toMatchObject({ issues: [{ name: "libx.so" }], plugInIssues: [] });
    const other = store.executable("bundle/other", { needed: ["libc.so.6"] });
    expect(store.resolve(other, context)).toMatchObject({ issues: [], plugInIssues: [{ name: "libx.so" }] });
  });

  test("of another package is carried by those that load a library of that package", () => {
    store.library("bundle/two/plugin.so", { needed: ["libx.so"] });
    store.library("bundle/two/libtwo.so", { soname: "libtwo.so" });
    store.library("x/libx.so");
    const context = store.context({
      bundledLibraries: ["bundle/two/plugin.so", "bundle/two/libtwo.so"].map(store.at),
      libraryDirectories: [store.at("x")],
      packageOf: (path) => /bundle\/(one|two)\//.exec(path)?.[1],
    });
    const alone = store.executable("bundle/one/alone", { needed: ["libc.so.6"] });
    const linked = store.executable("bundle/one/linked", { needed: ["libtwo.so"] });
    expect(store.resolve(alone, context).runPath).toEqual([]);
    expect(store.resolve(linked, context).runPath).toContain(store.at("x"));
  });

  test("that belongs to no package is carried by all", () => {
    store.library(name, { needed: ["libx.so"] });
    store.library("x/libx.so");
    const packageOf = (path: string) => (path.endsWith("program") ? "one" : undefined);
    expect(resolveWithPlugIn({ packageOf }).runPath).toEqual([store.at("x")]);
  });

  test("that an executable loads gives its place to the next one that wants the same", () => {
    store.library(name, { soname: "plugin.node", needed: ["libx.so"] });
    store.library("bundle/plugins/second.node", { needed: ["libx.so"] });
    store.library("x/libx.so");
    const bundledLibraries = [store.at(name), store.at("bundle/plugins/second.node")];
    const context = store.context({ bundledLibraries, libraryDirectories: [store.at("x")] });
    const linked = store.executable("bundle/plugins/linked", { needed: ["plugin.node"] });
    expect(store.resolve(linked, context)).toMatchObject({ runPathReason: "bundled-needs-inherited-search" });
  });

  test("gives a note instead where that may be missing", () => {
    store.library(name, { needed: ["libx.so"] });
    const resolution = resolveWithPlugIn({ ignoreMissing: ["*"] });
    expect(issuesOfKind(resolution, "missing-library")).toMatchObject([{ severity: "note" }]);
  });

  test("is carried whatever may be missing", () => {
    store.library(name, { needed: ["libx.so"] });
    store.library("x/libx.so");
    expect(resolveWithPlugIn({ ignoreMissing: ["*"] }).runPath).toEqual([store.at("x")]);
  });

  test.each([
    ["of another machine", { machine: 183, needed: ["libx.so"] }],
    ["for the other C library", { needed: ["libc.musl-x86_64.so.1", "libx.so"] }],
  ])("%s is left out", (_, spec) => {
    store.library(name, spec);
    expect(resolveWithPlugIn()).toMatchObject({ runPath: [], issues: [] });
  });

  test("that is damaged is left out", () => {
    store.text(name, "not a library");
    expect(resolveWithPlugIn()).toMatchObject({ runPath: [], issues: [] });
  });
});
