// A compiled program in a store of its own, with the C library it needs, ready to be wrapped and started.

import { type Ran, runInStore, type SandboxOptions, wrapBuddy } from "../roots/sandbox.ts";
import {
  addFiles,
  addGlibc,
  createStore,
  type GlibcName,
  type InstalledGlibc,
  packagePath,
  type Store,
} from "../roots/store.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { compile, type Source } from "./compile.ts";

export interface Program {
  readonly store: Store;
  readonly glibc: InstalledGlibc;
  /** Its path in the store. */
  readonly path: string;
}

/** Compiles a program into the bin directory of a package of a new store. */
export async function buildProgram(
  source: Source,
  name = "program",
  architecture: GlibcName = "x86_64",
): Promise<Program> {
  const store = createStore();
  const file = await compile(`${temporaryDirectory()}/${name}`, source);
  const directory = addFiles(store, `${packagePath("tool")}/bin`, [file]);
  return { store, glibc: addGlibc(store, architecture), path: `${directory}/${name}` };
}

/** Wraps it as a packager would, with further arguments. */
export function wrap(
  { store, glibc, path }: Program,
  args: readonly string[] = [],
  options?: SandboxOptions,
): Promise<Ran> {
  return wrapBuddy(store, [path, "--interpreter", glibc.interpreter, ...args], options);
}

/** Starts it in a root that holds only the store. */
export function start({ store, path }: Program, args: readonly string[] = [], options?: SandboxOptions): Promise<Ran> {
  return runInStore(store, [path, ...args], options);
}

/** True when the program cannot be started because its interpreter is not there: what a packager sees first. */
export function failsToStart(ran: Ran): boolean {
  return ran.exitCode !== 0 && ran.stdout === "" && ran.stderr.includes("No such file or directory");
}
