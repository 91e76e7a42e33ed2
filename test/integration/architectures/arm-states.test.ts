// arm's entry point may be ARM or Thumb code, and Thumb code may begin at an address that is no multiple of four.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { buildGreeting, greetingArguments, greetingEnvironment, greetings } from "../../support/compiled/greeting.ts";
import { forMachine, type Machine, machines, runOn } from "../../support/compiled/machines.ts";
import { wrapBuddy } from "../../support/roots/sandbox.ts";
import { hostPath } from "../../support/roots/store.ts";

const arm = machines.find(({ name }) => name === "arm") as Machine;

/** Goes on to _start, and leaves 512 bytes of room. */
const entries = {
  "ARM state": {
    code: ".arm\n.balign 4\n.type own_entry, %function\nown_entry: ldr r12, 1f\n2: add pc, pc, r12\n1: .word _start - 2b - 8",
    state: 0,
  },
  "Thumb state": { code: ".thumb\n.balign 4\n.thumb_func\nown_entry: b.w _start", state: 1 },
  "Thumb state, two bytes off": { code: ".thumb\n.balign 4\nnop\n.thumb_func\nown_entry: b.w _start", state: 3 },
} as const;

describe("an entry point of arm", () => {
  for (const [title, { code, state }] of Object.entries(entries)) {
    it.each([[[]], [["--relocatable"]]])(`in ${title} starts, wrapped with %j`, async (args) => {
      const greeting = await buildGreeting(
        arm,
        (source) => forMachine(arm, { ...source, flags: ["-O2", "-Wl,-e,own_entry"] }),
        `.text\n.globl own_entry\n${code}\n.space 512\n.thumb\n.text`,
      );
      const { store, path, glibc, library } = greeting;
      const entry = parseElf(bufferSource(readFileSync(hostPath(store, path)))).header.entry;
      expect(Number(entry & 3n)).toBe(state);
      const start = () => runOn(arm, store, [path, ...greetingArguments], { environment: greetingEnvironment });
      expect((await start()).exitCode).not.toBe(greetings.exitCode);
      const ran = await wrapBuddy(store, [path, "--interpreter", glibc.interpreter, "--libs", library, ...args]);
      expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await start()).toEqual(greetings);
    });
  }
});
