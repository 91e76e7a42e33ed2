// Both C libraries on every architecture, under qemu-user: an executable for musl in both forms (programs.test.ts and
// in-place/executables.test.ts have glibc's), and a plug-in in place in a host of either that nobody wrapped.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile, type Source } from "../../support/compiled/compile.ts";
import {
  buildGreeting,
  buildMuslGreeting,
  type Greeting,
  greetingArguments,
  greetingEnvironment,
  greetings,
} from "../../support/compiled/greeting.ts";
import { forMachine, type Machine, machines, runOn } from "../../support/compiled/machines.ts";
import { forMusl } from "../../support/compiled/musl.ts";
import { type Ran, wrapBuddy } from "../../support/roots/sandbox.ts";
import { addFiles, hostPath, packagePath } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

async function wrap({ store, glibc, library }: Greeting, words: readonly string[]): Promise<void> {
  const ran = await wrapBuddy(store, [...words, "--interpreter", glibc.interpreter, "--libs", library]);
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
}

function start({ machine, store, path }: Greeting): Promise<Ran> {
  return runOn(machine, store, [path, ...greetingArguments], { environment: greetingEnvironment });
}

const builds = [
  ["a position-independent executable", ["-O2", "-fPIE", "-pie"]],
  ["one without position independence", ["-O2", "-fno-pie", "-no-pie"]],
] as const;

describe.each(machines)("on $name", (machine) => {
  it.each(builds)("%s for musl starts with a stub, in place, and is restored byte for byte", async (_, flags) => {
    const greeting = await buildMuslGreeting(machine, flags);
    const { store, path } = greeting;
    const original = readFileSync(hostPath(store, path));
    expect((await start(greeting)).stderr).toMatch(/Could not open .*ld-musl.*: No such file/);
    for (const form of ["stub", "in-place"]) {
      await wrap(greeting, [path, "--form", form]);
      expect([form, await start(greeting)]).toEqual([form, greetings]);
    }
    expect((await wrapBuddy(store, ["unwrap", path])).exitCode).toBe(0);
    expect(readFileSync(hostPath(store, path)).equals(original)).toBe(true);
  });
});

const hostSource = `
#include <dlfcn.h>
#include <stdio.h>
int main(int argc, char **argv) {
  void *opened = dlopen(argv[1], RTLD_NOW);
  if (!opened) return puts(dlerror()), 1;
  puts(((const char *(*)(void))dlsym(opened, "plug"))());
  return 0;
}`;

interface System {
  readonly build: (machine: Machine) => Promise<Greeting>;
  readonly compiled: (machine: Machine, source: Source) => Source;
}

const systems: { readonly [title: string]: System } = {
  glibc: { build: buildGreeting, compiled: forMachine },
  musl: { build: buildMuslGreeting, compiled: forMusl },
};

describe.each(Object.entries(systems))("of %s", (_, { build, compiled }) => {
  it.each(machines)("a plug-in of $name finds what it needs in a host that is not wrapped", async (machine) => {
    const greeting = await build(machine);
    const { store, glibc, library } = greeting;
    const directory = temporaryDirectory();
    // An address in its data, so that there is a relative relocation to count.
    const code =
      "const char *greet(int); static int at; int *to = &at; const char *plug(void) { return greet(1 + *to); }";
    const plugIn = await compile(
      `${directory}/plug.so`,
      compiled(machine, {
        files: { "plug.c": code },
        flags: ["-O2", "-fPIC", "-shared"],
        libraries: [hostPath(store, `${library}/libgreet.so`)],
      }),
    );
    const host = await compile(
      `${directory}/host`,
      compiled(machine, {
        files: { "host.c": hostSource },
        flags: ["-O2", `-Wl,--dynamic-linker=${glibc.interpreter},-rpath,${glibc.directory}`],
      }),
    );
    const path = `${addFiles(store, `${packagePath("plug-in")}/lib`, [plugIn])}/plug.so`;
    const command = [`${addFiles(store, `${packagePath("host")}/bin`, [host])}/host`, path] as const;
    const original = readFileSync(plugIn);
    expect((await runOn(machine, store, command)).stdout).toMatch(/libgreet\.so/);
    await wrap(greeting, [path]);
    expect(await runOn(machine, store, command)).toEqual({ stdout: "greetings\n", stderr: "", exitCode: 0 });
    expect((await wrapBuddy(store, ["unwrap", path])).exitCode).toBe(0);
    expect(readFileSync(hostPath(store, path)).equals(original)).toBe(true);
  });
});
