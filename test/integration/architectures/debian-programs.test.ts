// Two real programs of Debian on every architecture; npm run test:architectures has more.

import { describe, expect, it } from "vitest";
import { machines } from "../../support/compiled/machines.ts";
import { compareOn, fewWorks, foreign } from "../../support/foreign/debian-programs.ts";

describe.each(machines.filter(foreign))("on $name", (machine) => {
  it.each(fewWorks)("$program does the same wrapped as unwrapped", async (work) => {
    const { unwrapped, wrapped, control } = await compareOn(machine, work, "debian");
    expect(control.stderr).toContain("No such file or directory");
    expect(control.exitCode).not.toBe(unwrapped.exitCode);
    expect(unwrapped.stdout).not.toBe("");
    expect(wrapped).toEqual(unwrapped);
  });
});
