// One command for a project whose node_modules were made for other machines, on a machine like NixOS.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { compile } from "../support/compile.ts";
import { createNixosMachine } from "../support/nixos-machine.ts";
import type { Ran } from "../support/sandbox.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const { project, node, run: machine, tool } = await createNixosMachine();
const modules = join(project, "node_modules");

/** As prisma's engines: a program that is no use without openssl. */
const engine = `
#include <stdio.h>
unsigned char *SHA256(const unsigned char *data, unsigned long size, unsigned char *digest);
int main(void) {
  unsigned char digest[32];
  SHA256((const unsigned char *)"abc", 3, digest);
  printf("%02x%02x%02x%02x\\n", digest[0], digest[1], digest[2], digest[3]);
  return 0;
}`;

/** As node-pty's helper: a program that starts another. */
const spawnHelper = `
#include <unistd.h>
int main(int argc, char **argv) { (void)argc; execv(argv[1], argv + 1); return 1; }`;

beforeAll(async () => {
  for (const name of [
    "@biomejs/cli-linux-x64",
    "sass-embedded-linux-x64",
    "lightningcss",
    "lightningcss-linux-x64-gnu",
    "detect-libc",
    "@esbuild/linux-x64",
  ]) {
    cpSync(join(repository, "node_modules", name), join(modules, name), { recursive: true });
  }
  for (const name of ["engine", "pty"]) mkdirSync(join(modules, name));
  await compile(join(modules, "engine/engine"), { files: { "engine.c": engine }, libraries: ["-l:libcrypto.so.3"] });
  await compile(join(modules, "pty/spawn-helper"), { files: { "helper.c": spawnHelper } });
  writeFileSync(join(project, "a.scss"), "$c: red; a { b { color: $c; } }\n");
});

const dart = "/project/node_modules/sass-embedded-linux-x64/dart-sass/src";
const dynamic: {
  readonly [name: string]: { readonly command: readonly [string, ...string[]]; readonly says: string };
} = {
  biome: { command: ["/project/node_modules/@biomejs/cli-linux-x64/biome", "--version"], says: "Version: " },
  "dart-sass": { command: [`${dart}/dart`, `${dart}/sass.snapshot`, "/project/a.scss"], says: "a b {" },
  "an engine that needs openssl": { command: ["/project/node_modules/engine/engine"], says: "ba7816bf" },
  "a helper that starts another program": {
    command: ["/project/node_modules/pty/spawn-helper", node, "--version"],
    says: process.version,
  },
};

const addon = [
  node,
  "-p",
  'require("lightningcss").transform({ filename: "a", code: Buffer.from("a { color: #f00 }"), minify: true }).code.toString()',
] as const;
const esbuild = ["/project/node_modules/@esbuild/linux-x64/bin/esbuild", "--version"] as const;

describe("on a machine like NixOS", () => {
  let first: Ran;
  let second: Ran;

  test.each(Object.entries(dynamic))("%s does not start as it comes", async (_, { command }) => {
    expect(await machine(command)).toMatchObject({
      exitCode: 127,
      stderr: expect.stringContaining("Could not start dynamically linked executable: "),
    });
  });

  test("one command wraps a project's node_modules without another word, and says what it took", async () => {
    first = await tool("./node_modules");
    expect(first).toMatchObject({ exitCode: 0, stderr: "" });
    expect(first.stdout).toContain("  the one that the running node was linked with\n");
    expect(first.stdout).toContain("\nwrapped ./node_modules/@biomejs/cli-linux-x64/biome\n");
    expect(first.stdout).toMatch(/\n4 wrapped, \d+ skipped \(.*1 static.*\)\n$/);
  });

  test.each(Object.entries(dynamic))("%s does its work after it", async (_, { command, says }) => {
    expect(await machine(command)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(says) });
  });

  test("a static program and an addon of node do theirs, as before", async () => {
    expect((await machine(esbuild)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await machine(addon)).toMatchObject({ exitCode: 0, stdout: "a{color:red}\n" });
  });

  test("a second run changes nothing, and verify is content", async () => {
    second = await tool("./node_modules");
    expect(second).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^4 already wrapped, /), stderr: "" });
    expect(await tool("verify", "./node_modules")).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("what is installed again is wrapped again, and nothing else is written", async () => {
    cpSync(
      join(repository, "node_modules/@biomejs/cli-linux-x64/biome"),
      join(modules, "@biomejs/cli-linux-x64/biome"),
    );
    const again = await tool("./node_modules");
    expect(again.stdout).toContain(
      "\nwrapped ./node_modules/@biomejs/cli-linux-x64/biome\n1 wrapped, 3 already wrapped",
    );
    expect(await machine(dynamic["biome"]?.command ?? [node])).toMatchObject({ exitCode: 0 });
  });

  test("without what the machine has, the message says what to pass, and the stand-in is not taken", async () => {
    await tool("unwrap", "./node_modules");
    const ran = await tool("./node_modules", "--no-defaults");
    expect([ran.exitCode, ran.stderr]).toEqual([
      1,
      expect.stringContaining("no 64-bit x86_64 dynamic linker is given or found for 4 executables"),
    ]);
  });

  test("the restored files are those that were installed", () => {
    for (const name of ["@biomejs/cli-linux-x64/biome", "sass-embedded-linux-x64/dart-sass/src/dart"]) {
      const [before, after] = [join(repository, "node_modules", name), join(modules, name)].map((path) =>
        readFileSync(path),
      );
      expect([basename(name), before?.equals(after ?? Buffer.alloc(0))]).toEqual([basename(name), true]);
    }
  });
});
