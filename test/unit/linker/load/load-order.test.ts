import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createLibraryTree, type LibraryTree } from "../../../support/simulated/library-tree.ts";
import { glibcLinker, interpreterAt, muslLinker, simulateFile } from "../../../support/simulated/simulate.ts";

let tree: LibraryTree;
beforeEach(() => {
  tree = createLibraryTree();
});
afterEach(() => tree.remove());

/** Paths below the tree's root of what is loaded after the executable; "?name" for what is missing. */
function loaded(program: string, linker = glibcLinker): readonly string[] {
  const { objects, lookups } = simulateFile(program, interpreterAt(linker));
  const missing = lookups.flatMap(({ name, target }) => (target === undefined ? [`?${name}`] : []));
  const paths = objects.slice(1).map(({ path }) => path.replace(`${tree.root}/`, ""));
  return [...paths.filter((path) => path !== linker), ...missing];
}

describe("the load with glibc", () => {
  test("is breadth-first", () => {
    tree.library("a.so", { needed: ["c.so"] });
    tree.library("b.so", { needed: ["d.so"] });
    tree.library("c.so");
    tree.library("d.so");
    const program = tree.executable("program", { needed: ["a.so", "b.so"], rpath: "$ORIGIN" });
    expect(loaded(program)).toEqual(["a.so", "b.so", "c.so", "d.so"]);
  });

  test("lets libraries inherit a DT_RPATH, not a DT_RUNPATH", () => {
    tree.library("a.so", { needed: ["b.so"] });
    tree.library("b.so");
    expect(loaded(tree.executable("inherits", { needed: ["a.so"], rpath: "$ORIGIN" }))).toEqual(["a.so", "b.so"]);
    expect(loaded(tree.executable("does-not", { needed: ["a.so"], runpath: "$ORIGIN" }))).toEqual(["a.so", "?b.so"]);
  });

  test("ignores every DT_RPATH for a library with a DT_RUNPATH", () => {
    tree.library("a.so", { needed: ["b.so"], runpath: "/nowhere" });
    tree.library("b.so");
    const program = tree.executable("program", { needed: ["a.so"], rpath: "$ORIGIN" });
    expect(loaded(program)).toEqual(["a.so", "?b.so"]);
  });

  test("asks the library's own DT_RPATH before the executable's", () => {
    tree.library("a.so", { needed: ["b.so"], rpath: "$ORIGIN/own" });
    tree.library("own/b.so");
    tree.library("b.so");
    const program = tree.executable("program", { needed: ["a.so"], rpath: "$ORIGIN" });
    expect(loaded(program)).toEqual(["a.so", "own/b.so"]);
  });

  test("opens the needed name's directory, not the one that a symbolic link leads to", () => {
    tree.library("real/liba.so.1.2", { soname: "liba.so.1", needed: ["libb.so"], runpath: "$ORIGIN" });
    tree.link("lib/liba.so.1", "../real/liba.so.1.2");
    tree.library("real/libb.so");
    tree.library("lib/libb.so");
    const program = tree.executable("program", { needed: ["liba.so.1"], runpath: "$ORIGIN/lib" });
    expect(loaded(program)).toEqual(["lib/liba.so.1", "lib/libb.so"]);
  });

  test("means the executable's real directory by $ORIGIN, whatever link it is started through", () => {
    tree.library("app/lib/a.so");
    tree.executable("app/program", { needed: ["a.so"], runpath: "$ORIGIN/lib" });
    expect(loaded(tree.link("bin/program", "../app/program"))).toEqual(["app/lib/a.so"]);
  });

  test("loads one file once, by whatever name", () => {
    tree.library("liba.so.1", { soname: null });
    tree.link("liba.so", "liba.so.1");
    const program = tree.executable("program", { needed: ["liba.so", "liba.so.1"], runpath: "$ORIGIN" });
    expect(loaded(program)).toEqual(["liba.so"]);
  });

  test("takes a library with the wanted soname for the wanted library", () => {
    tree.library("first.so", { soname: "second.so" });
    tree.library("second.so");
    const program = tree.executable("program", { needed: ["first.so", "second.so"], runpath: "$ORIGIN" });
    expect(loaded(program)).toEqual(["first.so"]);
  });

  test("goes past libraries of another machine and of another class", () => {
    tree.library("arm/a.so", { machine: 183 });
    tree.library("small/a.so", { elfClass: 32, machine: 3 });
    tree.library("good/a.so");
    const program = tree.executable("program", { needed: ["a.so"], runpath: "$ORIGIN/arm:$ORIGIN/small:$ORIGIN/good" });
    expect(loaded(program)).toEqual(["good/a.so"]);
  });

  test("stops at a text file of the right name", () => {
    tree.text("bad/a.so", "INPUT(b.so)");
    tree.library("good/a.so");
    const program = tree.executable("program", { needed: ["a.so"], runpath: "$ORIGIN/bad:$ORIGIN/good" });
    const load = simulateFile(program, interpreterAt(glibcLinker));
    expect(load.stoppedAt).toMatchObject({ name: "a.so", outcome: { refused: [{ reason: "not-elf" }] } });
  });

  test("replaces $LIB and $PLATFORM", () => {
    tree.library("lib/x86_64-linux-gnu/a.so");
    tree.library("x86_64/b.so");
    const program = tree.executable("program", { needed: ["a.so", "b.so"], runpath: "$ORIGIN/$LIB:$ORIGIN/$PLATFORM" });
    expect(loaded(program)).toEqual(["lib/x86_64-linux-gnu/a.so", "x86_64/b.so"]);
  });

  test("takes a directory named $ORIGIN for the token it looks like", () => {
    tree.library("$ORIGIN/a.so");
    const program = tree.executable("program", { needed: ["a.so"], runpath: tree.at("$ORIGIN") });
    expect(loaded(program)).toEqual(["?a.so"]);
  });

  test("takes a directory named $ORIGIN for the token in a path too, also where it came in for the token", () => {
    tree.library("$ORIGIN/a.so");
    const program = tree.executable("$ORIGIN/program", { needed: ["$ORIGIN/a.so"] });
    expect(loaded(program)).toEqual([`?${tree.at("$ORIGIN/a.so")}`]);
  });

  test("opens an absolute needed entry as it stands", () => {
    const path = tree.library("elsewhere/a.so");
    expect(loaded(tree.executable("program", { needed: [path] }))).toEqual(["elsewhere/a.so"]);
  });

  test("does not depend on the working directory", () => {
    tree.library("a.so");
    const before = process.cwd();
    process.chdir(tree.root);
    try {
      expect(loaded(tree.executable("program", { needed: ["a.so"], runpath: ".::lib" }))).toEqual(["?a.so"]);
    } finally {
      process.chdir(before);
    }
  });

  test("knows the interpreter by its soname, at the place where it is first asked for", () => {
    tree.library("a.so", { needed: ["ld-linux-x86-64.so.2", "b.so"], runpath: "$ORIGIN" });
    tree.library("b.so");
    const program = tree.executable("program", { needed: ["a.so"], runpath: "$ORIGIN" });
    const { objects } = simulateFile(program, interpreterAt(glibcLinker));
    expect(objects.map(({ provenance }) => provenance.kind)).toEqual([
      "executable",
      "runpath",
      "interpreter",
      "runpath",
    ]);
  });

  test("has no file for the vDSO", () => {
    expect(loaded(tree.executable("program", { needed: ["linux-vdso.so.1"] }))).toEqual([]);
  });

  test("leaves out the default directories for an object that says so", () => {
    const program = tree.executable("program", { needed: ["libc.so.6"], flags1: 0x800n });
    expect(loaded(program)).toEqual(["?libc.so.6"]);
  });
});

