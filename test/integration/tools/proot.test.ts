// Under proot (nix-portable, nix-on-droid, Termux, udocker), which maps a program itself and leaves that program's own
// first address as AT_BASE where the kernel leaves 0.

import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { helloSource, lld, type Source } from "../../support/compile.ts";
import { buildProgram, failsToStart, type Program, start, wrap } from "../../support/program.ts";
import { runBesideStore } from "../../support/sandbox.ts";
import { addFiles, packagePath } from "../../support/store.ts";

const loaderDirectory = `${packagePath("loader")}/lib`;
const loaderFile = fileURLToPath(new URL("../../../dist/blobs/x86_64/loader.bin", import.meta.url));

const forms: { readonly [title: string]: readonly [source: Omit<Source, "files">, args: readonly string[]] } = {
  "an absolute path in the stub": [{}, []],
  "a sidecar beside /proc/self/exe": [{}, ["--relocatable"]],
  "the dynamic array moved": [lld, []],
  "no position independence": [{ flags: ["-O2", "-no-pie"] }, []],
  "pinned libraries and DT_RPATH": [{}, ["--pin", "--run-path-mode", "rpath"]],
  "a shared loader": [{}, ["--loader-dir-path", loaderDirectory]],
};

const hello = { stdout: "hello\n", stderr: "", exitCode: 0 } as const;

async function build(source: Omit<Source, "files"> = {}): Promise<Program> {
  const program = await buildProgram({ ...source, files: helloSource });
  addFiles(program.store, loaderDirectory, [loaderFile]);
  expect(failsToStart(await start(program))).toBe(true);
  return program;
}

describe("under proot", { tags: ["trace"] }, () => {
  it.each(Object.entries(forms))("a wrapped program starts with %s", async (_, [source, args]) => {
    const program = await build(source);
    expect(await wrap(program, args)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await runBesideStore(program.store, ["proot", program.path])).toEqual(hello);
  });

  it("a dynamic linker starts a wrapped program", async () => {
    const program = await build();
    await wrap(program);
    const linker = [program.glibc.interpreter, "--library-path", program.glibc.directory] as const;
    expect(await runBesideStore(program.store, ["proot", ...linker, program.path])).toEqual(hello);
  });
});
