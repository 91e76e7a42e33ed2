// What a program sees of its start is the same wrapped, in a root without a dynamic linker, as it is unwrapped, in a
// root that has one: arguments, environment, descriptors, names, limits, signals, threads.

import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compile, lld, type Source } from "../support/compiled/compile.ts";
import { buildProgram, type Program, start, wrap } from "../support/compiled/program.ts";
import type { Ran } from "../support/roots/sandbox.ts";
import { addFiles, packagePath } from "../support/roots/store.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const fixture = (name: string) => readFileSync(new URL(`../fixtures/starting/${name}`, import.meta.url), "utf8");

const ways = [
  "through PATH",
  "by a relative path",
  "with an empty argument vector",
  "with an empty argument vector and environment",
  "under another name",
  "with standard input closed",
  "with all standard streams but output closed",
  "with a descriptor handed down",
  "with a stack of 64 KB",
  "with a large argument and a large environment",
  "by exec from a thread",
  "by vfork",
  "by fexecve",
  "with signals blocked and ignored",
  "without privileges to gain",
  "with few descriptors",
] as const;

const forms: { readonly [form: string]: { readonly source: Source; readonly args: readonly string[] } } = {
  "an absolute path in the stub": { source: { files: { "facts.c": fixture("facts.c") } }, args: [] },
  "a sidecar beside /proc/self/exe": {
    source: { files: { "facts.c": fixture("facts.c") } },
    args: ["--relocatable"],
  },
  "the dynamic array moved": { source: { files: { "facts.c": fixture("facts.c") }, ...lld }, args: [] },
  "no position independence": {
    source: { files: { "facts.c": fixture("facts.c") }, flags: ["-O2", "-no-pie"] },
    args: [],
  },
};

describe.each(Object.entries(forms))("with %s a program sees the same as unwrapped when it is started", (_, form) => {
  const native = new Map<string, Ran>();
  let program: Program;
  let launcher: string;

  const run = (way: string, bwrap: readonly string[] = []): Promise<Ran> =>
    start({ ...program, path: launcher }, [way, program.path, "an argument", ""], {
      environment: { VARIABLE: "value", EMPTY: "" },
      bwrap,
    });

  beforeAll(async () => {
    program = await buildProgram(form.source);
    const built = await compile(`${temporaryDirectory()}/launcher`, {
      files: { "launcher.c": fixture("launcher.c") },
      flags: ["-O2", "-static"],
    });
    launcher = `${addFiles(program.store, `${packagePath("launcher")}/bin`, [built])}/launcher`;
    // Where Debian's C library looks for itself.
    const libraries = dirname(program.glibc.interpreter);
    const linker = ["--symlink", libraries, "/lib64", "--symlink", libraries, "/lib/x86_64-linux-gnu"];
    for (const way of ways) {
      native.set(way, await run(way, linker));
      expect((await run(way)).stdout).toBe("");
    }
    expect(await wrap(program, form.args)).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it.each(ways)("%s", async (way) => {
    const unwrapped = native.get(way);
    expect(unwrapped).toMatchObject({ exitCode: 7, stdout: expect.stringContaining("exit handlers run") });
    expect(await run(way)).toEqual(unwrapped);
  });
});
