// Scripts whose interpreters are scripts: what the last of them is given is what the kernel gives it where they are installed.

import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { compile } from "../../support/compiled/compile.ts";
import { makeBundle, runBundled } from "../../support/roots/bundled-root.ts";
import { wrapBuddy } from "../../support/roots/sandbox.ts";
import { createStore } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const show = `
#include <stdio.h>
int main(int argc, char **argv) {
  for (int i = 0; i < argc; i++) printf("[%s]", argv[i]);
  puts("");
  return argc;
}
`;

function script(path: string, text: string): string {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

/** `count` scripts, each started by the one before, the first by `program`: from the outermost to the innermost. */
function chainOf(directory: string, program: string, count: number): readonly string[] {
  const paths: string[] = [];
  for (let at = 1; at <= count; at++) {
    const line = `#! ${paths[0] ?? program}${at % 2 === 0 ? "" : `  -o ${at} `}\n`;
    paths.unshift(script(join(directory, `s${at}`), line));
  }
  return paths;
}

describe.each([
  ["glibc", "gcc"],
  ["musl", "musl-gcc"],
])("with a program of %s", (_, compiler) => {
  it.each([1, 2, 5])("%d scripts start it as the kernel does", async (count) => {
    const directory = temporaryDirectory();
    const program = await compile(join(directory, "show"), { files: { "show.c": show }, compiler });
    const [path = ""] = chainOf(directory, program, count);
    const installed = await execa(path, ["a", "", "b c"], { reject: false });
    expect(installed.exitCode).toBeGreaterThan(3);
    const bundle = await makeBundle([path]);
    const ran = await runBundled(bundle, [`s${count}`, "a", "", "b c"], { at: "/a b" });
    expect(ran.stdout).toContain("/a b/bin/../root/");
    expect({ ...ran, stdout: ran.stdout.replaceAll("/a b/bin/../root/", "/") }).toEqual({
      stdout: `${installed.stdout}\n`,
      stderr: "",
      exitCode: installed.exitCode,
    });
  });
});

it("one script more than the kernel starts is refused", async () => {
  const directory = temporaryDirectory();
  const [path = ""] = chainOf(directory, "/usr/bin/true", 6);
  await expect(execa(path)).rejects.toThrow("ELOOP");
  const ran = await wrapBuddy(createStore(), ["bundle", path, "--output", join(directory, "out")]);
  expect(ran).toMatchObject({ exitCode: 1, stdout: "nothing bundled\n" });
  expect(ran.stderr.replaceAll(directory, "…")).toMatchInlineSnapshot(`
    "wrap-buddy: error: …/s6: its interpreter is a script, whose interpreter is one, and so on: more than the 5 scripts that the kernel starts (ELOOP)
      help: name an interpreter in it that is a program
    "
  `);
});

it("what env starts may be a script, for which the kernel counts again", async () => {
  const directory = temporaryDirectory();
  const program = await compile(join(directory, "show"), { files: { "show.c": show } });
  const [named = ""] = chainOf(directory, program, 5);
  const path = script(join(directory, "by-env"), "#!/usr/bin/env -S s5 -x\n");
  const installed = await execa(path, ["y"], { env: { PATH: `${directory}:/usr/bin` }, reject: false });
  const bundle = await makeBundle([path, named]);
  const { stdout } = await runBundled(bundle, ["by-env", "y"]);
  expect(stdout.replaceAll("/bundle/bin/../root/", "/")).toBe(`${installed.stdout}\n`);
});

it("a first line that ends as DOS has it names another program, and the message says so", async () => {
  const directory = temporaryDirectory();
  const path = script(join(directory, "dos"), "#!/bin/sh\r\necho x\r\n");
  await expect(execa(path)).rejects.toThrow("ENOENT");
  const ran = await wrapBuddy(createStore(), ["bundle", path, "--output", join(directory, "out")]);
  expect(ran.exitCode).toBe(0);
  expect(ran.stderr.replaceAll(directory, "…")).toMatchInlineSnapshot(`
    "wrap-buddy: warning: …/dos: a script that /bin/sh\\x0d starts, which is not in the bundle: it starts where that is there
      help: end its first line as Unix does: the kernel takes \\r for a part of the name
    "
  `);
});
