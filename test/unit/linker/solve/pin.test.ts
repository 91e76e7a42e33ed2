import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSmallStore, loadedPaths, type SmallStore } from "../../../support/simulated/small-store.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

function pinned(needed: readonly string[], changes: Parameters<SmallStore["resolve"]>[1] = {}) {
  const program = store.executable("bundle/bin/program", { needed });
  return store.resolve(program, { pin: true, libraryDirectories: [store.at("x"), store.at("y")], ...changes });
}

describe("the pinned list", () => {
  test("is the load order as absolute paths, the interpreter by its soname at its place", () => {
    store.library("x/liba.so", { needed: ["libdeep.so", "libc.so.6"], runpath: "$ORIGIN" });
    store.library("x/libdeep.so", { needed: ["libm.so.6"] });
    const resolution = pinned(["liba.so", "libc.so.6"]);
    expect(resolution.neededFirst).toEqual([
      store.at("x/liba.so"),
      store.at("glibc/lib/libc.so.6"),
      store.at("x/libdeep.so"),
      "ld-linux-x86-64.so.2",
      store.at("glibc/lib/libm.so.6"),
    ]);
  });

  test("leaves the load order as it is", () => {
    store.library("x/liba.so", { needed: ["libb.so"], runpath: "$ORIGIN" });
    store.library("x/libb.so");
    expect(loadedPaths(pinned(["liba.so"]))).toEqual(loadedPaths(pinned(["liba.so"], { pin: false })));
  });

  test("is empty when it is not asked for", () => {
    store.library("x/liba.so");
    expect(pinned(["liba.so"], { pin: false }).neededFirst).toEqual([]);
  });

  test("has a name where DT_SONAME is another", () => {
    store.library("x/liba.so", { soname: "liba.so.1" });
    store.library("x/libb.so");
    expect(pinned(["liba.so", "libb.so"]).neededFirst).toEqual(["liba.so", store.at("x/libb.so")]);
  });

  test.each(["libGL.so.1", "libEGL.so.1", "libvulkan.so.1", "libcuda.so.1"])(
    "has a name for %s, which the driver chooses",
    (name) => {
      store.library(`x/${name}`);
      store.library("x/libb.so");
      expect(pinned([name, "libb.so"]).neededFirst).toEqual([name, store.at("x/libb.so")]);
    },
  );

  test("has a name for a library with a variant for newer processors", () => {
    store.library("x/liba.so");
    store.library("x/glibc-hwcaps/x86-64-v3/liba.so");
    store.library("x/libb.so");
    expect(pinned(["liba.so", "libb.so"]).neededFirst).toEqual(["liba.so", store.at("x/libb.so")]);
  });

  test("has a name for a library that is missing and may be", () => {
    store.library("x/libb.so");
    const resolution = pinned(["libcuda.so.1", "libb.so"], { ignoreMissing: ["*"] });
    expect(resolution.neededFirst).toEqual(["libcuda.so.1", store.at("x/libb.so")]);
  });

  test("has a name for a library outside the store, for a program in the store", () => {
    store.library("store/x/liba.so");
    store.library("outside/libb.so");
    const program = store.executable("store/bin/program", { needed: ["liba.so", "libb.so", "liba.so"] });
    const resolution = store.resolve(program, {
      pin: true,
      trees: [],
      storeDirectory: store.at("store"),
      libraryDirectories: [store.at("store/x"), store.at("outside")],
    });
    expect(resolution.neededFirst).toEqual([store.at("store/x/liba.so")]);
  });

  test("ends where a library's own DT_RPATH is what its children are found by", () => {
    store.library("x/liba.so", { needed: ["libb.so"], rpath: "$ORIGIN/own" });
    store.library("x/own/libb.so", { needed: ["libd.so"] });
    store.library("x/own/libd.so");
    store.library("x/libc1.so");
    expect(pinned(["liba.so", "libc1.so"]).neededFirst).toEqual([store.at("x/liba.so"), store.at("x/libc1.so")]);
  });

  test("names libraries of a bundle that may be moved relative to $ORIGIN", () => {
    store.library("bundle/lib/liba.so");
    store.library("x/libb.so");
    const resolution = pinned(["liba.so", "libb.so"], {
      relocatable: true,
      bundledLibraries: [store.at("bundle/lib/liba.so")],
    });
    expect(resolution.neededFirst).toEqual(["$ORIGIN/../lib/liba.so", store.at("x/libb.so")]);
  });

  test("keeps symbol versions matched by the names after it", () => {
    store.library("x/liba.so", { versionDefinitions: ["liba.so", "A_1"] });
    const program = store.executable("bundle/program", {
      needed: ["liba.so"],
      versionNeeds: [{ file: "liba.so", versions: [{ name: "A_1" }] }],
    });
    const resolution = store.resolve(program, { pin: true, libraryDirectories: [store.at("x")] });
    expect(resolution).toMatchObject({ neededFirst: [store.at("x/liba.so")], issues: [] });
  });
});
