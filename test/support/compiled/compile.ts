// Compiled test programs, kept in build/programs under a hash of what they are made of.

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { repository } from "../repository.ts";

const cache = fileURLToPath(new URL("build/programs/", repository));

export interface Source {
  /** File names and contents; the first is what is compiled. Its ending is the language: .c, .cc, .S */
  readonly files: { readonly [name: string]: string };
  readonly compiler?: string;
  readonly flags?: readonly string[];
  /** Arguments after the source: libraries. */
  readonly libraries?: readonly string[];
  /** Whatever else the result depends on, for the hash. */
  readonly key?: string;
}

/** Compiles a program or library, or takes it from the cache; copies it to `target`. Fails with the compiler's words. */
export async function compile(target: string, source: Source): Promise<string> {
  const { files, compiler = "gcc", flags = ["-O2"], libraries = [] } = source;
  const hash = createHash("sha256")
    .update(JSON.stringify([files, compiler, flags, libraries, source.key]))
    .digest("hex")
    .slice(0, 32);
  let made = beingMade.get(hash);
  if (made === undefined) {
    made = make(join(cache, hash), files, [compiler, ...flags], libraries);
    beingMade.set(hash, made);
  }
  copyFileSync(await made, target);
  return target;
}

/** What was asked for in this process: once is enough, also while it is being made. */
const beingMade = new Map<string, Promise<string>>();

/** The path of what was made. */
async function make(
  directory: string,
  files: Source["files"],
  [compiler, ...flags]: readonly [string, ...string[]],
  libraries: readonly string[],
): Promise<string> {
  const result = join(directory, "result");
  if (existsSync(result)) return result;
  mkdirSync(directory, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  const [first = ""] = Object.keys(files);
  // Under a name of its own first: two test files may compile the same at once.
  const made = `result.${process.pid}`;
  await execa(compiler, [...flags, "-o", made, first, ...libraries], { cwd: directory });
  renameSync(join(directory, made), result);
  return result;
}

/** clang with lld, in the version that npm run setup installs. */
export const lld = { compiler: "clang-19", flags: ["-O2", "--ld-path=/usr/bin/ld.lld-19"] } as const;

export const helloSource = { "hello.c": '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n' } as const;
