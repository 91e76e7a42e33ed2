// Directories of unpacked packages, and the same with every third of their own libraries removed. Looked at in dry runs:
// what is measured is finding out what each executable needs.

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execaSync } from "execa";
import { repository } from "../../support/repository.ts";
import type { Timed } from "../results.ts";
import { atMost } from "../scale.ts";
import { compare, type TimedRun } from "./timed.ts";

export const root = fileURLToPath(repository);
export const commandLine = `${root}dist/cli/main.js`;
export const wrapOptions = ["--interpreter", "/lib64/ld-linux-x86-64.so.2", "--ignore-missing", "*", "-q"];
const lookOptions = [...wrapOptions, "--dry-run"];

/**
 * A directory with the packages, each in one of its own. Hard links, which keep what is in memory there and cannot lead
 * to another file system; copies for what is to be written.
 */
export function treeOf(name: string, packages: readonly string[], how: "links" | "copies" = "links"): string {
  const directory = join(root, "build/bench/trees", name);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const one of packages) {
    // Packages of npm are all called "package", below a directory with their name.
    const own = one.endsWith("/package") ? join(directory, one.split("/").at(-2) ?? "") : directory;
    mkdirSync(own, { recursive: true });
    execaSync("cp", [how === "links" ? "-al" : "-a", one, own]);
  }
  return directory;
}

/** Removes them, in the order of their paths. */
export function withoutEveryThirdLibrary(tree: string): string {
  const { stdout } = execaSync("find", [tree, "-type", "f", "-name", "*.so*"]);
  const libraries = stdout
    .split("\n")
    .filter((path) => path !== "")
    .sort();
  for (const [at, path] of libraries.entries()) if (at % 3 === 2) rmSync(path);
  return tree;
}

/** How many executables of the tree would be wrapped. */
export function countExecutables(tree: string): number {
  const { stdout } = execaSync(process.execPath, [commandLine, tree, ...lookOptions, "--json"], {
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  const { files } = JSON.parse(stdout) as { readonly files: readonly { readonly kind: string }[] };
  return files.filter(({ kind }) => kind === "wrapped").length;
}

/**
 * Looks at the first packages, as many as each size says, whole and reduced. Each tree is compared to the smallest, by
 * the executable: 1.00 where the time grows with the number of executables.
 */
export function measureSizes(kind: string, packages: readonly string[], sizes: readonly number[]): readonly Timed[] {
  const looked = sizes.flatMap((size) => {
    const own = packages.slice(0, size);
    const name = `${kind.replaceAll(" ", "-")}-${size}`;
    const whole = treeOf(name, own);
    const reduced = withoutEveryThirdLibrary(treeOf(`${name}-reduced`, own));
    const what = `${own.length} ${kind}`;
    return [look(what, whole), look(`${what} without every third library`, reduced)];
  });
  const [first] = looked;
  if (first === undefined) return [];
  return looked.map(({ run, executables }) => {
    const times = Math.round((100 * executables) / first.executables) / 100;
    return compare(run, { ...first.run, name: "the smallest tree" }, atMost(5), times);
  });
}

function look(what: string, tree: string): { readonly run: TimedRun; readonly executables: number } {
  const executables = countExecutables(tree);
  const name = `look at ${what}, ${executables} executables`;
  return { run: { name, args: [commandLine, tree, ...lookOptions] }, executables };
}
