// Wrapping: how long the command takes, how much memory it has, what it reads and writes. Whole processes, in turn with
// what they are compared to.

import { copyFileSync, cpSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execaSync } from "execa";
import { compile, helloSource } from "../support/compile.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { medianRatio, type Summary, summarise } from "./statistics.ts";

const commandLine = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const options = ["--interpreter", "/lib64/ld-linux-x86-64.so.2", "--libs", "/usr/lib/x86_64-linux-gnu", "-q"];

export interface Timed {
  readonly name: string;
  /** Milliseconds. */
  readonly time: Summary;
  /** What it is compared to, and the median of the ratios of the rounds. */
  readonly base: string;
  readonly toBase: number;
  /** Peak resident memory, megabytes. */
  readonly memory: number;
}

interface Sample {
  readonly milliseconds: number;
  readonly megabytes: number;
}

/** One run of node; GNU time says its peak memory. */
function sample(args: readonly string[]): Sample {
  const start = process.hrtime.bigint();
  const { stderr } = execaSync("/usr/bin/time", ["-f", "%M", process.execPath, ...args], { stdin: "ignore" });
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  return { milliseconds, megabytes: Number(stderr.trim().split("\n").at(-1)) / 1024 };
}

/** `run` and `base` in turn; `reset` before each. */
function compare(
  [name, run]: readonly [string, readonly string[]],
  [base, baseRun]: readonly [string, readonly string[]],
  rounds: number,
  reset: () => void = () => undefined,
): Timed {
  const samples: Sample[] = [];
  const bases: Sample[] = [];
  for (let round = 0; round < rounds; round++) {
    reset();
    samples.push(sample(run));
    bases.push(sample(baseRun));
  }
  const milliseconds = (list: readonly Sample[]) => list.map((one) => one.milliseconds);
  return {
    name,
    time: summarise(milliseconds(samples)),
    base,
    toBase: medianRatio(milliseconds(samples), milliseconds(bases)),
    memory: Math.max(...samples.map(({ megabytes }) => megabytes)),
  };
}

/** Walks a tree, opens each file and reads 64 bytes: what finding the executables costs at least. */
const bareWalk = `
const fs = require("node:fs");
const head = Buffer.alloc(64);
(function walk(directory) {
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    const path = directory + "/" + entry.name;
    if (entry.isDirectory()) { walk(path); continue; }
    const file = fs.openSync(path);
    fs.readSync(file, head, 0, 64, 0);
    fs.closeSync(file);
  }
})(process.argv[1]);`;

/** A tree of 10,000 files in 100 directories; 700 of them are executables. */
async function makeTree(directory: string): Promise<void> {
  const hello = await compile(join(temporaryDirectory(), "hello"), { files: helloSource });
  for (let i = 0; i < 10_000; i++) {
    const folder = join(directory, `d${i % 100}`);
    if (i < 100) mkdirSync(folder, { recursive: true });
    if (i % 100 < 7) copyFileSync(hello, join(folder, `program${i}`));
    else writeFileSync(join(folder, `file${i}.txt`), "text that is not an executable\n".repeat(4));
  }
}

export async function measureWrapping(): Promise<readonly Timed[]> {
  const nothing: readonly [string, readonly string[]] = ["node -e 0", ["-e", "0"]];
  const results = [compare(["--version", [commandLine, "--version"]], nothing, 20)];

  const scratch = temporaryDirectory();
  const large = join(scratch, "large");
  const megabytes = Math.round(statSync(process.execPath).size / 1e6);
  results.push(
    compare([`one executable of ${megabytes} MB`, [commandLine, large, ...options]], nothing, 10, () =>
      copyFileSync(process.execPath, large),
    ),
  );

  const original = join(temporaryDirectory(), "tree");
  await makeTree(original);
  const tree = join(temporaryDirectory(), "tree");
  results.push(
    compare(
      ["10,000 files, 700 of them executables", [commandLine, tree, ...options]],
      ["a bare walk in Node", ["-e", bareWalk, tree]],
      5,
      () => {
        rmSync(tree, { recursive: true, force: true });
        cpSync(original, tree, { recursive: true });
      },
    ),
  );
  return results;
}

export interface Bytes {
  readonly read: number;
  readonly written: number;
}

/** Bytes that wrapping one large executable reads from and writes to it and its sidecar, as strace counts them. */
export function measureBytes(): Bytes {
  const directory = temporaryDirectory();
  const large = join(directory, "large");
  copyFileSync(process.execPath, large);
  const trace = join(directory, "trace");
  const calls = "trace=read,pread64,readv,preadv,write,pwrite64,writev,pwritev";
  execaSync("strace", ["-f", "-y", "-qq", "-e", calls, "-o", trace, process.execPath, commandLine, large, ...options]);
  const { stdout } = execaSync("grep", ["-F", `<${directory}/`, trace]);
  const sum = (call: RegExp) =>
    stdout
      .split("\n")
      .filter((line) => call.test(line) && !line.includes("/trace>"))
      .reduce((total, line) => total + Number(/= (\d+)$/.exec(line)?.[1] ?? 0), 0);
  return { read: sum(/^\d+ +p?readv?/), written: sum(/^\d+ +p?writev?/) };
}
