// Wrapping: how long the command takes, how much memory it has, what it reads and writes.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { compile, helloSource } from "../../support/compiled/compile.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { dependencyExecutables, type Executable } from "../executables.ts";
import type { Timed } from "../results.ts";
import { atMost, scale } from "../scale.ts";
import { emptyHandover } from "./hook-handover.ts";
import { commandLine, root } from "./measured-tree.ts";
import { measureRealTrees } from "./real-trees.ts";
import { compare, type TimedRun } from "./timed.ts";

const options = ["--interpreter", "/lib64/ld-linux-x86-64.so.2", "--libs", "/usr/lib/x86_64-linux-gnu", "-q"];

const nothing: TimedRun = { name: "`node -e 0`", args: ["-e", "0"] };

/** What is said of a tree of so many files. */
const described = (count: number) => `${named(count)} files, ${named((count / 100) * 7)} of them executables`;
const named = (count: number): string => count.toLocaleString("en");

/** Wraps a directory, which has been unwrapped before. */
function wrapping(name: string, directory: string): TimedRun {
  return {
    name,
    args: [commandLine, directory, ...options],
    reset: () => {
      execaSync(process.execPath, [commandLine, "unwrap", directory, "-q"]);
    },
  };
}

export function wrapCommand(path: string): readonly string[] {
  return [process.execPath, commandLine, path, ...options];
}

/** Copies executables into a new directory, each in one of its own. */
export function copyExecutables(executables: readonly Executable[]): string {
  const directory = temporaryDirectory();
  for (const [index, { name, path }] of executables.entries()) {
    mkdirSync(join(directory, String(index)));
    copyFileSync(path, join(directory, String(index), name));
  }
  return directory;
}

const megabytesOf = (executables: readonly Executable[]): number =>
  Math.round(executables.reduce((total, { size }) => total + size, 0) / 1e6);

function largeExecutables(largest: readonly Executable[]): readonly Timed[] {
  const results: Timed[] = [];
  const [first] = largest;
  if (first !== undefined) {
    const name = `wrap one executable of ${megabytesOf([first])} MB`;
    results.push(compare(wrapping(name, copyExecutables([first])), nothing, atMost(21)));
  }
  const dependencies = dependencyExecutables();
  for (const [executables, what] of [
    [largest, "largest executables here"],
    [dependencies, "executables of the development dependencies"],
  ] as const) {
    const name = `wrap the ${executables.length} ${what}, ${megabytesOf(executables)} MB`;
    results.push(compare(wrapping(name, copyExecutables(executables)), nothing, atMost(11)));
  }
  return results;
}

/** Walks a tree, opens each file and reads 64 bytes: what finding the executables costs at least. */
const bareWalk = `
const fs = require("node:fs");
const head = Buffer.alloc(64);
const executables = [];
(function walk(directory) {
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    const path = directory + "/" + entry.name;
    if (entry.isDirectory()) { walk(path); continue; }
    const file = fs.openSync(path);
    fs.readSync(file, head, 0, 64, 0);
    fs.closeSync(file);
    if (head[0] === 0x7f) executables.push([directory, entry.name]);
  }
})(process.argv[1]);`;

/** The same, and then what has to be written at least: a sidecar for each executable, and two places in it, unchanged. */
const bareWrites = `${bareWalk}
const sidecar = Buffer.alloc(4836);
const entry = Buffer.alloc(200);
for (const [directory, name] of executables) {
  const path = directory + "/." + name + ".wrapbuddy";
  const file = fs.openSync(path + "~", "wx", 0o600);
  fs.writeSync(file, sidecar, 0, sidecar.length, 0);
  fs.fchmodSync(file, 0o444);
  fs.closeSync(file);
  fs.renameSync(path + "~", path);
  const executable = fs.openSync(directory + "/" + name, "r+");
  fs.readSync(executable, entry, 0, entry.length, 4096);
  fs.writeSync(executable, entry, 0, entry.length, 4096);
  fs.writeSync(executable, entry, 0, 4, 4096);
  fs.closeSync(executable);
}`;

