// A wrapped executable that a dynamic linker starts instead of the kernel: the libraries are mapped already, and the
// program only wants its own first bytes back.

import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { helloSource } from "../support/compiled/compile.ts";
import { buildProgram, start, wrap } from "../support/compiled/program.ts";
import { runInStore } from "../support/roots/sandbox.ts";
import { hostPath } from "../support/roots/store.ts";

describe("ld.so ./wrapped", () => {
  it("runs a wrapped executable of the store", async () => {
    const program = await buildProgram({ files: helloSource });
    await wrap(program);
    const command = [program.glibc.interpreter, "--library-path", program.glibc.directory, program.path] as const;
    expect(await runInStore(program.store, command)).toEqual({ stdout: "hello\n", stderr: "", exitCode: 0 });
  });

  it("says which file it looked for when the sidecar is named beside /proc/self/exe", async () => {
    const program = await buildProgram({ files: helloSource });
    await wrap(program, ["--relocatable"]);
    const command = [program.glibc.interpreter, "--library-path", program.glibc.directory, program.path] as const;
    expect(await runInStore(program.store, command)).toEqual({
      stdout: "",
      stderr: `cannot load ${program.glibc.directory}/.program.wrapbuddy\n`,
      exitCode: 127,
    });
  });
});

describe("a run that stopped before the interpreter's program header was cleared", () => {
  it("leaves a program that starts where its own interpreter is", async () => {
    const program = await buildProgram({ files: helloSource, flags: ["-O2", "-no-pie"] });
    const file = hostPath(program.store, program.path);
    const original = readFileSync(file);
    const header = [...Array(20).keys()].map((i) => 64 + 56 * i).find((at) => original.readUInt32LE(at) === 3) ?? 0;
    await wrap(program);
    const wrapped = readFileSync(file);
    expect(wrapped.readUInt32LE(header)).toBe(0);
    wrapped.writeUInt32LE(3, header);
    writeFileSync(file, wrapped);
    const libraries = [hostPath(program.store, program.glibc.directory), "/lib64"] as const;
    const environment = { LD_LIBRARY_PATH: "/lib64" };
    expect(await start(program, [], { binds: [libraries], environment })).toEqual({
      stdout: "hello\n",
      stderr: "",
      exitCode: 0,
    });
  });
});
