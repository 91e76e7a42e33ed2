// The programs whose start is measured, in every way that they can be made to start.

import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile, helloSource } from "../support/compile.ts";
import { runBesideStore, wrapBuddy } from "../support/sandbox.ts";
import {
  addFiles,
  addGccLibraries,
  addGlibc,
  hostPath,
  type InstalledGlibc,
  packagePath,
  type Store,
} from "../support/store.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** The ways to start a foreign program. `original`: where the interpreter it names is there, as on other distributions. */
export const ways = ["original", "patchelf", "run path", "pinned", "shell wrapper"] as const;
export type Way = (typeof ways)[number];

export interface Measured {
  readonly name: string;
  /** The path of the program made to start in that way; a way that breaks it is left out. */
  readonly paths: { readonly [way in Way]?: string };
  /** What LD_LIBRARY_PATH has to be for the original. */
  readonly libraryPath: string;
}

interface Foreign {
  readonly name: string;
  /** On this machine. */
  readonly file: string;
  /** Of the store. */
  readonly libraryDirectories: readonly string[];
}

/** A program with `count` libraries, each in a directory of its own, each needing the next. */
async function programWithLibraries(store: Store, count: number): Promise<Foreign> {
  const build = temporaryDirectory();
  const directories: string[] = [];
  let next: string | undefined;
  const made: string[] = [];
  for (let i = count - 1; i >= 0; i--) {
    const call = next === undefined ? "" : `int f${i + 1}(void);`;
    const library: string = await compile(join(build, `libf${i}.so`), {
      files: { "f.c": `${call} int f${i}(void) { return ${next === undefined ? "0" : `f${i + 1}()`} + 1; }` },
      flags: ["-O2", "-shared", "-fPIC", `-Wl,-soname,libf${i}.so`],
      libraries: next === undefined ? [] : [next],
    });
    next = library;
    made.unshift(library);
    directories.unshift(addFiles(store, `${packagePath(`f${i}-of-${count}`)}/lib`, [library]));
  }
  const file = await compile(join(build, "program"), {
    files: { "main.c": `int f0(void); int main(void) { return f0() == ${count} ? 0 : 1; }` },
    flags: ["-O2", "-Wl,--allow-shlib-undefined", "-Wl,--no-as-needed"],
    libraries: made,
    key: `bench-${count}`,
  });
  return { name: `${count} ${count === 1 ? "library" : "libraries"}`, file, libraryDirectories: directories };
}

/** All programs, each made to start in every way, in the store. */
export async function preparePrograms(store: Store): Promise<readonly Measured[]> {
  const glibc = addGlibc(store);
  const gcc = addGccLibraries(store);
  const modules = fileURLToPath(new URL("../../node_modules/", import.meta.url));
  const foreign: Foreign[] = [
    {
      name: "hello world",
      file: await compile(join(temporaryDirectory(), "hello"), { files: helloSource }),
      libraryDirectories: [],
    },
  ];
  for (const count of [1, 10, 40, 120]) foreign.push(await programWithLibraries(store, count));
  for (const [name, file] of [
    ["lightningcss", "lightningcss-cli-linux-x64-gnu/lightningcss"],
    ["dprint", "@dprint/linux-x64-glibc/dprint"],
    ["dart", "sass-embedded-linux-x64/dart-sass/src/dart"],
  ] as const) {
    foreign.push({ name, file: join(modules, file), libraryDirectories: [gcc] });
  }
  const measured: Measured[] = [];
  for (const program of foreign) measured.push(await prepare(store, glibc, program));
  return measured;
}

async function prepare(store: Store, glibc: InstalledGlibc, program: Foreign): Promise<Measured> {
  const slug = program.name.replaceAll(" ", "-");
  const place = (way: string): string => {
    const path = `${packagePath(`${slug}-${way}`)}/bin/${slug}`;
    mkdirSync(dirname(hostPath(store, path)), { recursive: true });
    copyFileSync(program.file, hostPath(store, path));
    return path;
  };
  const { interpreter } = glibc;
  const libraries = program.libraryDirectories.flatMap((directory) => ["--libs", directory]);
  const wrap = async (way: "--pin" | "--no-pin") => {
    const path = place(way);
    const ran = await wrapBuddy(store, [path, "--interpreter", interpreter, way, ...libraries]);
    if (ran.exitCode !== 0) throw new Error(ran.stderr);
    return path;
  };
  const runPath = [...program.libraryDirectories, glibc.directory].join(":");
  const patched = place("patchelf");
  await runBesideStore(store, ["patchelf", "--set-interpreter", interpreter, "--set-rpath", runPath, patched]);
  const inner = place("inner");
  await runBesideStore(store, ["patchelf", "--set-interpreter", interpreter, inner]);
  const script = place("shell");
  writeFileSync(hostPath(store, script), `#!/bin/sh\nexport LD_LIBRARY_PATH=${runPath}\nexec ${inner} "$@"\n`);
  chmodSync(hostPath(store, script), 0o755);

  const paths: { [way in Way]?: string } = {};
  for (const [way, path] of [
    ["original", place("original")],
    ["patchelf", patched],
    ["run path", await wrap("--no-pin")],
    ["pinned", await wrap("--pin")],
    ["shell wrapper", script],
  ] as const) {
    const environment = way === "original" ? { LD_LIBRARY_PATH: runPath } : {};
    const { exitCode } = await runBesideStore(store, [path, "--version"], { environment });
    if (exitCode < 126) paths[way] = path;
  }
  return { name: program.name, paths, libraryPath: runPath };
}
