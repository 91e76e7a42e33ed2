// Executables made for musl, natively: they get the musl interpreter given, never glibc's.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { decodeSidecar, type Sidecar } from "../../../src/patch/sidecar/sidecar-codec.ts";
import { compile } from "../../support/compiled/compile.ts";
import { failsToStart } from "../../support/compiled/program.ts";
import { runInStore, wrapBuddy } from "../../support/roots/sandbox.ts";
import { addFiles, addGlibc, createStore, hostPath, packagePath, type Store } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const librarySource = `
__thread int calls = 40;
int call(void) { return ++calls; }
`;
const plugInSource = `
int call(void);
int plug(void) { return call() + 100; }
`;
const source = `
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
int call(void);
static void *other(void *unused) { printf("%d ", call()); return unused; }
int main(void) {
  pthread_t thread;
  printf("%d ", call());
  pthread_create(&thread, 0, other, 0);
  pthread_join(thread, 0);
  void *plug_in = dlopen("libplug.so", RTLD_NOW);
  int (*plug)(void) = plug_in ? (int (*)(void))dlsym(plug_in, "plug") : 0;
  if (!plug) { puts(dlerror()); return 1; }
  printf("%d\\n", plug());
  return 4;
}
`;
/** A thread has its own counter; the plug-in's library is the program's. */
const expected = { stdout: "41 41 142\n", stderr: "", exitCode: 4 };

interface MuslProgram {
  readonly store: Store;
  readonly path: string;
  readonly interpreter: string;
  readonly libraries: string;
}

async function buildProgram(flags: readonly string[] = []): Promise<MuslProgram> {
  const store = createStore();
  const build = temporaryDirectory();
  const compiler = "musl-gcc";
  const shared = (name: string) => ["-O2", "-fPIC", "-shared", `-Wl,-soname,${name}`];
  const library = await compile(`${build}/libcall.so`, {
    files: { "call.c": librarySource },
    compiler,
    flags: shared("libcall.so"),
  });
  const plugIn = await compile(`${build}/libplug.so`, {
    files: { "plug.c": plugInSource },
    compiler,
    flags: shared("libplug.so"),
    libraries: [library],
  });
  const program = await compile(`${build}/program`, {
    files: { "program.c": source },
    compiler,
    flags: ["-O2", ...flags],
    libraries: [library],
  });
  const musl = addFiles(store, `${packagePath("musl")}/lib`, ["/lib/ld-musl-x86_64.so.1"]);
  return {
    store,
    path: `${addFiles(store, `${packagePath("tool")}/bin`, [program])}/program`,
    interpreter: `${musl}/ld-musl-x86_64.so.1`,
    libraries: addFiles(store, `${packagePath("libraries")}/lib`, [library, plugIn]),
  };
}

function wrap({ store, path, interpreter, libraries }: MuslProgram, args: readonly string[] = []) {
  const { interpreter: glibc } = addGlibc(store);
  return wrapBuddy(store, [path, "--interpreter", glibc, interpreter, "--libs", libraries, ...args]);
}

function sidecarOf({ store, path }: MuslProgram): Sidecar {
  const { header } = parseElf(bufferSource(readFileSync(hostPath(store, path))));
  const sidecar = decodeSidecar(header, readFileSync(hostPath(store, path.replace(/program$/, ".program.wrapbuddy"))));
  if ("kind" in sidecar) throw new Error(sidecar.kind);
  return sidecar;
}

describe("an executable made for musl", () => {
  it.each([
    ["as musl-gcc makes it", []],
    ["as a position-independent executable", ["-fPIE", "-pie"]],
    ["without position independence", ["-no-pie"]],
    ["linked by lld", ["-fuse-ld=lld", "-B/usr/lib/llvm-19/bin"]],
  ])("starts %s: libraries, threads, thread-local storage, dlopen", async (_, flags) => {
    const program = await buildProgram(flags);
    expect(failsToStart(await runInStore(program.store, [program.path]))).toBe(true);
    expect(await wrap(program)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await runInStore(program.store, [program.path])).toEqual(expected);
  });

  it("gets the musl interpreter of two that are given", async () => {
    const program = await buildProgram();
    await wrap(program);
    expect(Buffer.from(sidecarOf(program).interpreter).toString()).toBe(program.interpreter);
  });

  it("is never pinned, asked for or not: musl does not know a library again by its soname", async () => {
    const program = await buildProgram();
    for (const args of [[], ["--pin"]]) {
      await wrap(program, args);
      expect(sidecarOf(program).firstNeeded).toEqual([]);
      expect(Buffer.from(sidecarOf(program).runPath).toString()).toBe(program.libraries);
    }
  });

  it("starts in a store that has been moved, with the libraries by $ORIGIN", async () => {
    const program = await buildProgram();
    const elsewhere = { storeAt: "/opt/a store" };
    await wrap(program);
    expect((await runInStore(program.store, [program.path], elsewhere)).exitCode).toBe(127);
    expect(await wrap(program, ["--relocatable=store"])).toMatchObject({ exitCode: 0, stderr: "" });
    const { interpreter, runPath } = sidecarOf(program);
    const relative = (path: string) => `$ORIGIN/../..${path.slice("/nix/store".length)}`;
    expect(Buffer.from(interpreter).toString()).toBe(relative(program.interpreter));
    expect(Buffer.from(runPath).toString()).toBe(relative(program.libraries));
    expect(await runInStore(program.store, [program.path], elsewhere)).toEqual(expected);
  });

  it("starts with ld-musl ./wrapped too", async () => {
    const program = await buildProgram();
    await wrap(program);
    const command = [program.interpreter, "--library-path", program.libraries, program.path] as const;
    expect(await runInStore(program.store, command)).toEqual(expected);
  });

  it("says beside which file it is when ld-musl starts it and the sidecar is named beside /proc/self/exe", async () => {
    const program = await buildProgram();
    await wrap(program, ["--relocatable"]);
    expect(await runInStore(program.store, [program.path])).toEqual(expected);
    const command = [program.interpreter, "--library-path", program.libraries, program.path] as const;
    const directory = program.interpreter.replace(/\/[^/]*$/, "");
    expect(await runInStore(program.store, command)).toEqual({
      stdout: "",
      stderr: `cannot load ${directory}/.program.wrapbuddy\n`,
      exitCode: 127,
    });
  });

  it("is left alone, with the reason, where only glibc's interpreter is given", async () => {
    const { store, path, libraries } = await buildProgram();
    const before = readFileSync(hostPath(store, path));
    const { interpreter } = addGlibc(store);
    const directory = path.replace(/\/[^/]*$/, "");
    const ran = await wrapBuddy(store, [directory, "-v", "--interpreter", interpreter, "--libs", libraries]);
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toContain("no musl dynamic linker was given");
    expect(readFileSync(hostPath(store, path))).toEqual(before);
  });

  it("is an error when it was named and only glibc's interpreter is given", async () => {
    const { store, path, libraries } = await buildProgram();
    const { interpreter } = addGlibc(store);
    const ran = await wrapBuddy(store, [path, "--interpreter", interpreter, "--libs", libraries]);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain("/lib/ld-musl-x86_64.so.1");
  });
});
