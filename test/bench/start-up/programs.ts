// The programs whose start is measured, in every way that they can be made to start.

import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "../../support/compiled/compile.ts";
import { repository } from "../../support/repository.ts";
import { wrapBuddy } from "../../support/roots/sandbox.ts";
import {
  addFiles,
  addGccLibraries,
  addGlibc,
  hostPath,
  type InstalledGlibc,
  packagePath,
  type Store,
} from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import type { Way } from "../results.ts";
import { scale } from "../scale.ts";
import { runForBench } from "./run.ts";

export const ways: readonly Way[] = ["original", "patchelf", "run path", "pinned", "in place", "shell wrapper"];

/** A program of another distribution, on this machine. */
export interface ForeignProgram {
  readonly name: string;
  readonly file: string;
  /** Of the store. */
  readonly libraryDirectories: readonly string[];
}

export interface Measured {
  readonly name: string;
  /** The path of the program made to start in that way; a way that breaks it is left out. */
  readonly paths: { readonly [way in Way]?: string };
  /** What LD_LIBRARY_PATH has to be for the original. */
  readonly libraryPath: string;
}

/** Where the C library and those of the compiler are in the store. */
export interface Libraries {
  readonly glibc: InstalledGlibc;
  readonly gcc: string;
}

export function addLibraries(store: Store): Libraries {
  return { glibc: addGlibc(store), gcc: addGccLibraries(store) };
}

/** observe.c knows by this that main begins. */
const begins = "#include <unistd.h>\n#define BEGIN getsid(-1);\n";

async function helloWorld(): Promise<ForeignProgram> {
  const code = `${begins}#include <stdio.h>\nint main(void) { BEGIN puts("hello"); return 0; }`;
  const file = await compile(join(temporaryDirectory(), "hello"), { files: { "hello.c": code } });
  return { name: "hello world", file, libraryDirectories: [] };
}

/** A program with `count` libraries, each in a directory of its own, each needing the next. */
async function programWithLibraries(store: Store, count: number): Promise<ForeignProgram> {
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
    files: { "main.c": `${begins}int f0(void);\nint main(void) { BEGIN return f0() == ${count} ? 0 : 1; }` },
    flags: ["-O2", "-Wl,--allow-shlib-undefined", "-Wl,--no-as-needed"],
    libraries: made,
    key: `bench-${count}`,
  });
  return { name: `${count} ${count === 1 ? "library" : "libraries"}`, file, libraryDirectories: directories };
}

/** The compiled programs and three real ones. */
export async function foreignPrograms(store: Store, { gcc }: Libraries): Promise<readonly ForeignProgram[]> {
  const programs = [await helloWorld()];
  for (const count of scale.libraryCounts) programs.push(await programWithLibraries(store, count));
  const modules = fileURLToPath(new URL("node_modules/", repository));
  const real = [
    ["lightningcss", "lightningcss-cli-linux-x64-gnu/lightningcss"],
    ["dprint", "@dprint/linux-x64-glibc/dprint"],
    ["dart", "sass-embedded-linux-x64/dart-sass/src/dart"],
  ] as const;
  for (const [name, file] of real.slice(0, scale.realPrograms)) {
    programs.push({ name, file: join(modules, file), libraryDirectories: [gcc] });
  }
  return programs;
}

/** Makes the program start in the `wanted` ways. */
export async function prepare(
  store: Store,
  { glibc }: Libraries,
  program: ForeignProgram,
  wanted: readonly Way[] = ways,
): Promise<Measured> {
  const slug = program.name.replaceAll(" ", "-");
  const runPath = [...program.libraryDirectories, glibc.directory].join(":");
  const place = (way: string): string => {
    const path = `${packagePath(`${slug}-${way}`)}/bin/${slug}`;
    mkdirSync(dirname(hostPath(store, path)), { recursive: true });
    copyFileSync(program.file, hostPath(store, path));
    chmodSync(hostPath(store, path), 0o755);
    return path;
  };
  const patchelf = (path: string, ...options: readonly string[]) =>
    runForBench(store, ["patchelf", "--set-interpreter", glibc.interpreter, ...options, path]);
  const wrap = async (option: "--pin" | "--no-pin" | "--form=in-place"): Promise<string> => {
    const path = place(option);
    const libraries = program.libraryDirectories.flatMap((directory) => ["--libs", directory]);
    const ran = await wrapBuddy(store, [path, "--interpreter", glibc.interpreter, option, ...libraries]);
    if (ran.exitCode !== 0) throw new Error(ran.stderr);
    return path;
  };
  /** Undefined: it has no room. */
  const make: { readonly [way in Way]: () => Promise<string | undefined> } = {
    original: async () => place("original"),
    patchelf: async () => {
      const path = place("patchelf");
      await patchelf(path, "--set-rpath", runPath);
      return path;
    },
    "run path": () => wrap("--no-pin"),
    pinned: () => wrap("--pin"),
    "in place": () => wrap("--form=in-place").catch((error: unknown) => whereNoRoom(error)),
    "shell wrapper": async () => {
      const inner = place("inner");
      await patchelf(inner);
      const script = place("shell");
      const text = `#!/bin/sh\nexport LD_LIBRARY_PATH=${runPath}\nexec ${inner} "$@"\n`;
      writeFileSync(hostPath(store, script), text);
      return script;
    },
  };

  const answer = async (path: string, environment: Readonly<Record<string, string>> = {}): Promise<string> => {
    const { exitCode, stdout } = await runForBench(store, [path, "--version"], environment);
    return `${exitCode} ${stdout.replaceAll(path, "")}`;
  };
  const expected = await answer((await make.original()) ?? "", { LD_LIBRARY_PATH: runPath });
  const paths: { [way in Way]?: string } = {};
  for (const way of wanted) {
    const path = await make[way]();
    if (path === undefined) continue;
    if (way === "original" || (await answer(path)) === expected) paths[way] = path;
  }
  return { name: program.name, paths, libraryPath: runPath };
}

function whereNoRoom(error: unknown): undefined {
  if (!(error instanceof Error && error.message.includes("no room in place"))) throw error;
}
