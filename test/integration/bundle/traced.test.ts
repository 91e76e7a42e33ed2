// What programs of a bundle open and start outside of it, as a traced run finds it out.

import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Ran, wrapBuddy } from "../../support/roots/sandbox.ts";
import { createStore } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

interface Traced {
  readonly ran: Ran;
  readonly output: string;
}

async function bundleBash(command: string, ...args: readonly string[]): Promise<Traced> {
  const output = join(temporaryDirectory(), "bundle");
  const words = ["bundle", "/usr/bin/bash", "--output", output, "--trace-run", command, ...args];
  return { ran: await wrapBuddy(createStore(), words, { seconds: 120, environment: { LC_ALL: "C" } }), output };
}

describe("--trace-run", { tags: ["trace"] }, () => {
  it("finds nothing where a program opens nothing outside, and then --strict makes the bundle", async () => {
    const { ran, output } = await bundleBash("bash -c 'echo from ${0##*/}; read line < /etc/passwd'", "--strict");
    expect(ran).toMatchObject({ exitCode: 0, stderr: "from bash\n" });
    expect(existsSync(join(output, "bin/bash"))).toBe(true);
  });

  it("says which files outside are opened, and which programs are started", async () => {
    const { ran, output } = await bundleBash(
      "bash -c 'read a < /usr/lib/os-release; (/usr/bin/env true); exec /usr/bin/env true'",
    );
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain("root/usr/bin/bash: opens /usr/lib/os-release, which is not in the bundle");
    expect(ran.stderr).toContain("root/usr/bin/bash: starts /usr/bin/env, which is not in the bundle");
    // What env opens is no affair of the bundle's.
    expect(ran.stderr.match(/which is not in the bundle/g)).toHaveLength(2);
    expect(existsSync(output)).toBe(true);
  });

  it("tells a directory that the bundle has in part from one that it has not", async () => {
    const command = "bash -c 'echo /usr/share/base-f*/x /usr/sbin/base-f*'";
    const { ran } = await bundleBash(command, "--paths", "/usr/share/base-files");
    expect(ran.stderr).toContain("opens /usr/share, and not the copy in the bundle");
    expect(ran.stderr).toContain("opens /usr/sbin, which is not in the bundle");
  });

  it("makes nothing with --strict where something outside is opened", async () => {
    const { ran, output } = await bundleBash("bash -c 'read a < /usr/lib/os-release'", "--strict");
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout).toContain("nothing bundled");
    expect(readdirSync(dirname(output))).toEqual([]);
  });

  it("makes nothing where the command fails", async () => {
    const { ran, output } = await bundleBash("bash -c 'exit 3'");
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain("the traced run of bash -c 'exit 3' failed: exit status 3");
    expect(readdirSync(dirname(output))).toEqual([]);
  });
});
