// What is written for an executable that is moved with the whole store.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { movedIndex, movedPath, withoutAbsoluteLinks } from "../../../../src/linker/search/moved-store.ts";
import { createLibraryIndex } from "../../../../src/linker/solve/resolve.ts";
import { createSmallStore, issuesOfKind, type SmallStore } from "../../../support/simulated/small-store.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

const movable = { relocatable: "store", pin: true } as const;

describe("an executable that is moved with the store", () => {
  test("has the C library's directory on its run path: its dynamic linker searches the old one", () => {
    const program = store.executable("bundle/bin/program", { needed: ["libm.so.6"] });
    expect(store.resolve(program, { pin: true })).toMatchObject({ runPath: [], issues: [] });
    expect(store.resolve(program, movable)).toMatchObject({
      runPath: ["$ORIGIN/../../glibc/lib"],
      neededFirst: ["$ORIGIN/../../glibc/lib/libm.so.6", "$ORIGIN/../../glibc/lib/libc.so.6"],
      issues: [],
    });
  });

  test("finds a library that must stay a name in the directory where another finds it by its own run path", () => {
    store.library("x/lib/liba.so", { needed: ["libb.so", "libc.so.6"], runpath: store.at("y/lib") });
    store.library("y/lib/libb.so", { needed: ["libc.so.6"] });
    store.library("y/lib/glibc-hwcaps/x86-64-v3/libb.so");
    const program = store.executable("bundle/bin/program", { needed: ["liba.so"] });
    const resolution = store.resolve(program, { ...movable, libraryDirectories: [store.at("x/lib")] });
    expect(resolution).toMatchObject({
      runPath: ["$ORIGIN/../../x/lib", "$ORIGIN/../../y/lib", "$ORIGIN/../../glibc/lib"],
      neededFirst: ["$ORIGIN/../../x/lib/liba.so", "libb.so", "$ORIGIN/../../glibc/lib/libc.so.6"],
      issues: [],
    });
  });

  test("is said to lose what only a library's own run path leads to", () => {
    store.library("x/lib/liba.so", { needed: ["libb.so"], runpath: store.at("y/lib") });
    const path = store.library("y/lib/libb.so");
    const program = store.executable("bundle/bin/program", { needed: ["liba.so"] });
    const settings = { ...movable, libraryDirectories: [store.at("x/lib")], pin: false };
    expect(issuesOfKind(store.resolve(program, { ...settings, relocatable: true }), "lost-by-move")).toEqual([]);
    expect(issuesOfKind(store.resolve(program, settings), "lost-by-move")).toEqual([
      {
        kind: "lost-by-move",
        severity: "error",
        executable: program,
        name: "libb.so",
        neededBy: store.at("bundle/bin/../../x/lib/liba.so").replace("bundle/bin/../../", ""),
        path,
      },
    ]);
  });

  describe("with a library that opens others", () => {
    const opens = (path: string, runpath: string, needed: readonly string[] = []) =>
      store.library(path, { needed: [...needed, "libc.so.6"], runpath, imports: ["dlopen"] });
    const found = (changes: Parameters<SmallStore["resolve"]>[1] = {}) => {
      const program = store.executable("bundle/bin/program", { needed: ["liba.so"] });
      const settings = { ...movable, libraryDirectories: [store.at("x/lib")], ...changes };
      return issuesOfKind(store.resolve(program, settings), "opens-by-old-path");
    };

    test("is warned of a directory on that one's run path that is there for nothing else", () => {
      const path = opens("x/lib/liba.so", `${store.at("y/lib")}:${store.at("z/lib")}`, ["libb.so"]);
      store.library("y/lib/libb.so");
      store.library("y/lib/libother.so");
      const opened = store.library("z/lib/libopened.so");
      const directories = [store.at("z/lib")];
      expect(found()).toMatchObject([{ severity: "warning", path, directories, count: 1 }]);
      // The help: then it is loaded before.
      expect(found({ extraNeeded: [opened] })).toMatchObject([{ severity: "note", directories: [store.at("y/lib")] }]);
      expect(found({ relocatable: false })).toEqual([]);
    });

    test("is told nothing where all is loaded, or nothing is opened, or the run path moves too", () => {
      store.library("y/lib/libb.so");
      opens("x/lib/liba.so", store.at("y/lib"), ["libb.so"]);
      expect(found()).toEqual([]);
      store.library("y/lib/libother.so");
      opens("x/lib/liba.so", "$ORIGIN/../../y/lib", ["libb.so"]);
      expect(found()).toEqual([]);
      store.library("x/lib/liba.so", { needed: ["libb.so"], runpath: store.at("y/lib") });
      expect(found()).toEqual([]);
      opens("x/lib/liba.so", store.at("y/lib"), ["libb.so"]);
      expect(found()).toMatchObject([{ severity: "note" }]);
    });
  });

  test("outside the store names the store by its path", () => {
    store.library("x/lib/liba.so");
    const program = store.executable("bundle/bin/program", { needed: ["liba.so"] });
    const settings = { ...movable, libraryDirectories: [store.at("x/lib")], storeDirectory: store.at("x") };
    expect(store.resolve(program, settings).neededFirst).toEqual([store.at("x/lib/liba.so")]);
  });
});

describe("a path without absolute links", () => {
  const followed = (path: string) =>
    withoutAbsoluteLinks(store.at(path), { index: createLibraryIndex(), storeDirectory: store.root }).replace(
      `${store.root}/`,
      "",
    );

  test("goes through relative ones, and around absolute ones", () => {
    store.library("x/lib/liba.so.1.2");
    store.link("x/lib/liba.so.1", "liba.so.1.2");
    store.link("x/lib64", "lib");
    store.link("env/lib", store.at("x/lib"));
    store.link("far/lib/liba.so.1", store.at("env/lib/liba.so.1"));
    store.link("near/liba.so.1", "../far/lib/liba.so.1");
    for (const path of ["x/lib/liba.so.1", "x/lib64/liba.so.1", "x/none/liba.so.1"]) expect(followed(path)).toBe(path);
    for (const path of ["env/lib/liba.so.1", "far/lib/liba.so.1", "near/liba.so.1"]) {
      expect(followed(path)).toBe("x/lib/liba.so.1");
    }
  });

  test("stands still before links that lead in a circle, or out of the store", () => {
    store.link("a/lib", store.at("b/lib"));
    store.link("b/lib", store.at("a/lib"));
    store.link("c/lib", "/usr/lib");
    expect(["a/lib", "b/lib"]).toContain(followed("a/lib"));
    expect(followed("c/lib/libc.so.6")).toBe("c/lib/libc.so.6");
  });
});

test("after a move there is nothing in the old place, and nothing where an absolute link leads", () => {
  const library = store.library("x/lib/liba.so");
  store.link("env/lib", store.at("x/lib"));
  const index = movedIndex({ index: createLibraryIndex(), storeDirectory: store.root });
  expect(index.open(library).kind).toBe("absent");
  expect(index.open(movedPath(library)).kind).toBe("elf");
  expect(index.open(movedPath(store.at("env/lib/liba.so"))).kind).toBe("absent");
  expect(index.has(movedPath(store.at("y/../x/lib")), "liba.so")).toBe(true);
  expect([index.list(store.at("x/lib")), index.isDirectory(store.at("x/lib"))]).toEqual([[], false]);
});
