// Real single-file programs with addons inside: wrapped with nothing given but what the compiler brings, they start in a
// root that holds only a store, and load an addon that needs libstdc++.

import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { failsToStart } from "../../support/compiled/program.ts";
import { corpusFile, fetchPackage, parcelWatcher } from "../../support/foreign/corpus.ts";
import { wrapBuddy } from "../../support/roots/sandbox.ts";
import { addFiles, addGccLibraries, addGlibc, createStore, packagePath } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { denoWithRuntime } from "./deno-compile.ts";
import { addonLoaded, startTraced } from "./traced.ts";

/** Wraps `original` and starts it. */
async function startWrapped(original: string, args: readonly string[]) {
  const store = createStore();
  const { interpreter } = addGlibc(store);
  const directory = addFiles(store, `${packagePath("tool")}/bin`, [original]);
  const program = `${directory}/${original.slice(original.lastIndexOf("/") + 1)}`;
  expect(failsToStart((await startTraced(store, [program, ...args])).ran)).toBe(true);
  const wrapped = await wrapBuddy(store, [program, "--interpreter", interpreter, "--libs", addGccLibraries(store)]);
  expect(wrapped.exitCode).toBe(0);
  return { ...(await startTraced(store, [program, ...args])), wrapped };
}

describe("a single-file program's addon", () => {
  it("is loaded by opencode", async () => {
    const { ran, wrapped, trace } = await startWrapped(await corpusFile("opencode"), ["debug", "file", "list", "."]);
    expect(wrapped.stderr).toBe("");
    expect(ran.exitCode).toBe(0);
    expect(trace).toMatch(addonLoaded);
  });

  it("is loaded by a program that bun made", async () => {
    const work = temporaryDirectory();
    copyFileSync(join(await fetchPackage(parcelWatcher), "watcher.node"), join(work, "watcher.node"));
    writeFileSync(join(work, "app.js"), 'console.log(typeof require("./watcher.node").getEventsSince);\n');
    const build = ["build", "--compile", "./app.js", "--outfile", "app"];
    await execa(await corpusFile("bun"), build, { cwd: work });
    const { ran, trace } = await startWrapped(join(work, "app"), []);
    expect(ran).toMatchObject({ stdout: "function\n", exitCode: 0 });
    expect(trace).toMatch(addonLoaded);
  });

  it("is loaded by a program that deno made", async () => {
    const work = temporaryDirectory();
    copyFileSync(join(await fetchPackage(parcelWatcher), "watcher.node"), join(work, "watcher.node"));
    const load = 'createRequire(import.meta.url)("./watcher.node")';
    const program = `import { createRequire } from "node:module";\nconsole.log(typeof ${load}.getEventsSince);\n`;
    writeFileSync(join(work, "app.ts"), program);
    const deno = await denoWithRuntime();
    const build = [
      "compile",
      "--quiet",
      "--no-check",
      "--allow-all",
      "--include",
      "watcher.node",
      "--output",
      "app",
      "app.ts",
    ];
    const env = { DENORT_BIN: join(deno, "denort"), DENO_DIR: join(work, "cache") };
    await execa(join(deno, "deno"), build, { cwd: work, env });
    const { ran, trace } = await startWrapped(join(work, "app"), []);
    expect(ran).toMatchObject({ stdout: "function\n", exitCode: 0 });
    expect(trace).toMatch(addonLoaded);
  });

  it("that wants ALSA is named by its place in claude, which starts all the same", async () => {
    const { ran, wrapped } = await startWrapped(await corpusFile("claude"), ["--version"]);
    expect(wrapped.stderr).toMatch(/warning: \S*claude \(a library at 0x[0-9a-f]+ in it\): libasound\.so\.2 not found/);
    expect(ran).toMatchObject({ stdout: expect.stringContaining("Claude Code"), exitCode: 0 });
  });
});
