// What breaks when a program that was taken along is somewhere else: a small program with a library says what it is.

import { cpSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { compile } from "../../support/compiled/compile.ts";
import { type RootOptions, runBundled } from "../../support/roots/bundled-root.ts";
import type { Ran } from "../../support/roots/sandbox.ts";
import { hostPath, type Store } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import type { Taken } from "./ways.ts";

/** Prints what its library says, and the name of the file that it believes to be. */
const source = `
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int answer(void);
int main(void) {
  char path[4096] = "";
  if (readlink("/proc/self/exe", path, sizeof path - 1) < 0) return 1;
  char *name = strrchr(path, '/') + 1;
  printf("%d %s\\n", answer(), name + (*name == '.'));
  return 0;
}
`;

export interface SelfProgram {
  readonly program: string;
  readonly libraryPath: string;
}

/** Compiles it. */
export async function compileSelf(): Promise<SelfProgram> {
  const build = temporaryDirectory();
  const library = await compile(join(build, "libanswer.so"), {
    files: { "answer.c": "int answer(void) { return 42; }\n" },
    flags: ["-O2", "-shared", "-fPIC", "-Wl,-soname,libanswer.so"],
  });
  const program = await compile(join(build, "self"), {
    files: { "self.c": source },
    libraries: [library],
    key: "bench-bundles",
  });
  return { program, libraryPath: dirname(library) };
}

/** A root with another C library, a shell, and what a shell script wants of it. */
const withShell: RootOptions = {
  isMusl: true,
  binds: [["/bin/busybox", "/bin/readlink"]],
};

/** Where it is started, and what it has to print there. */
const checks: readonly (readonly [
  what: string,
  does: (taken: string, program: string) => Promise<Ran>,
  prints: RegExp,
])[] = [
  ["another directory", (taken, program) => start(taken, program, {}), /^42 /],
  ["a path with spaces", (taken, program) => start(taken, program, { at: "/a b/c" }), /^42 /],
  ["a link elsewhere", (taken, program) => start(taken, program, {}, "/usr/local/bin/link"), /^42 /],
  ["no shell", (taken, program) => runBundled(taken, [`/bundle/${program}`]), /^42 /],
  ["`/proc/self/exe`", (taken, program) => start(taken, program, {}), / self$/],
];

function start(taken: string, program: string, options: RootOptions, link?: string): Promise<Ran> {
  const { at = "/bundle" } = options;
  const environment = { PATH: "/bin" };
  const links = link === undefined ? [] : ["--symlink", `${at}/${program}`, link];
  return runBundled(taken, [link ?? `${at}/${program}`], { ...withShell, ...options, environment, bwrap: links });
}

/** What breaks. */
export async function breaksOf(store: Store, { directory, program }: Taken): Promise<readonly string[]> {
  const taken = join(temporaryDirectory(), basename(directory));
  cpSync(hostPath(store, directory), taken, { recursive: true, verbatimSymlinks: true });
  const broken: string[] = [];
  for (const [what, does, prints] of checks) {
    const { stdout } = await does(taken, program);
    if (!prints.test(stdout.trimEnd())) broken.push(what);
  }
  return broken;
}
