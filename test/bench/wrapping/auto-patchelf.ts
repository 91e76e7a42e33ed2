// nixpkgs' auto-patchelf beside this tool, on a tree of unpacked packages with a third of their libraries missing: both
// write, it rewrites the libraries too. Its script is not a part of this project: WRAP_BUDDY_BENCH_AUTO_PATCHELF has the path of
// auto-patchelf.py.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import type { Timed } from "../results.ts";
import { commandLine, countExecutables, treeOf, withoutEveryThirdLibrary, wrapOptions } from "./measured-tree.ts";
import { compare } from "./timed.ts";

const variable = "WRAP_BUDDY_BENCH_AUTO_PATCHELF";

/** The python that has pyelftools; a reason where there is none, or no script. */
function findPython(script: string): { readonly python: string } | { readonly lacking: string } {
  if (script === "") return { lacking: `${variable} is not set` };
  if (!existsSync(script)) return { lacking: `${script} is not there` };
  const has = (program: string, ...args: readonly string[]) =>
    execaSync(program, args, { reject: false }).exitCode === 0;
  if (!has("patchelf", "--version")) return { lacking: "there is no patchelf" };
  const python = ["python3", "/usr/bin/python3"].find((one) => has(one, "-c", "import elftools"));
  return python === undefined ? { lacking: "python3 has no elftools (Debian: python3-pyelftools)" } : { python };
}

/** One run each, because it takes minutes, each with a new copy of the packages. */
export function measureAutoPatchelf(packages: readonly string[]): readonly Timed[] {
  const script = process.env[variable] ?? "";
  const found = findPython(script);
  if ("lacking" in found) {
    console.error(`auto-patchelf is left out: ${found.lacking}`);
    return [];
  }
  const makeTree = () => withoutEveryThirdLibrary(treeOf("written", packages, "copies"));
  const tree = makeTree();
  const name = `wrap ${packages.length} unpacked Debian packages without every third library, ${countExecutables(tree)} executables`;
  return [
    compare(
      { name, args: [commandLine, tree, ...wrapOptions], reset: makeTree },
      {
        name: "auto-patchelf",
        program: found.python,
        args: [script, "--ignore-missing", "*", "--paths", tree],
        environment: { NIX_BINTOOLS: bintools() },
        reset: makeTree,
      },
      1,
    ),
  ];
}

/** What it reads of the bintools wrapper: the dynamic linker, and where the C library is. */
function bintools(): string {
  const directory = temporaryDirectory();
  const support = join(directory, "nix-support");
  mkdirSync(support);
  writeFileSync(join(support, "dynamic-linker"), "/lib64/ld-linux-x86-64.so.2\n");
  mkdirSync(join(directory, "libc"));
  execaSync("ln", ["-s", "/usr/lib/x86_64-linux-gnu", join(directory, "libc/lib")]);
  writeFileSync(join(support, "orig-libc"), `${join(directory, "libc")}\n`);
  return directory;
}
