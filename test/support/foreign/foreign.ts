// A foreign program's files in a store of their own, with the libraries of this machine that it may want.

import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { failsToStart } from "../compiled/program.ts";
import { type Ran, runInStore, type SandboxOptions, wrapBuddy } from "../roots/sandbox.ts";
import {
  addGccLibraries,
  addGlibc,
  createStore,
  hostPath,
  type InstalledGlibc,
  packagePath,
  type Store,
} from "../roots/store.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

export interface Foreign {
  readonly store: Store;
  readonly glibc: InstalledGlibc;
  /** Its directory in the store. */
  readonly directory: string;
  /** A directory that it sees as /scratch. */
  readonly work: string;
}

/** Copies a tree of this machine into a new store. */
export function installForeign(from: string): Foreign {
  const store = createStore();
  const directory = packagePath("foreign");
  cpSync(from, hostPath(store, directory), { recursive: true, verbatimSymlinks: true });
  return { store, glibc: addGlibc(store), directory, work: temporaryDirectory() };
}

/** Starts one of its files, in /scratch, in a root that holds only the store. */
export function startForeign(
  { store, directory, work }: Foreign,
  [file, ...args]: readonly [string, ...string[]],
  options: SandboxOptions = {},
): Promise<Ran> {
  const path = file.startsWith("/") ? file : join(directory, file);
  return runInStore(store, [path, ...args], {
    seconds: 120,
    workingDirectory: "/scratch",
    ...options,
    binds: [[work, "/scratch"], ...(options.binds ?? [])],
  });
}

/** Wraps all of it as a packager would; throws where `file` starts before, or nothing is wrapped. */
export async function wrapForeign(foreign: Foreign, file: string): Promise<Ran> {
  if (!existsSync(hostPath(foreign.store, join(foreign.directory, file)))) throw new Error(`${file} is missing`);
  if (!failsToStart(await startForeign(foreign, [file]))) throw new Error(`${file} starts before it is wrapped`);
  return wrapAgain(foreign);
}

/** Wraps all of it; throws where that fails. */
export async function wrapAgain({ store, directory, glibc }: Foreign): Promise<Ran> {
  const libraries = addGccLibraries(store);
  const ran = await wrapBuddy(store, [directory, "--interpreter", glibc.interpreter, "--libs", libraries]);
  if (ran.exitCode !== 0) throw new Error(ran.stdout + ran.stderr);
  return ran;
}
