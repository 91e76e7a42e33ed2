// Addons from npm that no executable of their package loads, at work in programs that nobody wrapped, in a root that holds
// only the store: as they are they cannot be loaded, with run paths in place they do what they do on this machine.

import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { corpusFile, fetchPackage, type Pin } from "../../../support/foreign/corpus.ts";
import { type Ran, runBesideStore, runInStore, wrapBuddy } from "../../../support/roots/sandbox.ts";
import {
  addFiles,
  addGccLibraries,
  addGlibc,
  createStore,
  hostPath,
  packagePath,
  type Store,
} from "../../../support/roots/store.ts";
import { nodeProgram } from "../library-hosts.ts";

const here = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url));
const pins: readonly Pin[] = JSON.parse(readFileSync(here("packages.json"), "utf8"));
const root = packagePath("addons");

/** A package of the store with them in its node_modules, as npm installs them, and what they are to do. */
async function installAddons(store: Store): Promise<void> {
  for (const pin of pins) {
    cpSync(await fetchPackage(pin), hostPath(store, `${root}/node_modules/${pin.package}`), { recursive: true });
  }
  addFiles(store, root, [here("at-work.cjs")]);
}

/** Every file of the package by its path and its content. */
function contents(store: Store): readonly string[] {
  const directory = hostPath(store, root);
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile())
    .sort()
    .map((path) => `${path} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`);
}

/** In bun, which brings neither libstdc++ nor libgcc; in node, which brings both, but no sound and no lzma. */
const hosts = {
  bun: { works: ["argon2", "resvg", "canvas", "duckdb", "sharp"], lacks: /lib(gcc_s|stdc\+\+)\.so\.\d/ },
  node: { works: ["audio", "tauri"], lacks: /libasound\.so\.2(.|\n)*liblzma\.so\.5/ },
} as const;

describe("in place, the addons of npm packages do their work in a program that has not what they need:", () => {
  it.each(Object.entries(hosts))("in %s", async (name, { works, lacks }) => {
    const store = createStore();
    const glibc = addGlibc(store);
    await installAddons(store);
    const directories = ["libasound.so.2", "liblzma.so.5"].map((library) =>
      addFiles(store, `${packagePath(library)}/lib`, [`/usr/lib/x86_64-linux-gnu/${library}`]),
    );
    const gcc = addGccLibraries(store);
    const original = await corpusFile(name);
    // patchelf breaks bun, with the run path that node's copy gets.
    const host: readonly [string, ...string[]] =
      name === "node"
        ? [await nodeProgram({ store, glibc })]
        : [
            glibc.interpreter,
            "--library-path",
            glibc.directory,
            `${addFiles(store, `${packagePath(name)}/bin`, [original])}/${name}`,
          ];
    const words = [`${root}/at-work.cjs`, ...works] as const;
    const run = (): Promise<Ran> => runInStore(store, [...host, ...words], { seconds: 120 });

    const before = contents(store);
    const failing = (await run()).stdout.trimEnd().split("\n");
    expect(failing).toHaveLength(works.length);
    for (const line of failing) expect(line).toMatch(/ failed: /);
    expect(failing.join("\n")).toMatch(lacks);
    const expected = await runBesideStore(store, [original, ...words], { seconds: 120 });
    expect(expected.stdout).not.toMatch(/ failed: /);

    const given = ["--interpreter", glibc.interpreter, "--libs", gcc, ...directories];
    expect(await wrapBuddy(store, [root, ...given], { seconds: 120 })).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await run()).stdout).toBe(expected.stdout);
    expect((await wrapBuddy(store, ["verify", root])).exitCode).toBe(0);
    expect((await wrapBuddy(store, ["unwrap", root])).exitCode).toBe(0);
    expect(contents(store)).toEqual(before);
    expect((await run()).stdout).toMatch(lacks);
  });
});
