// gdb on a wrapped program: the libraries, attaching, core files. As for the original, whose answers are asked first.

import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { lld, type Source } from "../support/compile.ts";
import { buildProgram, type Program, wrap } from "../support/program.ts";
import { type Ran, runBesideStore } from "../support/sandbox.ts";
import { hostPath } from "../support/store.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** Loads libm besides libc; waits for a debugger with "wait", dumps core with "abort". */
const files = {
  "debugged.c": `
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
volatile double two = 2;
static void work(const char *how) {
	if (!strcmp(how, "abort")) abort();
	if (!strcmp(how, "wait")) { puts("waiting"); fflush(stdout); sleep(20); }
}
int main(int argc, char **argv) {
	if (pow(two, two) != 4) return 1;
	work(argc > 1 ? argv[1] : "");
	return 0;
}`,
} as const;

const linkers: { readonly [name: string]: Source } = {
  "GNU ld": { files, flags: ["-g", "-O0"], libraries: ["-lm"] },
  lld: { files, ...lld, flags: ["-g", "-O0", "--ld-path=/usr/bin/ld.lld-19"], libraries: ["-lm"] },
};

async function gdb(program: Program, args: readonly string[], script: string): Promise<Ran> {
  return runBesideStore(
    program.store,
    [
      "sh",
      "-c",
      `${script}exec gdb -nx -q -batch -iex 'set debuginfod enabled off' -iex 'set auto-load safe-path /' "$@"`,
      "gdb",
      ...args,
    ],
    { seconds: 60 },
  );
}

const ask = (...commands: readonly string[]): readonly string[] => commands.flatMap((command) => ["-ex", command]);

/** The sonames that "info sharedlibrary" lists. */
function libraries(ran: Ran): readonly string[] {
  const listed = ran.stdout.matchAll(/^0x[0-9a-f]+\s+0x[0-9a-f]+\s+\S+.*\/(\S+)$/gm);
  return [...listed].map((match) => match[1] ?? "").sort();
}

const expected = ["ld-linux-x86-64.so.2", "libc.so.6", "libm.so.6"];

describe.each(Object.entries(linkers))("gdb with a program linked by %s", (_name, source) => {
  let original: Program;
  let wrapped: Program;

  beforeAll(async () => {
    wrapped = await buildProgram(source);
    // The original runs with this machine's own linker.
    const path = join(temporaryDirectory(), "program");
    copyFileSync(hostPath(wrapped.store, wrapped.path), path);
    original = { ...wrapped, path };
    expect(await wrap(wrapped)).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it("lists the libraries at a breakpoint in main", async () => {
    const at = (program: Program) =>
      gdb(program, [...ask("break main", "run", "info sharedlibrary"), program.path], "");
    expect(libraries(await at(original))).toEqual(expected);
    expect(libraries(await at(wrapped))).toEqual(expected);
  });

  it("stops at a breakpoint in a library that is set after start", async () => {
    const at = (program: Program) =>
      gdb(program, [...ask("start", "break pow", "continue", "backtrace"), program.path], "");
    for (const program of [original, wrapped]) {
      const ran = await at(program);
      expect(ran.stdout).toMatch(/#0\s.*pow/);
      expect(ran.stdout).toMatch(/#1\s.* in main/);
    }
  });

  it("lists the libraries and the stack when it attaches", async () => {
    const at = (program: Program) =>
      gdb(
        program,
        [...ask("info sharedlibrary", "backtrace", "kill")],
        `"${program.path}" wait >/tmp/wrap-buddy-waiting & until grep -q waiting /tmp/wrap-buddy-waiting; do sleep 0.05; done; set -- -p $! "$@"; `,
      );
    for (const program of [original, wrapped]) {
      const ran = await at(program);
      expect(libraries(ran)).toEqual(expected);
      expect(ran.stdout).toMatch(/ in work /);
      expect(ran.stdout).toMatch(/ in main /);
    }
  });

  it("lists the libraries and the stack from a core file", async () => {
    const at = (program: Program) => {
      const core = join(temporaryDirectory(), "core");
      const make = ask("run abort", `generate-core-file ${core}`, "kill");
      return gdb(
        program,
        [...ask("info sharedlibrary", "backtrace"), program.path, core],
        `gdb -nx -q -batch -iex 'set debuginfod enabled off' ${make.map((word) => `'${word}'`).join(" ")} --args "${program.path}" abort >/dev/null 2>&1; `,
      );
    };
    for (const program of [original, wrapped]) {
      const ran = await at(program);
      expect(libraries(ran)).toEqual(expected);
      expect(ran.stdout).toMatch(/ in work /);
      expect(ran.stdout).toMatch(/ in main /);
    }
  });
});
