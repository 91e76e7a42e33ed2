// What lies between the dynamic linker's segments. They are 64 KB apart where an architecture may have pages of that size.

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { PT_LOAD } from "../../../src/elf/constants.ts";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { forMachine, machines, runOn } from "../../support/compiled/machines.ts";
import { buildProgram, wrap } from "../../support/compiled/program.ts";
import { hostPath } from "../../support/roots/store.ts";

const files = {
  "maps.c": `#include <stdio.h>
int main(void) {
	FILE *maps = fopen("/proc/self/maps", "r");
	for (int c; (c = getc(maps)) != EOF;) putchar(c);
	return 0;
}`,
};

describe.each(machines.filter(({ name }) => name === "aarch64"))("on $name", (machine) => {
  it("nothing between the dynamic linker's segments can be written", async () => {
    const program = await buildProgram(forMachine(machine, { files }), "maps", machine.name);
    await wrap(program);
    const { interpreter } = program.glibc;
    const { programHeaders } = parseElf(bufferSource(readFileSync(hostPath(program.store, interpreter))));
    const [first, second] = programHeaders.filter(({ type }) => type === PT_LOAD);
    if (first === undefined || second === undefined) throw new Error(`${interpreter} has one segment`);
    const { stdout } = await runOn(machine, program.store, [program.path]);
    const mappings = stdout.split("\n").map((line) => {
      const [, start = "0", end = "0", rights = "", path = ""] =
        /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)$/.exec(line) ?? [];
      return { start: BigInt(`0x${start}`), end: BigInt(`0x${end}`), rights, path };
    });
    const base = mappings.find(({ path }) => basename(path) === basename(interpreter))?.start ?? 0n;
    const hole = base + first.virtualAddress + first.memorySize + 0x1000n;
    expect(hole).toBeLessThan(base + second.virtualAddress);
    expect(mappings.find(({ start, end }) => start <= hole && hole < end)?.rights ?? "unmapped").toMatch(
      /^(---p|unmapped)$/,
    );
  });
});
