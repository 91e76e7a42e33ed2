// What README.md says before anything else, seen: its first example, and what its comparison says of the others.

import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { compile, helloSource } from "../../support/compiled/compile.ts";
import { blocksOf, pagePath, pageText } from "../../support/pages/pages.ts";
import { createNixosMachine, inProject } from "../../support/roots/nixos-machine.ts";
import { runInStore } from "../../support/roots/sandbox.ts";
import { addFiles, hostPath, packagePath } from "../../support/roots/store.ts";

const biome = fileURLToPath(new URL("../../../node_modules/@biomejs/cli-linux-x64/biome", import.meta.url));
const machine = await createNixosMachine({ hasStandIn: false });

beforeAll(() => {
  copyFileSync(biome, inProject(machine, "tool"));
});

/** A line as a terminal shows it with what it prints: a shell with somebody before it words its errors in its own way. */
async function typed(line: string): Promise<string> {
  const terminal = `exec script -qec 'exec -a bash bash --norc -ic "${line}"' /dev/null`;
  const { stdout } = await machine.shell(terminal, { environment: { TERM: "dumb", SHELL: machine.bash } });
  return `$ ${line}\n${stdout.replaceAll("\r", "").replace(/\n+$/, "\n")}`;
}

test("the first example is what a terminal shows (npm run update:readme)", async () => {
  const lines = ["./tool --version", "wrap-buddy -q ./tool", "./tool --version"];
  let shown = "";
  for (const line of lines) shown += await typed(line);
  const [first] = blocksOf("README.md");
  if (process.env["UPDATE_README"] !== undefined) {
    writeFileSync(
      pagePath("README.md"),
      pageText("README.md").replace(first?.text ?? "", () => shown),
    );
  }
  expect(blocksOf("README.md")[0]).toEqual({ language: "console", text: shown });
});

describe("what the comparison says of an FHS environment, in one that bubblewrap makes", () => {
  const glibc = `${packagePath("glibc-x86_64")}/lib`;
  const at = (path: string) => ["--ro-bind", hostPath(machine.store, glibc), path];
  const inEnvironment = [...at("/lib64"), ...at("/lib/x86_64-linux-gnu")];
  let program: string;

  beforeAll(async () => {
    program = inProject(machine, "program");
    await compile(program, { files: helloSource });
  });

  test("a program starts as it came, and without it does not", async () => {
    const before = readFileSync(program);
    expect((await machine.run(["/project/program"])).exitCode).not.toBe(0);
    expect(await machine.run(["/project/program"], { bwrap: inEnvironment })).toMatchObject({ stdout: "hello\n" });
    expect(readFileSync(program).equals(before)).toBe(true);
  });

  test("set-ID bits and capabilities do not count", async () => {
    const cat = addFiles(machine.store, `${packagePath("cat")}/bin`, ["/bin/cat"]);
    const status = await runInStore(machine.store, [`${cat}/cat`, "/proc/self/status"], { bwrap: inEnvironment });
    expect(status.stdout).toMatch(/^NoNewPrivs:\t1$/m);
  });
});
