import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inspect } from "../../../../src/commands/inspect/inspect.ts";
import type { Inspection } from "../../../../src/commands/inspect/inspection.ts";
import { run } from "../../../../src/commands/wrap/run.ts";
import { PT_INTERP, PT_NULL } from "../../../../src/elf/constants.ts";
import type { InspectedLoad } from "../../../../src/planning/what-loads/inspected-load-facts.ts";
import type { Question } from "../../../../src/planning/what-loads/what-loads.ts";
import type { WrapRequest } from "../../../../src/planning/wrap-request.ts";
import { describeIssues } from "../../../../src/report/messages/describe-issues.ts";
import { readElf } from "../../../support/simulated/simulate.ts";
import { createSmallStore, type SmallStore } from "../../../support/simulated/small-store.ts";
import { wrapRequestOf } from "../../../support/simulated/wrap-request.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

const linker = (): string => store.at("glibc/lib/ld-linux-x86-64.so.2");
const code = new Uint8Array(512).fill(0x90);

function requestFor(path: string, changes: Partial<WrapRequest> = {}): WrapRequest {
  return wrapRequestOf([path], { interpreters: [linker()], ...changes });
}

function inspectOne(path: string, changes: Partial<WrapRequest> = {}, question: Question = "as-it-is"): Inspection {
  const [file] = inspect(requestFor(path, changes), question).files;
  if (file === undefined) throw new Error(`nothing is said of ${path}`);
  return file;
}

function loadOf(file: Inspection): InspectedLoad {
  if (file.load === undefined) throw new Error(`${file.path} is not loaded`);
  return file.load;
}

/** Each object with the one that needs it, by their base names. */
function treeOf(load: InspectedLoad): readonly string[] {
  const base = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
  return load.objects.slice(1).map(({ path, neededBy }) => `${base(neededBy ?? "")} > ${base(path)}`);
}

test("what would be loaded is what is loaded once it is wrapped so", () => {
  const path = store.executable("bundle/tool", { needed: ["liba.so", "libm.so.6"], code });
  store.library("lib/liba.so", { needed: ["libb.so"] });
  store.library("lib/libb.so", { needed: ["libc.so.6"] });
  for (const pin of ["never", "always"] as const) {
    const changes = { libraryDirectories: [store.at("lib")], extraNeeded: ["libgcc_s.so.1"], pin };
    const before = loadOf(inspectOne(path, changes, "if-wrapped"));
    expect(run(requestFor(path, changes)).ok).toBe(true);
    const after = loadOf(inspectOne(path));
    expect({ ...before, view: "" }).toEqual({ ...after, view: "" });
    expect([before.view, after.view]).toEqual(["if-wrapped", "as-it-is"]);
  }
});

test("a pinned object stands below the one whose own needed entry names it", () => {
  const path = store.executable("bundle/tool", { needed: ["liba.so", "libc.so.6"], code });
  store.library("lib/liba.so", { needed: ["libb.so"] });
  store.library("lib/libb.so");
  run(requestFor(path, { libraryDirectories: [store.at("lib")], pin: "always" }));
  expect(treeOf(loadOf(inspectOne(path)))).toEqual([
    "tool > liba.so",
    "tool > libc.so.6",
    "liba.so > libb.so",
    "libc.so.6 > ld-linux-x86-64.so.2",
  ]);
});

test("a run path entry says what it means and whether that is there", () => {
  store.directory("bundle/plugins");
  const runpath = "$ORIGIN/plugins:$ORIGIN/../none:relative:/no/such/directory";
  const path = store.executable("bundle/tool", { runpath, interpreter: linker() });
  expect(loadOf(inspectOne(path)).runPath).toEqual([
    { text: "$ORIGIN/plugins", path: store.at("bundle/plugins"), isThere: true },
    { text: "$ORIGIN/../none", path: `${store.at("bundle")}/../none`, isThere: false },
    { text: "relative", path: undefined, isThere: false },
    { text: "/no/such/directory", path: "/no/such/directory", isThere: false },
  ]);
});

