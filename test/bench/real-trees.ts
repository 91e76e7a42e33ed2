// Trees as packagers have them: unpacked packages of Debian, each in a directory of its own, with most of the libraries
// that they need missing; and the same with a third of their own libraries removed. Dry runs: what is measured is finding
// out what each executable needs.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execaSync } from "execa";
import type { Timed } from "./results.ts";
import { atMost, scale } from "./scale.ts";
import { compare, type NodeRun } from "./timed.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const commandLine = `${root}dist/cli/main.js`;
const options = ["--interpreter", "/lib64/ld-linux-x86-64.so.2", "--ignore-missing", "*", "--dry-run", "-q"];

/** Name=version of each, in the order in which they are taken. */
function packageNames(): readonly string[] {
  return readFileSync(`${root}test/bench/debian-packages.txt`, "utf8").trim().split("\n");
}

/** Has apt fetch and dpkg unpack what is not there yet; what the mirror no longer has is said and left out. */
function unpackedPackages(): readonly string[] {
  const archives = join(root, "build/bench/archives");
  const unpacked = join(root, "build/bench/unpacked");
  rmSync(archives, { recursive: true, force: true });
  for (const directory of [archives, unpacked]) mkdirSync(directory, { recursive: true });
  const isThere = (wanted: string) => existsSync(join(unpacked, wanted));
  const absent = packageNames().filter((wanted) => !isThere(wanted));
  // All at once takes a minute, each by itself five; but one that is gone keeps apt from fetching any.
  if (absent.length > 0 && !download(absent, archives)) {
    for (const wanted of absent) {
      if (!download([wanted], archives)) console.error(`${wanted} is left out: apt-get cannot fetch it`);
    }
  }
  for (const archive of readdirSync(archives)) {
    const [name = ""] = archive.split("_");
    const wanted = absent.find((one) => one.startsWith(`${name}=`));
    if (wanted !== undefined) execaSync("dpkg-deb", ["-x", join(archives, archive), join(unpacked, wanted)]);
  }
  return packageNames().flatMap((wanted) => (isThere(wanted) ? [join(unpacked, wanted)] : []));
}

function download(packages: readonly string[], directory: string): boolean {
  return execaSync("apt-get", ["download", "-qq", ...packages], { cwd: directory, reject: false }).exitCode === 0;
}

/** A directory with hard links to the packages; beside them, because a link cannot lead to another file system. */
function treeOf(name: string, packages: readonly string[]): string {
  const directory = join(root, "build/bench/trees", name);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const one of packages) execaSync("cp", ["-al", one, directory]);
  return directory;
}

function withoutEveryThirdLibrary(tree: string): void {
  const { stdout } = execaSync("find", [tree, "-type", "f", "-name", "*.so*"]);
  const libraries = stdout
    .split("\n")
    .filter((path) => path !== "")
    .sort();
  for (const [at, path] of libraries.entries()) if (at % 3 === 2) rmSync(path);
}

interface Looked {
  readonly run: NodeRun;
  readonly executables: number;
}

function dryRun(what: string, tree: string): Looked {
  const { stdout } = execaSync(process.execPath, [commandLine, tree, ...options, "--json"], {
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  const { files } = JSON.parse(stdout) as { readonly files: readonly { readonly kind: string }[] };
  const executables = files.filter(({ kind }) => kind === "wrapped").length;
  const name = `look at ${what}, ${executables} executables`;
  return { run: { name, args: [commandLine, tree, ...options] }, executables };
}

/** Each is compared to the smallest, by the executable: 1.00 where the time grows with the number of executables. */
export function measureRealTrees(): readonly Timed[] {
  if (!scale.fetchesCorpus) return [];
  const packages = unpackedPackages();
  const sizes = [100, 200, packages.length];
  const looked = sizes.flatMap((size) => {
    const whole = treeOf(`${size}`, packages.slice(0, size));
    const reduced = treeOf(`${size}-reduced`, packages.slice(0, size));
    withoutEveryThirdLibrary(reduced);
    const what = `${size} unpacked Debian packages`;
    return [dryRun(what, whole), dryRun(`${what} without every third library`, reduced)];
  });
  const [first] = looked;
  if (first === undefined) return [];
  return looked.map(({ run, executables }) => {
    const times = Math.round((100 * executables) / first.executables) / 100;
    return compare(run, { ...first.run, name: "the smallest tree" }, atMost(5), times);
  });
}
