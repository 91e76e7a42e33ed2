import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PT_NOTE } from "../../../../src/elf/constants.ts";
import { ElfError } from "../../../../src/elf/error.ts";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import { readDlopenNotes } from "../../../../src/linker/load/dlopen-note.ts";
import { buildElf } from "../../../support/elf/elf-builder.ts";
import { createSmallStore, issuesOfKind, type SmallStore } from "../../../support/simulated/small-store.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

function note(content: unknown, { name = "FDO", type = 0x407c0c0a } = {}) {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return { name, type, description: new TextEncoder().encode(`${text}\0`) };
}

function notesOf(...notes: readonly ReturnType<typeof note>[]) {
  return readDlopenNotes(parseElf(bufferSource(buildElf({ notes }).bytes)));
}

describe("readDlopenNotes", () => {
  test("reads alternatives, feature, description and priority, of several notes and of several entries in one", () => {
    expect(
      notesOf(
        note([
          { soname: ["liba.so.2", "liba.so.1"], feature: "a", description: "does a", priority: "required" },
          { soname: ["libb.so"], priority: "suggested" },
        ]),
        note([{ soname: ["libc.so"] }]),
      ),
    ).toEqual([
      { sonames: ["liba.so.2", "liba.so.1"], feature: "a", description: "does a", priority: "required" },
      { sonames: ["libb.so"], feature: undefined, description: undefined, priority: "suggested" },
      { sonames: ["libc.so"], feature: undefined, description: undefined, priority: "recommended" },
    ]);
  });

  test("takes a note segment that is overwritten for none: nothing that starts a program reads it", () => {
    const { bytes } = buildElf({ notes: [note([{ soname: ["liba.so"] }])] });
    const at = parseElf(bufferSource(bytes)).programHeaders.find(({ type }) => type === PT_NOTE)?.offset ?? 0;
    bytes.fill(0xff, at, at + 8);
    const elf = parseElf(bufferSource(bytes));
    expect(() => elf.notes()).toThrow(ElfError);
    expect(readDlopenNotes(elf)).toEqual([]);
  });

  test("leaves out notes of another owner or type", () => {
    const entry = [{ soname: ["liba.so"] }];
    expect(notesOf(note(entry, { name: "GNU" }), note(entry, { type: 1 }))).toEqual([]);
  });

  test.each([
    ["text that is not JSON", "soname: liba.so"],
    ["an object where a list belongs", { soname: ["liba.so"] }],
    ["an entry without names", [{ soname: [] }]],
    ["a name that is a number", [{ soname: [1] }]],
    ["a name that no path can have", [{ soname: ["/lib/\0liba.so"] }]],
  ])("leaves out %s", (_, content) => {
    expect(notesOf(note(content))).toEqual([]);
  });

  test("reads what is padded with many NULs, and leaves out what begins with many", () => {
    const nuls = "\0".repeat(100_000);
    const entry = JSON.stringify([{ soname: ["liba.so"] }]);
    expect(notesOf(note(entry + nuls), note(nuls + entry))).toMatchObject([{ sonames: ["liba.so"] }]);
  });
});

describe("what a note names", () => {
  test("goes on the run path where it is found, the first alternative that is there", () => {
    store.library("x/liba.so.1");
    store.library("y/liba.so.2");
    const program = store.executable("bundle/program", {
      notes: [note([{ soname: ["liba.so.3", "liba.so.2", "liba.so.1"] }])],
    });
    const resolution = store.resolve(program, { libraryDirectories: [store.at("x"), store.at("y")] });
    expect(resolution).toMatchObject({ runPath: [store.at("y")], neededLast: [], issues: [] });
  });

  test.each([
    ["required", "error"],
    ["recommended", "warning"],
    ["suggested", "note"],
  ])("and is nowhere, if %s, gives: %s", (priority, severity) => {
    const program = store.executable("bundle/program", {
      notes: [note([{ soname: ["liba.so"], feature: "a", priority }])],
    });
    expect(issuesOfKind(store.resolve(program), "dlopen-missing")).toMatchObject([
      { severity, priority, alternatives: ["liba.so"], feature: "a", neededBy: program },
    ]);
  });

  test("may be missing when a pattern says so", () => {
    const program = store.executable("bundle/program", {
      notes: [note([{ soname: ["liba.so"], priority: "required" }])],
    });
    const resolution = store.resolve(program, { ignoreMissing: ["liba*"] });
    expect(issuesOfKind(resolution, "dlopen-missing")).toMatchObject([{ severity: "note" }]);
  });

  test("is looked for on behalf of bundled libraries too, which then inherit the search", () => {
    store.library("x/liba.so");
    store.library("bundle/lib/libb.so", { notes: [note([{ soname: ["liba.so"] }])] });
    const program = store.executable("bundle/program", { needed: ["libb.so"] });
    const resolution = store.resolve(program, {
      bundledLibraries: [store.at("bundle/lib/libb.so")],
      libraryDirectories: [store.at("x")],
    });
    expect(resolution).toMatchObject({ runPath: [store.at("bundle/lib"), store.at("x")], runPathTag: "rpath" });
  });

  test("by a library outside the bundle is that library's own affair", () => {
    store.library("x/libb.so", { notes: [note([{ soname: ["liba.so"], priority: "required" }])] });
    const program = store.executable("bundle/program", { needed: ["libb.so"] });
    expect(store.resolve(program, { libraryDirectories: [store.at("x")] }).issues).toEqual([]);
  });
});
