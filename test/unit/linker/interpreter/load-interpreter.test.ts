import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import type { Interpreter } from "../../../../src/linker/interpreter/interpreter.ts";
import { chooseInterpreter, loadInterpreter } from "../../../../src/linker/interpreter/load-interpreter.ts";
import { buildElf, type ElfSpec } from "../../../support/elf/elf-builder.ts";
import { createLibraryTree, type LibraryTree } from "../../../support/simulated/library-tree.ts";
import { glibcLinker, interpreterAt, muslLinker } from "../../../support/simulated/simulate.ts";

let tree: LibraryTree;
beforeEach(() => {
  tree = createLibraryTree();
});
afterEach(() => tree.remove());

const glibcSymbols = [{ name: "_r_debug", value: 1n }];
const muslSymbols = [{ name: "_dl_debug_addr", value: 1n }];

function linker(path: string, spec: ElfSpec = {}): Interpreter {
  tree.library(path, { symbols: glibcSymbols, ...spec });
  return interpreterAt(tree.at(path));
}

function elf(spec: ElfSpec) {
  return parseElf(bufferSource(buildElf(spec).bytes));
}

describe("loadInterpreter", () => {
  test("reads the directories that a distribution's glibc searches, and what $LIB means there, from its linker", () => {
    expect(interpreterAt(glibcLinker)).toMatchObject({
      cLibrary: "glibc",
      soname: "ld-linux-x86-64.so.2",
      defaultDirectories: ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib", "/usr/lib"],
      libDirectoryName: "lib/x86_64-linux-gnu",
      platform: "x86_64",
    });
  });

  test.each([
    ["/lib/ld-linux.so.2", "/lib32", "lib32", "i686"],
    ["/usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1", "/lib/aarch64-linux-gnu", "lib/aarch64-linux-gnu", "aarch64"],
    ["/usr/s390x-linux-gnu/lib/ld64.so.1", "/lib/s390x-linux-gnu", "lib/s390x-linux-gnu", undefined],
  ])("reads them from a linker of another class, machine or byte order: %s", (path, directory, lib, platform) => {
    const { defaultDirectories, libDirectoryName, platform: found } = interpreterAt(path);
    expect([defaultDirectories[0], libDirectoryName, found]).toEqual([directory, lib, platform]);
  });

  test("reads musl's directories from its path file", () => {
    expect(interpreterAt(muslLinker)).toMatchObject({
      cLibrary: "musl",
      defaultDirectories: ["/lib/x86_64-linux-musl", "/usr/lib/x86_64-linux-musl"],
    });
  });

  test("takes musl's built-in directories where there is no path file", () => {
    expect(linker("lib/ld-musl-x86_64.so.1", { symbols: muslSymbols }).defaultDirectories).toEqual([
      "/lib",
      "/usr/local/lib",
      "/usr/lib",
    ]);
  });

  test("finds musl's path file two levels above the linker", () => {
    mkdirSync(tree.at("etc"));
    writeFileSync(tree.at("etc/ld-musl-x86_64.path"), "/store/lib\n/other:/third\n");
    expect(linker("lib/ld-musl-x86_64.so.1", { symbols: muslSymbols }).defaultDirectories).toEqual([
      "/store/lib",
      "/other",
      "/third",
    ]);
  });

  test("takes its own directory where the linker does not say", () => {
    expect(linker("glibc/lib/ld-linux-x86-64.so.2")).toMatchObject({
      defaultDirectories: [tree.at("glibc/lib")],
      libDirectoryName: "lib",
    });
  });

  test("forgets directories outside the store of a linker in the store", () => {
    tree.library("lib/ld-musl-x86_64.so.1", { symbols: muslSymbols });
    expect(loadInterpreter(tree.at("lib/ld-musl-x86_64.so.1"), tree.root)).toMatchObject({
      interpreter: { defaultDirectories: [] },
    });
  });

  test.each([
    ["no-such-file", "nowhere", undefined],
    ["not-elf", "text", "#!/bin/sh\n"],
  ])("says %s", (problem, name, content) => {
    if (content !== undefined) tree.text(name, content);
    expect(loadInterpreter(tree.at(name))).toEqual({ kind: "bad-interpreter", path: tree.at(name), problem });
  });

  test("says damaged", () => {
    const path = tree.library("ld.so", { symbols: [{ name: "_r_debug", value: 0x10n }] });
    truncateSync(path, 100);
    expect(loadInterpreter(path)).toMatchObject({ problem: "damaged" });
  });

  test("reads nothing that is no file of a linker's size", () => {
    tree.directory("directory");
    truncateSync(tree.text("huge", ""), 5e9);
    for (const path of ["/dev/zero", tree.at("directory"), tree.at("huge")]) {
      expect(loadInterpreter(path)).toEqual({ kind: "bad-interpreter", path, problem: "not-a-dynamic-linker" });
    }
  });

  test("says of a library, and of an executable, that it is no dynamic linker", () => {
    const problem = "not-a-dynamic-linker";
    expect(loadInterpreter(tree.library("libc.so.6"))).toMatchObject({ problem });
    expect(loadInterpreter(tree.executable("program", { type: 2 }))).toMatchObject({ problem });
  });
});

