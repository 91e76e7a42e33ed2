// What `wrap-buddy inspect` says of a wrapped program, held to what its dynamic linker does: LD_TRACE_LOADED_OBJECTS=1
// makes that list what it has loaded, and stop.

import { copyFileSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { InspectionFileJson, InspectionJson } from "../../src/commands/inspect/inspection-schema.ts";
import { articleOutput, buildArticle, fileOf } from "../support/compiled/article.ts";
import { buildGreeting, greetingArguments, greetingEnvironment, greetings } from "../support/compiled/greeting.ts";
import { machines, runOn } from "../support/compiled/machines.ts";
import { type Ran, runBesideStore, runInStore, type SandboxOptions, wrapBuddy } from "../support/roots/sandbox.ts";
import { addGlibc, createStore, hostPath, packagePath, type Store } from "../support/roots/store.ts";
import { tracedPaths } from "../support/simulated/real-linker.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const trace = { LD_TRACE_LOADED_OBJECTS: "1" } as const;

async function inspect(store: Store, args: readonly string[], options: SandboxOptions = {}): Promise<InspectionJson> {
  const { stdout } = await wrapBuddy(store, ["inspect", "--json", ...args], options);
  return JSON.parse(stdout) as InspectionJson;
}

async function inspectOne(store: Store, path: string, ...args: readonly string[]): Promise<InspectionFileJson> {
  const [file] = (await inspect(store, [path, ...args])).files;
  if (file === undefined) throw new Error(`nothing is said of ${path}`);
  return file;
}

/** In load order. */
function inspectedPaths({ load }: InspectionFileJson): readonly (string | undefined)[] {
  return load?.objects.slice(1).map(({ path }) => path) ?? [];
}

describe.each(machines)("on $name", (machine) => {
  it("the tree of a wrapped program is what its dynamic linker loads", async () => {
    const { store, path, glibc, library } = await buildGreeting(machine);
    const wrapped = await wrapBuddy(store, [path, "--interpreter", glibc.interpreter, "--libs", library]);
    expect(wrapped).toMatchObject({ exitCode: 0, stderr: "" });
    const run = (environment: Readonly<Record<string, string>>) =>
      runOn(machine, store, [path, ...greetingArguments], { environment: { ...greetingEnvironment, ...environment } });
    expect(await run({})).toEqual(greetings);
    const file = await inspectOne(store, path);
    expect(file.state.kind).toBe("wrapped");
    expect(inspectedPaths(file).length).toBeGreaterThan(2);
    expect(inspectedPaths(file)).toEqual(tracedPaths((await run(trace)).stdout));
  });
});

describe("the article's example", () => {
  it.each(["--pin", "--no-pin", "--relocatable"])("wrapped with %s, is inspected as it is loaded", async (option) => {
    const article = await buildArticle();
    const { store, main, interpreter, libfoo, libbar } = article;
    const given = ["--interpreter", interpreter, "--libs", libfoo, libbar, option];
    const before = await inspectOne(store, main, ...given);
    expect((await wrapBuddy(store, [main, ...given])).exitCode).toBe(0);
    const after = await inspectOne(store, main);
    const { stdout } = await runInStore(store, [main], { environment: trace });
    expect(inspectedPaths(after)).toEqual(tracedPaths(stdout));
    // What would be loaded is what is loaded.
    expect([before.load?.view, after.load?.view]).toEqual(["if-wrapped", "as-it-is"]);
    expect(before.load?.objects).toEqual(after.load?.objects);
    const libraries = after.load?.objects.filter(({ name }) => name === "libfoo.so");
    expect(libraries?.map(({ provenance }) => provenance.kind)).toEqual([option === "--no-pin" ? "runpath" : "pinned"]);
    expect(await runInStore(store, [main])).toMatchObject({ stdout: articleOutput });
  });

  it("misses a library where its dynamic linker does", async () => {
    const article = await buildArticle();
    const { store, main, interpreter, libfoo, libbar } = article;
    const given = ["--interpreter", interpreter, "--libs", libfoo, libbar, "--no-pin"];
    expect((await wrapBuddy(store, [main, ...given])).exitCode).toBe(0);
    rmSync(fileOf(article, `${libbar}/libbar.so`));
    const ran: Ran = await wrapBuddy(store, ["inspect", main]);
    const { stdout } = await runInStore(store, [main], { environment: trace });
    expect(stdout).toContain("libbar.so => not found");
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout).toMatch(/libbar\.so +not found\n/);
    expect(ran.stderr).toContain(`${main}: libbar.so not found in`);
    const { load } = await inspectOne(store, main);
    expect(load?.missing.map(({ name, neededBy }) => [name, neededBy])).toEqual([["libbar.so", main]]);
  });
});

describe("programs of /usr/bin", () => {
  const systemLibraries = "/usr/lib/x86_64-linux-gnu";
  const libraries = `${packagePath("system")}/lib`;
  const largest = 400_000;

  it("are inspected as they are loaded once they are wrapped", async () => {
    const store = createStore();
    const { interpreter } = addGlibc(store);
    mkdirSync(hostPath(store, libraries), { recursive: true });
    const directory = join(temporaryDirectory(), "programs");
    mkdirSync(directory);
    for (const name of readdirSync("/usr/bin")) {
      const file = join("/usr/bin", name);
      const { size, mode } = statSync(file);
      // A program that runs as another user is not traced.
      if (realpathSync(file) === file && size < largest && (mode & 0o6000) === 0)
        copyFileSync(file, join(directory, name));
    }
    const options = { bwrap: ["--bind", systemLibraries, libraries], seconds: 150 };
    const libs = ["--libs", libraries, `${libraries}/systemd`, "/usr/lib/man-db"];
    const wrapped = await wrapBuddy(store, [directory, "--interpreter", interpreter, ...libs], options);
    expect(wrapped).toMatchObject({ exitCode: 0, stderr: "" });
    const { files } = await inspect(store, [directory], options);
    const ours = files.filter(({ state }) => state.kind === "wrapped");
    expect(ours.length).toBeGreaterThan(200);

    const script = 'for path; do LD_TRACE_LOADED_OBJECTS=1 "$path"; printf "\\036"; done';
    const ran = await runBesideStore(store, ["/bin/sh", "-c", script, "sh", ...ours.map(({ path }) => path)], options);
    expect(ran.stderr).toBe("");
    const traces = ran.stdout.split("\x1e").slice(0, -1);
    expect(ours.map((file) => [file.path, inspectedPaths(file)])).toEqual(
      ours.map(({ path }, at) => [path, tracedPaths(traces[at] ?? "")]),
    );
    const objects = ours.reduce((sum, { load }) => sum + (load?.objects.length ?? 0), 0);
    console.log(`${ours.length} wrapped programs with ${objects} objects are inspected as they are loaded`);
  });
});
