// The system calls of a run of the command line that touch a tree of files, one by one: counted, stopped at, or made to
// fail. strace does it, and knows a call of the tree by its path or by its descriptor's; what Node does for itself is
// not among them, and neither is what the programs do that it starts.

import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { addDriver } from "../compiled/driver.ts";
import { repository } from "../repository.ts";
import { type Ran, runBesideStore, type SandboxOptions } from "../roots/sandbox.ts";
import type { Store } from "../roots/store.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const commandLine = fileURLToPath(new URL("dist/cli/main.js", repository));

/** A command line, and the files that it may touch. */
export interface TreeRun {
  readonly store: Store;
  /** Words after `wrap-buddy`. */
  readonly words: readonly string[];
  /** Directories, and executables in them: what wrapping puts beside these counts too. */
  readonly directories: readonly string[];
  readonly executables: readonly string[];
  /** Starts what follows it with fewer rights, for example. */
  readonly prefix?: readonly string[];
  readonly sandbox?: SandboxOptions;
}

/** One call of a run: the `occurrence`-th of its name, from 1. */
export interface TreeCall {
  readonly name: string;
  readonly occurrence: number;
  /** It opens something that is only read. */
  readonly isForReading: boolean;
}

function pathsOf({ directories, executables }: TreeRun): readonly string[] {
  const beside = executables.flatMap((path) => {
    const slash = path.lastIndexOf("/");
    const sidecar = `${path.slice(0, slash)}/.${path.slice(slash + 1)}.wrapbuddy`;
    return [path, sidecar, `${sidecar}~`, `${sidecar}+`, `${sidecar}-`];
  });
  return [...directories, ...beside].flatMap((path) => ["-P", path]);
}

async function trace(run: TreeRun, options: readonly string[]): Promise<Ran> {
  const { store, words, prefix = [], sandbox } = run;
  const [first = "strace", ...rest] = [
    ...prefix,
    ...["strace", "-qq", ...pathsOf(run), ...options],
    ...[process.execPath, commandLine, ...words],
  ];
  return runBesideStore(store, [first, ...rest], { seconds: 120, ...sandbox });
}

/** All of them, in their order. */
export async function treeCallsOf(run: TreeRun): Promise<readonly TreeCall[]> {
  const log = join(temporaryDirectory(), "calls");
  await trace(run, ["-o", log]);
  const counts = new Map<string, number>();
  return readFileSync(log, "utf8")
    .split("\n")
    .flatMap((line) => {
      const name = /^(\w+)\(/.exec(line)?.[1];
      if (name === undefined) return [];
      const occurrence = (counts.get(name) ?? 0) + 1;
      counts.set(name, occurrence);
      return [{ name, occurrence, isForReading: name === "openat" && line.includes("O_RDONLY") }];
    });
}

/** What is on the disk when the power goes depends on the order of these. Paths are shown for descriptors, too. */
export async function orderedCallsOf(run: TreeRun): Promise<readonly string[]> {
  const log = join(temporaryDirectory(), "calls");
  await trace(run, ["-y", "-s", "4096", "-e", "trace=fsync,rename,link,unlink", "-o", log]);
  return readFileSync(log, "utf8").split("\n");
}

/**
 * The trees that a run leaves if it is ended at any of its system calls, these or others: copies of the tree at the
 * start, and each time it has become another one, with what lies beside it.
 */
export async function treesLeftBy(run: TreeRun, tree: string): Promise<readonly string[]> {
  const { store, words, prefix = [], sandbox } = run;
  const driver = await addDriver(store, "watch-tree");
  const states = temporaryDirectory();
  const binds = ["--bind", dirname(tree), "/beside", "--bind", states, "/states"];
  const ran = await runBesideStore(
    store,
    [driver, "/tree", "/beside", "/states", ...prefix, process.execPath, commandLine, ...words],
    { ...sandbox, bwrap: [...(sandbox?.bwrap ?? []), ...binds] },
  );
  if (ran.exitCode !== 0) throw new Error(`watch-tree: ${ran.exitCode}: ${ran.stderr}`);
  return readdirSync(states).map((number) => join(states, number, basename(tree)));
}

/** Runs the command line up to that call, and ends it there with SIGKILL. */
export async function stopAt(run: TreeRun, { name, occurrence }: TreeCall): Promise<void> {
  const options = ["-o", "/dev/null", "-e", `trace=${name}`, "-e", `inject=${name}:signal=KILL:when=${occurrence}`];
  const ran = await trace(run, options);
  if (ran.exitCode === 0) throw new Error(`not stopped at ${name} ${occurrence}: ${ran.stdout}`);
}

/** Runs the command line with that call failing. */
export function failAt(run: TreeRun, { name, occurrence }: TreeCall, error: string): Promise<Ran> {
  return trace(run, [
    ...["-o", "/dev/null", "-e", `trace=${name}`],
    ...["-e", `inject=${name}:error=${error}:when=${occurrence}`],
  ]);
}
