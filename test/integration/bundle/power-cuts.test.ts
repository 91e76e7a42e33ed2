// The power goes while a bundle is made: it is there with all its bytes, or not at all, and can then be made.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { compile, helloSource } from "../../support/compiled/compile.ts";
import { runBundled } from "../../support/roots/bundled-root.ts";
import { wrapBuddy } from "../../support/roots/sandbox.ts";
import { createStore } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import type { FileSystemName } from "../../support/writing/image-file-systems.ts";
import { afterCut, neededFor, syncedElsewhere, withImage } from "../../support/writing/power-cut.ts";
import { orderedCallsOf, stopAt, type TreeRun, treeCallsOf } from "../../support/writing/tree-calls.ts";
import { snapshotOf } from "../../support/writing/write-scenarios.ts";

/** What has to come in the right order. */
const ordered = new Set(["fsync", "rename"]);
const store = createStore();
let given = "";
let noSync = "";

beforeAll(async () => {
  given = join(temporaryDirectory(), "given");
  mkdirSync(join(given, "bin"), { recursive: true });
  await compile(join(given, "bin/tool"), { files: helloSource, compiler: "musl-gcc" });
  const source = readFileSync(fileURLToPath(new URL("../../bench/wrapping/no-sync.c", import.meta.url)), "utf8");
  noSync = join(temporaryDirectory(), "no-sync.so");
  await compile(noSync, { files: { "no-sync.c": source }, flags: ["-shared", "-fPIC"] });
});

interface Form {
  readonly format: "dir" | "tar" | "tar.zst";
  /** The directory is given, with so many files in it; without, the program alone is. */
  readonly files?: number;
}

function wordsFor({ format, files }: Form): readonly string[] {
  if (files === undefined) return ["bundle", join(given, "bin/tool"), "--output", "/tree/out", "--format", format];
  mkdirSync(join(given, "share"), { recursive: true });
  for (let at = 0; at < files; at++) writeFileSync(join(given, "share", `${at}`), `${at}`.repeat(5000));
  return ["bundle", given, "--output", "/tree/out", "--format", format];
}

const emptyTree = (): string => temporaryDirectory();
const sandbox = (tree: string) => ({ bwrap: ["--bind", tree, "/tree"] });

function runOver(tree: string, form: Form): TreeRun {
  return { store, words: wordsFor(form), directories: [], executables: [], sandbox: sandbox(tree) };
}

/** What is there under the bundle's name, and under others. */
function found(tree: string) {
  const names = readdirSync(tree);
  return { isThere: names.includes("out"), left: names.filter((name) => name !== "out") };
}

async function expectWhole(tree: string, { format }: Form, finished: string): Promise<void> {
  if (format !== "dir") {
    expect(readFileSync(join(tree, "out")).equals(readFileSync(join(finished, "out")))).toBe(true);
    return;
  }
  expect(snapshotOf(join(tree, "out"))).toEqual(snapshotOf(join(finished, "out")));
  expect(await runBundled(join(tree, "out"), ["tool"])).toEqual({ stdout: "hello\n", stderr: "", exitCode: 0 });
}

async function make(tree: string, form: Form, environment = {}): Promise<void> {
  const ran = await wrapBuddy(store, wordsFor(form), { ...sandbox(tree), environment });
  expect(ran).toMatchObject({ exitCode: 0 });
}

describe("the power may go at any time while a bundle is made", () => {
  const cases: readonly (readonly [FileSystemName, string, Form])[] = [
    ["xfs", "a directory with a program", { format: "dir" }],
    ["xfs", "a compressed archive", { format: "tar.zst" }],
    ["ext4", "a directory of many files", { format: "dir", files: 12 }],
    ["btrfs", "a directory of many files", { format: "dir", files: 12 }],
  ];
  for (const [name, what, form] of cases) {
    it(`on ${name}, ${what}`, { tags: [...neededFor[name]], timeout: 300_000 }, () => cutEverywhere(name, form));
  }

  async function cutEverywhere(name: FileSystemName, form: Form): Promise<void> {
    const finished = emptyTree();
    await make(finished, form);
    const calls = (await treeCallsOf(runOver(emptyTree(), form))).filter((call) => ordered.has(call.name));
    const seen = new Set<boolean>();
    for (const call of [...calls, undefined]) {
      const left = await withImage(name, emptyTree(), async (tree, image) => {
        if (call === undefined) await make(tree, form);
        else await stopAt(runOver(tree, form), call);
        const atOnce = await afterCut(name, image);
        await syncedElsewhere(tree);
        return [atOnce, await afterCut(name, image)];
      });
      for (const tree of left) {
        const { isThere } = found(tree);
        seen.add(isThere);
        if (call === undefined) expect(isThere).toBe(true);
        if (!isThere) await make(tree, form);
        await expectWhole(tree, form, finished);
      }
    }
    expect([...seen].sort()).toEqual([false, true]);
  }

  it("is no matter in a Nix build, where nothing is synced", { tags: ["trace"] }, async () => {
    const synced = async (environment: { readonly [name: string]: string }) => {
      const tree = emptyTree();
      const run = runOver(tree, { format: "dir" });
      const calls = await orderedCallsOf({ ...run, sandbox: { ...run.sandbox, environment } });
      expect(found(tree).isThere).toBe(true);
      return calls.filter((call) => call.startsWith("fsync")).length;
    };
    expect(await synced({})).toBe(1);
    expect(await synced({ NIX_BUILD_TOP: "/build" })).toBe(0);
  });

  it("would leave names without bytes where nothing is synced", { tags: [...neededFor.xfs] }, async () => {
    const form = { format: "dir", files: 12 } as const;
    const left = await withImage("xfs", emptyTree(), async (tree, image) => {
      await make(tree, form, { LD_PRELOAD: noSync });
      await syncedElsewhere(tree);
      return afterCut("xfs", image);
    });
    expect(found(left)).toEqual({ isThere: true, left: [] });
    expect(readFileSync(join(left, "out/root", given, "share/1")).length).toBe(0);
  });
});
