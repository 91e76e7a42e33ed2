// Runs that write in every way there is: over a fresh file, a wrapped one, a read-only set-user-ID one whose stub lies
// in two pages, one with other names; and the way back.

import { createHash } from "node:crypto";
import { chmodSync, cpSync, linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { compile, helloSource, type Source } from "../compiled/compile.ts";
import { type Ran, runInStore, wrapBuddy } from "../roots/sandbox.ts";
import { addGlibc, createStore, hostPath, type InstalledGlibc, type Store } from "../roots/store.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import type { TreeRun } from "./tree-calls.ts";

/** "hello" by system calls. The code begins 100 bytes before the end of a page. */
const acrossPages = `
	.globl _start
	.balign 4096
	.fill 4096 - 100, 1, 0x90
_start:
	mov $1, %eax
	mov $1, %edi
	lea text(%rip), %rsi
	mov $6, %edx
	syscall
	mov $60, %eax
	xor %edi, %edi
	syscall
text:	.ascii "hello\\n"
	.fill 1000, 1, 0x90
`;

const acrossPagesSource: Source = {
  files: { "hello.S": acrossPages },
  flags: ["-nostdlib", "-Wl,--dynamic-linker=/lib64/ld-linux-x86-64.so.2", "-pie"],
};

/** Root without the right to write what its mode forbids, and to keep set-user-ID bits when writing. */
const withoutPrivileges = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search,-fsetid"];

export interface Scenario {
  readonly title: string;
  readonly source: Source;
  readonly mode: number;
  /** Files below the tree's top, all names of one file. */
  readonly names: readonly [string, ...string[]];
  /** A further name, outside the tree. */
  readonly outside?: boolean;
  /** It has been wrapped before, under this name. */
  readonly wrappedAs?: string;
  /** Options of that run. */
  readonly wrappedWith?: readonly string[];
  readonly command: "wrap" | "unwrap";
  /** Options of the run itself. */
  readonly options?: readonly string[];
  readonly prefix?: readonly string[];
}

export const scenarios: readonly Scenario[] = [
  { title: "a fresh file", source: { files: helloSource }, mode: 0o755, names: ["tool"], command: "wrap" },
  {
    title: "a read-only set-user-ID file whose stub lies in two pages",
    source: acrossPagesSource,
    mode: 0o4555,
    names: ["tool"],
    command: "wrap",
    prefix: withoutPrivileges,
  },
  {
    title: "a wrapped and renamed file, in another way",
    source: acrossPagesSource,
    mode: 0o755,
    names: ["tool"],
    wrappedAs: "old",
    command: "wrap",
    // Long enough to make another stub, by the size of its sidecar.
    options: ["--append-run-path", `/opt/${"x".repeat(1500)}`],
  },
  {
    title: "a wrapped file, in another way",
    source: { files: helloSource },
    mode: 0o755,
    names: ["tool"],
    wrappedAs: "tool",
    command: "wrap",
    options: ["--append-run-path", `/opt/${"x".repeat(1500)}`],
  },
  {
    title: "a file with another name outside the tree and two in it",
    source: { files: helloSource },
    mode: 0o755,
    names: ["tool", "second/tool"],
    outside: true,
    command: "wrap",
  },
  {
    title: "the way back of a file",
    source: acrossPagesSource,
    mode: 0o4555,
    names: ["tool"],
    wrappedAs: "tool",
    command: "unwrap",
    prefix: withoutPrivileges,
  },
  {
    title: "a read-only set-user-ID file, in place",
    source: { files: helloSource },
    mode: 0o4555,
    names: ["tool"],
    command: "wrap",
    options: ["--form", "in-place"],
    prefix: withoutPrivileges,
  },
  {
    title: "a file with a stub, in place",
    source: { files: helloSource },
    mode: 0o755,
    names: ["tool"],
    wrappedAs: "tool",
    command: "wrap",
    options: ["--form", "in-place"],
  },
  {
    title: "a file in place, with another run path",
    source: { files: helloSource },
    mode: 0o755,
    names: ["tool"],
    wrappedAs: "tool",
    wrappedWith: ["--form", "in-place"],
    command: "wrap",
    options: ["--form", "in-place", "--append-run-path", "/opt/lib"],
  },
  {
    title: "the way back of a file in place",
    source: { files: helloSource },
    mode: 0o755,
    names: ["tool"],
    wrappedAs: "tool",
    wrappedWith: ["--form", "in-place"],
    command: "unwrap",
  },
];

/** Names, contents and modes of all files below a directory; leftovers included. */
export type Snapshot = Readonly<Record<string, string>>;

export function snapshotOf(directory: string): Snapshot {
  const files = filesBelow(directory, "").sort();
  return Object.fromEntries(
    files.map((name) => {
      const path = join(directory, name);
      const hash = createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 16);
      return [name, `${(lstatSync(path).mode & 0o7777).toString(8)} ${hash}`];
    }),
  );
}

