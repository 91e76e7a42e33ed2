// A program that uses what a dynamic linker has to get right, and a library of its own that only a run path finds.

import { addFiles, addGlibc, createStore, type InstalledGlibc, packagePath, type Store } from "../roots/store.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { compile, type Source } from "./compile.ts";
import { forMachine, type Machine } from "./machines.ts";
import { addMusl, forMusl } from "./musl.ts";

const librarySource = `
__thread int calls = 40;
const char *greet(int argc) { calls += argc; return "greetings"; }
int called(void) { return calls; }
`;

const source = `
#include <stdio.h>
#include <stdlib.h>
const char *greet(int argc);
int called(void);
static __thread int here = 1;
static int started;
__attribute__((constructor)) static void start(void) { started = 1; }
static void stop(void) { puts("stopped"); }
int main(int argc, char **argv) {
  atexit(stop);
  printf("%s", greet(argc));
  printf(" %d %d %d", called(), here, started);
  for (int i = 1; i < argc; i++) printf(" %s", argv[i]);
  printf(" %s\\n", getenv("GREETING"));
  return 3;
}
`;

/** What it prints and returns for the arguments "a" and "b c", with GREETING=hi. */
export const greetings = { stdout: "greetings 43 1 1 a b c hi\nstopped\n", stderr: "", exitCode: 3 } as const;
export const greetingArguments = ["a", "b c"] as const;
export const greetingEnvironment = { GREETING: "hi" } as const;

export interface Greeting {
  readonly machine: Machine;
  readonly store: Store;
  /** Its C library. */
  readonly glibc: InstalledGlibc;
  /** Directory of its library. */
  readonly library: string;
  readonly path: string;
}

/** Builds it into a new store; `change` says how its source is compiled, and `assembly` is put after it. */
export function buildGreeting(
  machine: Machine,
  change: (source: Source) => Source = (it) => forMachine(machine, it),
  assembly = "",
): Promise<Greeting> {
  const install = (store: Store) => addGlibc(store, machine.name);
  return build({ machine, change, changeLibrary: (it) => forMachine(machine, it), install }, assembly);
}

/** The same for musl; `flags` are the program's. */
export function buildMuslGreeting(machine: Machine, flags: readonly string[] = ["-O2"]): Promise<Greeting> {
  const changeLibrary = (it: Source) => forMusl(machine, it);
  const change = (it: Source) => forMusl(machine, { ...it, flags });
  return build({ machine, change, changeLibrary, install: (store) => addMusl(store, machine) });
}

interface System {
  readonly machine: Machine;
  readonly change: (source: Source) => Source;
  readonly changeLibrary: (source: Source) => Source;
  /** Puts the C library into the store. */
  readonly install: (store: Store) => InstalledGlibc;
}

async function build({ machine, change, changeLibrary, install }: System, assembly = ""): Promise<Greeting> {
  const store = createStore();
  const directory = temporaryDirectory();
  const library = await compile(
    `${directory}/libgreet.so`,
    changeLibrary({
      files: { "greet.c": librarySource },
      flags: ["-O2", "-fPIC", "-shared", "-Wl,-soname,libgreet.so"],
    }),
  );
  const files = { "main.c": assembly === "" ? source : `${source}__asm__(${JSON.stringify(assembly)});\n` };
  const program = await compile(`${directory}/greeting`, change({ files, flags: ["-O2"], libraries: [library] }));
  return {
    machine,
    store,
    glibc: install(store),
    library: addFiles(store, `${packagePath("greet")}/lib`, [library]),
    path: `${addFiles(store, `${packagePath("greeting")}/bin`, [program])}/greeting`,
  };
}
