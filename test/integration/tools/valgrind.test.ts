// Valgrind, with this machine's own C library: memcheck finds what it finds in the original, with the same stacks.

import { describe, expect, it } from "vitest";
import type { Ran } from "../../support/roots/sandbox.ts";
import { bothRuns, installedBefore, toolForms } from "./on-this-machine.ts";

const programs = installedBefore({
  faults: {
    program: "mistakes/faults.c",
    // Valgrind 3.19 knows no newer form of debugging information; without frames it guesses.
    flags: ["-O0", "-gdwarf-4"],
    arguments: ["use after free, leak"],
    forms: toolForms,
  },
});

/** What it says without process numbers, and without addresses, which depend on where the kernel put things. */
const withoutChance = ({ stderr, ...rest }: Ran): Ran => ({
  ...rest,
  stderr: stderr.replaceAll(/==\d+==/g, "==").replaceAll(/0x[0-9A-Fa-f]+/g, "ADDRESS"),
});

describe("memcheck finds the same errors and leaks as in the original, with the same stacks:", () => {
  const memcheck = ["valgrind", "-q", "--leak-check=full", "--error-exitcode=9"] as const;

  it.each(toolForms)("%s", async (form) => {
    const { native, wrapped } = await bothRuns(programs(form), "faults", (command) => [...memcheck, ...command]);
    expect(native).toMatchObject({ exitCode: 9, stdout: expect.stringContaining("started") });
    expect(native.stderr).toContain("read_first (faults.c:");
    expect(native.stderr).toContain("allocate_and_forget (faults.c:");
    expect(withoutChance(wrapped)).toEqual(withoutChance(native));
  });
});