test("a run that stopped before its last write left what starts as the original", () => {
  const path = store.executable("bundle/tool", { needed: ["libc.so.6"], interpreter: "/lib64/ld-none.so.2", code });
  run(requestFor(path));
  const bytes = readFileSync(path);
  const cleared = readElf(path).programHeaders.find(({ type }) => type === PT_NULL);
  bytes.writeUInt32LE(PT_INTERP, cleared?.headerOffset);
  writeFileSync(path, bytes);
  const report = inspect(requestFor(path, { interpreters: [] }), "as-it-is");
  expect(report.files).toMatchObject([{ state: { kind: "wrapped", sidecar: { isFinished: false } } }]);
  expect(report.issues).toEqual([
    { kind: "interpreter-gone", path, interpreter: "/lib64/ld-none.so.2", problem: "no-such-file" },
  ]);
});

test("a library that may be missing is a note, of a wrapped executable too", () => {
  const path = store.executable("bundle/tool", { needed: ["libabsent.so", "libc.so.6"], code });
  const ignoreMissing = ["libabsent.*"];
  run(requestFor(path, { ignoreMissing }));
  expect(inspect(requestFor(path), "as-it-is").ok).toBe(false);
  expect(inspect(requestFor(path, { ignoreMissing }), "as-it-is").ok).toBe(true);
});

test("an interpreter of another machine cannot load it", () => {
  store.library("other/ld.so", { machine: 183, symbols: [{ name: "_r_debug", value: 0x10n }] });
  const path = store.executable("bundle/tool", { interpreter: store.at("other/ld.so") });
  const { ok, issues } = inspect(requestFor(path, { interpreters: [] }), "as-it-is");
  expect([ok, issues]).toMatchObject([false, [{ kind: "interpreter-gone", problem: "other-machine" }]]);
});

test("where wrapping would not help, it is not what the help says", () => {
  const ofNix = store.executable("bundle/of-nix", { interpreter: store.at("gone/ld.so") });
  const mips = store.executable("bundle/mips", { machine: 8, interpreter: "/lib/ld.so.1" });
  const foreign = store.executable("bundle/foreign", { interpreter: "/lib64/ld-none.so.2" });
  const { issues } = inspect(
    { ...requestFor(ofNix, { interpreters: [], storeDirectory: store.root }), paths: [ofNix, mips, foreign] },
    "as-it-is",
  );
  const context = { surface: "cli", shownRoots: [] } as const;
  const helps = issues.map((issue) => [issue, describeIssues([issue], context).flatMap(({ help }) => help)] as const);
  const helpOf = (path: string) => helps.find(([issue]) => "path" in issue && issue.path === path)?.[1];
  expect([ofNix, mips, foreign].map(helpOf)).toEqual([
    ["have Nix build or fetch the linker's store path again: nix-store --realise"],
    ["it starts only where such a linker is, and wrapping cannot change that: for another machine"],
    ["wrap it with one that is here: --interpreter"],
  ]);
});

test("a program for musl is shown as musl's linker loads it", () => {
  store.library("musl/lib/ld-musl-x86_64.so.1", { symbols: [{ name: "_dl_debug_addr", value: 0x10n }] });
  store.library("lib/liba.so", { needed: ["libb.so"] });
  store.library("lib/libb.so");
  const interpreter = store.at("musl/lib/ld-musl-x86_64.so.1");
  const path = store.executable("tool", { needed: ["liba.so", "libc.so"], interpreter, runpath: "$ORIGIN/lib" });
  const load = loadOf(inspectOne(path, { storeDirectory: store.root }));
  expect([load.cLibrary, treeOf(load)]).toEqual([
    "musl",
    // Its libraries inherit a DT_RUNPATH too.
    ["tool > liba.so", "tool > ld-musl-x86_64.so.1", "liba.so > libb.so"],
  ]);
});

test("a missing name is told once for each object that wants it", () => {
  store.library("lib/liba.so", { needed: ["libabsent.so"], rpath: "$ORIGIN" });
  const needed = ["liba.so", "libabsent.so"];
  const path = store.executable("tool", { needed, interpreter: linker(), rpath: "$ORIGIN/lib" });
  expect(loadOf(inspectOne(path)).missing).toEqual([
    { name: "libabsent.so", neededBy: path, refused: [] },
    { name: "libabsent.so", neededBy: store.at("lib/liba.so"), refused: [] },
  ]);
});
