// A program that something else than the kernel or a dynamic linker has loaded: what that leaves in AT_BASE says nothing,
// and whether a dynamic linker has been there shows only in what it has written.

import { describe, expect, it } from "vitest";
import { greetings } from "../../support/compiled/greeting.ts";
import { forMachineWithLld, machines, runOn } from "../../support/compiled/machines.ts";
import { buildWithOwnInterpreter, startWith } from "../../support/roots/own-interpreter.ts";

const AT_BASE = 7;
const AT_SECURE = 23;

/** What whoever loads a program may leave there, as C. */
const bases: { readonly [title: string]: string } = {
  "0, as the kernel": "0",
  "the program's own first address, as proot": "headers & -4096",
  "an address of its own": "(word)&prepare & -4096",
};

describe.each(machines)("a wrapped program of $name", (machine) => {
  it.each(Object.entries(bases))("starts when AT_BASE is %s", async (_, base) => {
    const greeting = await buildWithOwnInterpreter(machine);
    const ran = await startWith(greeting, { [AT_BASE]: base, [AT_SECURE]: "0" });
    expect(ran.stderr).toContain("wrap-buddy: jump to interpreter at 0x");
    expect(ran.stdout).toBe(greetings.stdout.replace("43", "41").replace(" a b c", ""));
    expect(ran.exitCode).toBe(greetings.exitCode);
  });

  it("without DT_DEBUG ends with a message when AT_BASE could be a dynamic linker's", async () => {
    const greeting = await buildWithOwnInterpreter(machine, [], forMachineWithLld, ["-Wl,-z,rodynamic"]);
    const ran = await startWith(greeting, { [AT_BASE]: "(word)&prepare & -4096", [AT_SECURE]: "0" });
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toContain(": started in a way that is not known\n");
    expect(ran.exitCode).toBe(127);
  });
});

// Without a wrapper, too, glibc of powerpc64le starts no program with a read-only dynamic array: it writes to that.
describe.each(machines.filter(({ name }) => name !== "powerpc64le"))("a wrapped program of $name", (machine) => {
  it("without DT_DEBUG is started by a dynamic linker", async () => {
    const greeting = await buildWithOwnInterpreter(machine, [], forMachineWithLld, ["-Wl,-z,rodynamic"]);
    const { store, glibc, library, path } = greeting;
    const command = [glibc.interpreter, "--library-path", `${glibc.directory}:${library}`, path, "a"] as const;
    expect(await runOn(machine, store, command, { environment: { GREETING: "hi" } })).toEqual({
      ...greetings,
      stdout: greetings.stdout.replace("43", "42").replace("a b c", "a"),
    });
  });
});