describe("chooseInterpreter", () => {
  test("goes by machine, class, byte order and C library", () => {
    const offered = [
      linker("a/ld-linux-x86-64.so.2"),
      linker("b/ld-linux.so.2", { elfClass: 32, machine: 3 }),
      linker("c/ld-musl-x86_64.so.1", { symbols: muslSymbols }),
      linker("d/ld64.so.1", { machine: 22, byteOrder: "big" }),
    ];
    const chosen = (spec: ElfSpec) => chooseInterpreter(elf(spec), offered)?.path;
    expect(chosen({})).toBe(tree.at("a/ld-linux-x86-64.so.2"));
    expect(chosen({ elfClass: 32, machine: 3 })).toBe(tree.at("b/ld-linux.so.2"));
    expect(chosen({ interpreter: "/lib/ld-musl-x86_64.so.1" })).toBe(tree.at("c/ld-musl-x86_64.so.1"));
    expect(chosen({ machine: 22, byteOrder: "big" })).toBe(tree.at("d/ld64.so.1"));
    expect(chosen({ machine: 183 })).toBeUndefined();
  });

  test("gives x32 no 64-bit linker", () => {
    expect(chooseInterpreter(elf({ elfClass: 32 }), [linker("ld-linux-x86-64.so.2")])).toBeUndefined();
  });

  test("takes the first of two that fit", () => {
    const offered = [linker("a/ld-linux-x86-64.so.2"), linker("b/ld-linux-x86-64.so.2")];
    expect(chooseInterpreter(elf({}), offered)).toBe(offered[0]);
  });

  test("gives nothing to a file of another operating system", () => {
    expect(chooseInterpreter(elf({ osAbi: 9 }), [linker("ld-linux-x86-64.so.2")])).toBeUndefined();
  });

  test("takes either C library's for a library that uses none, glibc's first", () => {
    const library = { interpreter: null, needed: ["libother.so", "libgcc_s.so.1"] };
    const [glibc, musl] = [linker("e/ld-linux-x86-64.so.2"), linker("c/ld-musl-x86_64.so.1", { symbols: muslSymbols })];
    expect(chooseInterpreter(elf(library), [musl])).toBe(musl);
    expect(chooseInterpreter(elf(library), [musl, glibc])).toBe(glibc);
    expect(chooseInterpreter(elf({ ...library, needed: ["libm.so.6"] }), [musl])).toBeUndefined();
    expect(chooseInterpreter(elf({ ...library, needed: ["libc.so"] }), [glibc])).toBeUndefined();
  });

  test("takes none for a library of Android", () => {
    const offered = [linker("e/ld-linux-x86-64.so.2"), linker("c/ld-musl-x86_64.so.1", { symbols: muslSymbols })];
    const versionNeeds = [{ file: "libc.so", versions: [{ name: "LIBC" }] }];
    expect(chooseInterpreter(elf({ interpreter: null, needed: ["libc.so"], versionNeeds }), offered)).toBeUndefined();
  });
});
