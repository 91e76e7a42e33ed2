// Large foreign executables at work: what they print wrapped, in a root that holds only a store, is what they print
// unwrapped on this machine. What patchelf makes of them is told beside it.

import { cpSync, mkdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { type CorpusEntry, corpus, fetchPackage } from "../support/corpus.ts";
import { failsToStart } from "../support/program.ts";
import { runBesideStore, runInStore, type SandboxOptions, wrapBuddy } from "../support/sandbox.ts";
import { addFiles, addGccLibraries, addGlibc, createStore, hostPath, packagePath } from "../support/store.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { type Compared, updateComparison, verdictOf } from "./comparison.ts";

const work = fileURLToPath(new URL("./input/", import.meta.url));
const environment = { HOME: "/input", NO_COLOR: "1", LANG: "C.UTF-8", PATH: "/nonexistent" };
const qemu = "/usr/bin/qemu-aarch64-static";

const compared: Compared[] = [];
afterAll(() => {
  if (process.env["UPDATE_CORPUS"] === "1") updateComparison(compared);
});

describe("a large foreign executable does its work when it is wrapped:", () => {
  it.each(corpus)("$package", async (entry: CorpusEntry) => {
    const { architecture = "x86_64" } = entry;
    const foreign = architecture !== "x86_64";
    const original = join(await fetchPackage(entry), entry.executable);
    const store = createStore();
    const glibc = addGlibc(store, architecture);
    const libraries = foreign ? [] : ["--libs", addGccLibraries(store)];
    const directory = addFiles(store, `${packagePath("tool")}/bin`, [original]);
    const program = `${directory}/${basename(original)}`;
    const input = entry.name === "biome" ? "const  a=1\n" : "";
    const options = (): SandboxOptions => {
      const copy = join(temporaryDirectory(), "work");
      mkdirSync(copy);
      cpSync(work, copy, { recursive: true });
      const reads = (entry.reads ?? []).map((path) => [path, path] as const);
      return { binds: [[copy, "/input"], ...reads], environment, input, seconds: 120, bwrap: ["--chdir", "/input"] };
    };
    const emulator = foreign ? (["/qemu"] as const) : [];
    const start = (path = program) => {
      const own = options();
      const binds = [...(own.binds ?? []), ...(foreign ? [[qemu, "/qemu"] as const] : [])];
      const [first, ...rest] = [...emulator, path, ...entry.arguments];
      return runInStore(store, [first ?? path, ...rest], { ...own, binds });
    };

    const before = await start();
    expect(foreign ? before.exitCode !== 0 : failsToStart(before)).toBe(true);
    const wrapped = await wrapBuddy(store, [directory, "--interpreter", glibc.interpreter, ...libraries], {
      seconds: 60,
    });
    const { mayMiss } = entry;
    expect(wrapped).toMatchObject({
      exitCode: 0,
      stderr: mayMiss === undefined ? "" : expect.stringContaining(mayMiss),
    });

    const native = options();
    const there = native.binds?.[0]?.[0] ?? "";
    const nativeCommand = foreign ? ([qemu, "-L", "/usr/aarch64-linux-gnu", original] as const) : ([original] as const);
    const expected = await runBesideStore(store, [...nativeCommand, ...entry.arguments], {
      ...native,
      bwrap: ["--bind", there, "/input", "--chdir", "/input"],
    });
    expect(expected.exitCode).toBe(0);
    expect(expected.stdout.length + expected.stderr.length).toBeGreaterThan(0);
    const ran = await start();
    if (!foreign) {
      const inPlace = `${addFiles(store, `${packagePath("in-place")}/bin`, [original])}/${basename(original)}`;
      const placed = await wrapBuddy(
        store,
        [inPlace, "--form", "in-place", "--interpreter", glibc.interpreter, ...libraries],
        { seconds: 60 },
      );
      const hasRoom = placed.exitCode === 0;
      if (!hasRoom) expect(placed.stderr).toMatch(/no room in place|no entry to spare/);
      const patched = `${addFiles(store, `${packagePath("patched")}/bin`, [original])}/${basename(original)}`;
      const runPath = [addGccLibraries(store), glibc.directory].join(":");
      const changes = ["--set-interpreter", glibc.interpreter, "--set-rpath", runPath];
      const { exitCode } = await execa("patchelf", [...changes, hostPath(store, patched)], { reject: false });
      compared.push({
        package: entry.package,
        version: entry.version,
        megabytes: Math.round(statSync(original).size / 1e6),
        work: [entry.name, ...entry.arguments].join(" "),
        wrapped: verdictOf(ran, expected),
        inPlace: hasRoom ? verdictOf(await start(inPlace), expected) : "no room",
        patchelf: exitCode === 0 ? verdictOf(await start(patched), expected) : "does not start",
      });
    }
    expect({ ...ran, stderr: "" }).toEqual({ ...expected, stderr: "" });
    expect(foreign ? "same" : compared.at(-1)?.inPlace).toMatch(/^(same|no room)$/);
  });
});