describe("the load with musl", () => {
  test("lets libraries inherit a DT_RUNPATH", () => {
    tree.library("a.so", { needed: ["b.so"] });
    tree.library("b.so");
    const program = tree.executable("program", { needed: ["a.so"], runpath: "$ORIGIN" });
    expect(loaded(program, muslLinker)).toEqual(["a.so", "b.so"]);
  });

  test("does not know a library by its soname", () => {
    tree.library("first.so", { soname: "second.so" });
    tree.library("second.so");
    const program = tree.executable("program", { needed: ["first.so", "second.so"], runpath: "$ORIGIN" });
    expect(loaded(program, muslLinker)).toEqual(["first.so", "second.so"]);
  });

  test("does not know a library by a second name that led to the same file", () => {
    tree.library("x/one.so");
    tree.link("x/two.so", "one.so");
    tree.library("x/a.so", { needed: ["two.so"], runpath: "$ORIGIN/../y" });
    tree.library("y/two.so");
    const program = tree.executable("program", { needed: ["one.so", "two.so", "a.so"], runpath: "$ORIGIN/x" });
    expect(loaded(program, muslLinker)).toEqual(["x/one.so", "x/a.so", "x/../y/two.so"]);
  });

  test("answers for libc, libm and the like itself", () => {
    const program = tree.executable("program", { needed: ["libc.so", "libm.so.6", "libc.musl-x86_64.so.1"] });
    expect(loaded(program, muslLinker)).toEqual([]);
  });

  test("makes nothing of a run path with a token that it does not know", () => {
    tree.library("a.so");
    const program = tree.executable("program", { needed: ["a.so"], runpath: "$ORIGIN:/usr/$LIB" });
    expect(loaded(program, muslLinker)).toEqual(["?a.so"]);
  });
});