/** A tree of `count` files in a new directory, 100 to a directory; 7 of each 100 are executables. */
async function makeTree(count: number, directory = temporaryDirectory()): Promise<string> {
  const hello = await compile(join(temporaryDirectory(), "hello"), { files: helloSource });
  for (let i = 0; i < count; i++) {
    const folder = join(directory, `d${Math.floor(i / 100)}`);
    if (i % 100 === 0) mkdirSync(folder);
    if (i % 100 < 7) copyFileSync(hello, join(folder, `program${i}`));
    else writeFileSync(join(folder, `file${i}.txt`), "text that is not an executable\n".repeat(4));
  }
  return directory;
}

async function trees(): Promise<readonly Timed[]> {
  const small = await makeTree(scale.smallTree);
  const written = await makeTree(scale.smallTree);
  const large = await makeTree(scale.largeTree);
  const walk: TimedRun = { name: "a bare Node walk", args: ["-e", bareWalk, small] };
  const writes: TimedRun = {
    name: "a bare Node walk that writes as much",
    args: ["-e", bareWrites, written],
    reset: () => {
      execaSync("find", [written, "-name", ".*.wrapbuddy", "-delete"]);
    },
  };
  const smallRun = wrapping(`wrap a tree of ${described(scale.smallTree)}`, small);
  const times = scale.largeTree / scale.smallTree;
  return [
    compare(smallRun, walk, atMost(9)),
    compare(smallRun, writes, atMost(9)),
    compare(
      wrapping(`wrap a tree of ${described(scale.largeTree)}`, large),
      { ...smallRun, name: `that of ${named(scale.smallTree)}` },
      atMost(3),
      times,
    ),
  ];
}

/**
 * Wrapping and the way back where both are synced, outside the store and on a disk, beside the same runs with a library
 * preloaded that syncs nothing. Each begins with nothing left to write.
 */
async function syncing(): Promise<readonly Timed[]> {
  const library = join(temporaryDirectory(), "no-sync.so");
  const source = readFileSync(join(root, "test/bench/wrapping/no-sync.c"), "utf8");
  await compile(library, { files: { "no-sync.c": source }, flags: ["-shared", "-fPIC"] });
  // A temporary directory may be in memory.
  const directory = join(root, "build/bench/synced");
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  await makeTree(scale.smallTree, directory);
  const commands = { wrap: [directory, ...options], unwrap: ["unwrap", directory, "-q"] };
  const measured = (["wrap", "unwrap"] as const).map((command) => {
    const run: TimedRun = {
      name: `${command} a tree of ${described(scale.smallTree)}, on the disk`,
      args: [commandLine, ...commands[command]],
      reset: () => {
        execaSync(process.execPath, [commandLine, ...commands[command === "wrap" ? "unwrap" : "wrap"]]);
        execaSync("sync", ["-f", directory]);
      },
    };
    return compare(run, { ...run, name: "the same, not synced", environment: { LD_PRELOAD: library } }, atMost(9));
  });
  rmSync(directory, { recursive: true });
  return measured;
}

function starts(): readonly Timed[] {
  const hook: TimedRun = {
    name: "the hook, with nothing to wrap",
    args: [join(root, "dist/hook/main.js"), "wrap-outputs"],
    input: emptyHandover(temporaryDirectory()),
  };
  const rounds = atMost(41);
  return [
    compare({ name: "`wrap-buddy --version`", args: [commandLine, "--version"] }, nothing, rounds),
    compare(hook, nothing, rounds),
  ];
}

export async function measureWrapping(largest: readonly Executable[]): Promise<readonly Timed[]> {
  return [
    ...starts(),
    ...largeExecutables(largest),
    ...(await trees()),
    ...(await syncing()),
    ...(await measureRealTrees()),
  ];
}