function filesBelow(directory: string, below: string): string[] {
  return readdirSync(join(directory, below), { withFileTypes: true }).flatMap((entry) => {
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(directory, name) : [name];
  });
}

/** Another tree like it, hard links and what lies beside it included. */
export async function copyOfTree(tree: string): Promise<string> {
  const top = temporaryDirectory();
  await execa("cp", ["-a", "-T", dirname(tree), top]);
  return join(top, basename(tree));
}

/** A scenario that can be repeated from its beginning. */
export interface Stage {
  readonly scenario: Scenario;
  readonly store: Store;
  readonly glibc: InstalledGlibc;
  /** The tree as it was before it was ever wrapped, as the run finds it, and as the finished run leaves it. */
  readonly original: Snapshot;
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** A new tree as the run finds it: the directory that is seen as /tree. */
  fresh(): string;
  /** The run over such a tree; "files": each file is named, so that one which cannot be read is an error. */
  runOver(tree: string, named?: "tree" | "files"): TreeRun;
  /** Another run over it, not traced. */
  again(tree: string, command: "wrap" | "unwrap"): Promise<Ran>;
  /** Whether what is wrapped in it is whole, as `wrap-buddy verify` says for each of the names. */
  verify(tree: string): Promise<Ran>;
  /** Starts each name, in a root that holds the store, and with `ownLinker` the interpreter that the file names too. */
  start(tree: string, ownLinker: boolean): Promise<readonly Ran[]>;
}

export async function prepareStage(scenario: Scenario): Promise<Stage> {
  const store = createStore();
  const glibc = addGlibc(store);
  const program = await compile(join(temporaryDirectory(), "program"), scenario.source);
  const words = (
    command: "wrap" | "unwrap",
    options: readonly string[],
    paths: readonly string[] = ["/tree"],
  ): readonly string[] =>
    command === "wrap" ? [...paths, "--interpreter", glibc.interpreter, ...options] : ["unwrap", ...paths];
  const sandbox = (tree: string) => ({ bwrap: ["--bind", tree, "/tree"] });
  const run = (tree: string, command: "wrap" | "unwrap", options: readonly string[] = []): Promise<Ran> =>
    wrapBuddy(store, words(command, options), sandbox(tree));

  function freshOriginal(): string {
    const top = temporaryDirectory();
    const tree = join(top, "tree");
    const [first, ...others] = scenario.names.map((name) => join(tree, name));
    for (const path of [first ?? "", ...others]) mkdirSync(dirname(path), { recursive: true });
    cpSync(program, first ?? "");
    for (const path of others) linkSync(first ?? "", path);
    if (scenario.outside) linkSync(first ?? "", join(top, "outside"));
    chmodSync(first ?? "", scenario.mode);
    return tree;
  }

  const wrapped = freshOriginal();
  const original = snapshotOf(wrapped);
  const { wrappedAs } = scenario;
  if (wrappedAs !== undefined) {
    const [path, old] = [join(wrapped, scenario.names[0]), join(wrapped, wrappedAs)];
    renameSync(path, old);
    await run(wrapped, "wrap", scenario.wrappedWith);
    renameSync(old, path);
  }
  const before = snapshotOf(wrapped);

  function fresh(): string {
    if (wrappedAs === undefined) return freshOriginal();
    const tree = join(temporaryDirectory(), "tree");
    cpSync(wrapped, tree, { recursive: true });
    for (const name of Object.keys(before)) chmodSync(join(tree, name), lstatSync(join(wrapped, name)).mode & 0o7777);
    return tree;
  }

  const finished = fresh();
  const ran = await run(finished, scenario.command, scenario.options);
  if (ran.exitCode !== 0) throw new Error(`${scenario.title}: ${ran.stderr}`);
  return {
    scenario,
    store,
    glibc,
    original,
    before,
    after: snapshotOf(finished),
    fresh,
    runOver: (tree, named = "tree") => ({
      store,
      words: words(
        scenario.command,
        scenario.options ?? [],
        named === "tree" ? ["/tree"] : scenario.names.map((name) => `/tree/${name}`),
      ),
      directories: [...new Set(["/tree", ...scenario.names.map((name) => dirname(`/tree/${name}`))])],
      executables: [...scenario.names, wrappedAs ?? scenario.names[0]].map((name) => `/tree/${name}`),
      sandbox: sandbox(tree),
      ...(scenario.prefix === undefined ? {} : { prefix: scenario.prefix }),
    }),
    again: (tree, command) => run(tree, command, command === scenario.command ? scenario.options : []),
    verify: (tree) => wrapBuddy(store, ["verify", ...scenario.names.map((name) => `/tree/${name}`)], sandbox(tree)),
    start: (tree, ownLinker) =>
      Promise.all(
        scenario.names.map((name) =>
          runInStore(store, [`/tree/${name}`], {
            binds: [[tree, "/tree"], ...(ownLinker ? ([[hostPath(store, glibc.directory), "/lib64"]] as const) : [])],
            environment: ownLinker ? { LD_LIBRARY_PATH: "/lib64" } : {},
          }),
        ),
      ),
  };
}
