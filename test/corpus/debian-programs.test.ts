// Eighteen real programs of Debian on every architecture, at work: the same output and exit status as unwrapped.

import { describe, expect, it } from "vitest";
import { machines } from "../support/compiled/machines.ts";
import { compareOn, fewWorks, foreign, manyWorks } from "../support/foreign/debian-programs.ts";

describe.each(machines.filter(foreign))("on $name", (machine) => {
  it.each([...fewWorks, ...manyWorks])("$program does the same wrapped as unwrapped", async (work) => {
    const { unwrapped, wrapped, control } = await compareOn(machine, work, "debian-all");
    expect(control.stdout).toBe("");
    expect(control.stderr).toContain("No such file or directory");
    expect(unwrapped.stdout).not.toBe("");
    expect(wrapped).toEqual(unwrapped);
  });
});
