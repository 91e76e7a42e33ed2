// How much stack a start takes, on every architecture: what lies below the stack pointer of process entry has been zeros,
// and the loader and the dynamic linker leave traces as far down as they go.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { compile } from "../../support/compiled/compile.ts";
import { forMachine, machines, runOn } from "../../support/compiled/machines.ts";
import { wrapBuddy } from "../../support/roots/sandbox.ts";
import { addFiles, addGlibc, createStore, packagePath } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** argc is below argv, and the stack pointer at process entry led to it. */
const source = `
#include <stdio.h>
int main(int argc, char **argv) {
  const volatile char *entry = (const char *)(argv - 1), *lowest = entry;
  for (const volatile char *at = entry; at > entry - (128 << 10); at--)
    if (*at) lowest = at;
  return printf("%d\\n", (int)(entry - lowest)) < 0;
}`;

/** Bytes that native/README.md tells. */
function toldSize(): number {
  const [, kilobytes] = /\| a start takes up to (\d+) KB of stack/.exec(readFileSync("native/README.md", "utf8")) ?? [];
  return Number(kilobytes) << 10;
}

it("with a stub a start takes less stack than the page says, and in place no more than the dynamic linker", async () => {
  const store = createStore();
  const directory = temporaryDirectory();
  const interpreters = machines.map(({ name }) => addGlibc(store, name).interpreter);
  const depths = new Map<string, readonly number[]>();
  for (const form of ["stub", "in-place"]) {
    const files = await Promise.all(
      machines.map((machine) =>
        compile(`${directory}/${machine.name}`, forMachine(machine, { files: { "stack.c": source } })),
      ),
    );
    const bin = addFiles(store, `${packagePath(form)}/bin`, files);
    const words = [bin, "--form", form, ...interpreters.flatMap((path) => ["--interpreter", path])];
    expect(await wrapBuddy(store, words)).toMatchObject({ exitCode: 0, stderr: "" });
    for (const machine of machines) {
      const ran = await runOn(machine, store, [`${bin}/${machine.name}`]);
      expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
      depths.set(machine.name, [...(depths.get(machine.name) ?? []), Number(ran.stdout)]);
    }
  }
  console.info([...depths].map(([name, [stub, inPlace]]) => `${name}: ${stub} bytes, in place ${inPlace}`).join("\n"));
  const deepest = Math.max(...[...depths.values()].map(([stub = 0]) => stub));
  // The kernel puts up to 8 KB of nothing above the stack pointer. Source: Linux arch/x86/kernel/process.c.
  expect(deepest + 8192).toBeLessThanOrEqual(toldSize());
  for (const [stub = 0, inPlace = 0] of depths.values()) expect(inPlace).toBeLessThan(stub);
}, 120_000);
