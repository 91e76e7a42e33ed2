// The commands of the pages, as they stand there.

import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { compile, helloSource as files } from "../../support/compiled/compile.ts";
import { type CommandRun, pageCommands } from "../../support/pages/page-commands.ts";
import { createNixosMachine, inProject } from "../../support/roots/nixos-machine.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const machine = await createNixosMachine();
const prepared = temporaryDirectory();

/** The commands that are run like this. */
function runBy<By extends CommandRun["by"]>(by: By): readonly (readonly [string, CommandRun & { readonly by: By }])[] {
  return Object.entries(pageCommands).flatMap(([command, how]) =>
    how.by === by ? [[command, how as CommandRun & { readonly by: By }] as const] : [],
  );
}

/** A tool with a library beside it, a project's node_modules, and a program that is wrapped. */
beforeAll(async () => {
  cpSync("/usr/lib/x86_64-linux-gnu/libz.so.1", inProject(machine, "lib/libz.so.1"), { dereference: true });
  await compile(inProject(machine, "tool"), {
    files,
    libraries: ["-Wl,--no-as-needed", "-l:libz.so.1"],
  });
  for (const path of ["program", "node_modules/other/other"]) await compile(inProject(machine, path), { files });
  writeFileSync(inProject(machine, "node_modules/other/package.json"), "{}\n");
  const ran = await machine.tool("-q", "./program");
  if (ran.exitCode !== 0) throw new Error(ran.stderr);
  cpSync(machine.project, prepared, { recursive: true });
});

describe("a command of the pages, on a machine like NixOS", () => {
  beforeEach(() => {
    for (const name of ["tool", ".tool.wrapbuddy", "node_modules"]) {
      rmSync(join(machine.project, name), { recursive: true, force: true });
    }
    cpSync(prepared, machine.project, { recursive: true });
  });

  test.each(runBy("machine"))("%s", async (command, { after, says, exitCode = 0 }) => {
    if (after !== undefined) expect(await machine.shell(after)).toMatchObject({ exitCode: 0, stderr: "" });
    const ran = await machine.shell(command);
    expect(ran.exitCode, ran.stderr).toBe(exitCode);
    expect(ran.stderr + ran.stdout).toMatch(says);
  });
});

describe("a command of the pages, in the repository", () => {
  test.each(runBy("repository"))("%s", async (command, { says }) => {
    const ran = await execa("sh", ["-c", command], { cwd: repository, reject: false, stdin: "ignore" });
    expect(ran.stderr + ran.stdout).toMatch(says);
  });
});
