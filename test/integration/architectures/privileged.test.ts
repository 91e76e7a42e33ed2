// AT_SECURE: whoever can make a hard link to a privileged program would choose the directory of a sidecar that is looked
// for beside it.

import { describe, expect, it } from "vitest";
import { machines } from "../../support/compiled/machines.ts";
import { buildWithOwnInterpreter, startWith } from "../../support/roots/own-interpreter.ts";
import { packagePath } from "../../support/roots/store.ts";

const AT_SECURE = 23;

describe.each(machines)("a privileged program of $name", (machine) => {
  it("loads nothing from beside itself", async () => {
    const greeting = await buildWithOwnInterpreter(machine, ["--relocatable"]);
    const ran = await startWith(greeting, { [AT_SECURE]: "1" });
    expect(ran).toMatchObject({ exitCode: 127, stdout: "" });
    expect(ran.stderr).toMatch(
      new RegExp(`^(wrap-buddy: )?cannot load ${packagePath("greeting")}/bin/\\.greeting\\.wrapbuddy\\n$`),
    );
  });

  it("is one by AT_SECURE alone: without that the sidecar is loaded", async () => {
    const greeting = await buildWithOwnInterpreter(machine, ["--relocatable"]);
    const ran = await startWith(greeting, { [AT_SECURE]: "0" });
    expect(ran.stderr).toContain("wrap-buddy: jump to interpreter at 0x");
  });
});
