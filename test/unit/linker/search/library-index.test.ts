import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createLibraryIndex } from "../../../../src/linker/search/library-index.ts";
import { buildElf, withField } from "../../../support/elf/elf-builder.ts";
import { createLibraryTree, type LibraryTree } from "../../../support/simulated/library-tree.ts";

let tree: LibraryTree;
beforeEach(() => {
  tree = createLibraryTree();
});
afterEach(() => tree.remove());

describe("open", () => {
  test("tells what a library says to a linker", () => {
    const path = tree.library("liba.so.1", {
      needed: ["libb.so"],
      runpath: "/x",
      versionDefinitions: ["liba.so.1", "A_1"],
    });
    expect(createLibraryIndex().open(path)).toMatchObject({
      kind: "elf",
      file: { facts: { soname: "liba.so.1", needed: ["libb.so"], runpath: "/x", versionDefinitions: ["A_1"] } },
    });
  });

  test("leaves out a DT_RPATH that a DT_RUNPATH makes void", () => {
    const path = tree.library("liba.so", { rpath: "/old", runpath: "/new" });
    expect(createLibraryIndex().open(path)).toMatchObject({ file: { facts: { rpath: undefined, runpath: "/new" } } });
  });

  test("knows a file again under another path", () => {
    tree.library("liba.so.1");
    const link = tree.link("liba.so", "liba.so.1");
    const index = createLibraryIndex();
    expect(index.open(link)).toBe(index.open(tree.at("liba.so.1")));
  });

  test("calls a missing file, and one below a file, absent", () => {
    const path = tree.text("file", "");
    const index = createLibraryIndex();
    expect(index.open(tree.at("nothing"))).toEqual({ kind: "absent" });
    expect(index.open(join(path, "below"))).toEqual({ kind: "absent" });
  });

  test.each([
    ["a linker script", "GROUP ( libc.so.6 )"],
    ["an empty file", ""],
    ["four bytes of magic", "\u007fELF"],
  ])("does not take %s for a library", (_, content) => {
    expect(["not-elf", "damaged"]).toContain(createLibraryIndex().open(tree.text("liba.so", content)).kind);
  });

  test("calls a library with a damaged dynamic array damaged, and keeps its header", () => {
    const elf = buildElf({ interpreter: null, needed: ["liba.so"] });
    writeFileSync(tree.at("bad.so"), withField(elf, "DT_NEEDED[0].d_un", 0xffffff));
    expect(createLibraryIndex().open(tree.at("bad.so"))).toMatchObject({ kind: "damaged", header: { machine: 62 } });
  });

  test("takes a directory for something that ends the load, and a symbolic link loop for a reason to look elsewhere", () => {
    mkdirSync(tree.at("libd.so"));
    tree.link("libl.so", "libl.so");
    const index = createLibraryIndex();
    expect(index.open(tree.at("libd.so"))).toEqual({ kind: "unreadable", effect: "stop" });
    expect(index.open(tree.at("libl.so"))).toEqual({ kind: "unreadable", effect: "next-list" });
  });

  test("opens a library whose name is not UTF-8", () => {
    const name = Buffer.from([0x6c, 0xff, 0x2e, 0x73, 0x6f]);
    writeFileSync(Buffer.concat([Buffer.from(`${tree.root}/`), name]), buildElf({ interpreter: null }).bytes);
    const index = createLibraryIndex();
    expect(index.list(tree.root)).toEqual(["l\udcff.so"]);
    expect(index.open(`${tree.root}/l\udcff.so`).kind).toBe("elf");
  });
});

describe("has and list", () => {
  test("read a directory once", () => {
    tree.library("liba.so");
    const index = createLibraryIndex();
    expect(index.list(tree.root)).toEqual(["liba.so"]);
    tree.library("libb.so");
    expect(index.has(tree.root, "libb.so")).toBe(false);
  });

  test("list names in the same order on every file system", () => {
    for (const name of ["c.so", "a.so", "B.so", "b.so"]) tree.library(name);
    expect(createLibraryIndex().list(tree.root)).toEqual(["B.so", "a.so", "b.so", "c.so"]);
  });

  test("say nothing of a directory that is not there", () => {
    const index = createLibraryIndex();
    expect(index.list(tree.at("nowhere"))).toEqual([]);
    expect(index.has(tree.at("nowhere"), "liba.so")).toBe(false);
    expect(index.isDirectory(tree.at("nowhere"))).toBe(false);
  });

  test("a path that the system refuses is no directory", () => {
    tree.link("loop", "loop");
    const index = createLibraryIndex();
    const tooLong = tree.at("x".repeat(256));
    expect([index.isDirectory(tooLong), index.isDirectory(tree.at("loop/in"))]).toEqual([false, false]);
  });
});
