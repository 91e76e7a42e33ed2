// What a program of a bundle is given and called, and what in a directory is no program.

import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { compile } from "../../support/compiled/compile.ts";
import { makeBundle, runBundled } from "../../support/roots/bundled-root.ts";
import { wrapBuddy } from "../../support/roots/sandbox.ts";
import { createStore } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const show = `
#include <stdio.h>
int main(int argc, char **argv) {
  for (int i = 0; i < argc; i++) printf("[%s]", argv[i]);
  return 0;
}
`;

async function showIn(directory: string): Promise<string> {
  return compile(join(directory, "show"), { files: { "show.c": show } });
}

it("a program and a script get their arguments before what they are given, and paths in them where those are now", async () => {
  const directory = temporaryDirectory();
  const program = await showIn(directory);
  writeFileSync(join(directory, "script"), `#!${program}\n`);
  chmodSync(join(directory, "script"), 0o755);
  mkdirSync(join(directory, "data"));
  const words = ["show=--data=$/data", "show=-v", "script=$/data:/no/where"].map((one) => one.replace("$", directory));
  const given = [program, join(directory, "script"), join(directory, "data")];
  const output = join(temporaryDirectory(), "bundle");
  const made = await wrapBuddy(createStore(), ["bundle", ...given, "--output", output, "--arg", ...words], {});
  expect(made.exitCode).toBe(0);
  expect(made.stderr).toMatchInlineSnapshot(`
    "wrap-buddy: warning: /no/where: not in the bundle, and an argument of bin/script names it: it is looked for there where the bundle runs
      help: give it too
    "
  `);
  const root = `/bundle/bin/../root${directory}`;
  const said = async (name: string) => (await runBundled(output, [name, "a b"])).stdout;
  expect(await said("show")).toBe(`[${root}/show][--data=${root}/data][-v][a b]`);
  expect(await said("script")).toBe(`[${root}/show][${root}/script][${root}/data:/no/where][a b]`);
});

it("an argument is for a program that the bundle has", async () => {
  const directory = temporaryDirectory();
  const output = join(directory, "bundle");
  const words = ["bundle", await showIn(directory), "--output", output, "--arg", "other=x", "=x"];
  expect(await wrapBuddy(createStore(), words, {})).toMatchInlineSnapshot(`
    {
      "exitCode": 2,
      "stderr": "wrap-buddy: error: --arg: "=x" is not a value of it
      help: give NAME=WORD
    ",
      "stdout": "",
    }
  `);
  expect(await wrapBuddy(createStore(), words.slice(0, -1), {})).toMatchInlineSnapshot(`
    {
      "exitCode": 1,
      "stderr": "wrap-buddy: error: bin/other: is to get an argument, and is not in the bundle
      help: name one that is: show
    ",
      "stdout": "nothing bundled
    ",
    }
  `);
});

it("a program that is told something finds what lies beside it, as one that is not does", async () => {
  const directory = temporaryDirectory();
  const program = await showIn(directory);
  const told = await makeBundle([program, "--set", "A=b"]);
  const name = async (bundle: string, words: readonly [string, ...string[]]) =>
    (await runBundled(bundle, words, { isMusl: true })).stdout;
  expect(await name(await makeBundle([program]), ["show"])).toBe("[/bundle/bin/show]");
  expect(await name(told, ["show"])).toBe(`[/bundle/bin/../root${program}]`);
  const python = await makeBundle(["/usr/bin/python3", "/usr/lib/python3.11", "--set", "A=b"]);
  expect(await name(python, ["python3", "-c", "import json, ssl; print(json.dumps([1]))"])).toBe("[1]\n");
});

it("an executable of another machine that lies in a directory is copied as it is; named it is refused", async () => {
  const directory = temporaryDirectory();
  const data = join(directory, "data");
  mkdirSync(data);
  const program = await showIn(directory);
  const compiler = "aarch64-linux-gnu-gcc";
  const flags = ["-O2", "-Wl,--dynamic-linker=/no/where/ld.so"];
  const foreign = await compile(join(data, "boot.img"), { files: { "show.c": show }, compiler, flags });
  copyFileSync(foreign, join(directory, "named"));
  const output = join(directory, "bundle");
  const made = await wrapBuddy(createStore(), ["bundle", program, data, "--output", output], {});
  expect(made.exitCode).toBe(0);
  expect(made.stderr.replaceAll(directory, "$")).toMatchInlineSnapshot(`
    "wrap-buddy: warning: $/data/boot.img: copied as it is: there is no dynamic linker for it here (it names /no/where/ld.so)
      help: pass one with --interpreter if it is to be started
    "
  `);
  expect((await runBundled(output, ["show"])).stdout).toBe("[/bundle/bin/show]");
  const refused = await wrapBuddy(createStore(), ["bundle", join(directory, "named"), "--output", `${output}2`], {});
  expect([refused.exitCode, refused.stderr.replaceAll(directory, "$")]).toMatchInlineSnapshot(`
    [
      1,
      "wrap-buddy: error: $/named: no 64-bit aarch64 dynamic linker is given or found (it names /no/where/ld.so)
      help: pass one with --interpreter, for example /nix/store/…-glibc-…/lib/ld.so
    ",
    ]
  `);
});
