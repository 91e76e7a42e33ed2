// A machine like NixOS: a store with a node that is linked against it, a stand-in at /lib64 that only says why nothing
// starts, no other library anywhere; and a project whose node_modules were made for other machines.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { compile } from "../support/compile.ts";
import { type Ran, runInStore, type SandboxOptions, wrapBuddy } from "../support/sandbox.ts";
import { addFiles, addGccLibraries, addGlibc, createStore, packagePath } from "../support/store.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const store = createStore();
const project = temporaryDirectory();
const etc = temporaryDirectory();
const modules = join(project, "node_modules");
const node = `${packagePath("nodejs")}/bin/node`;
/** What every NixOS has in $PATH: the tool copies files with them. */
const utilities = `${packagePath("coreutils")}/bin`;

/** What NixOS has at /lib64. Source: nixpkgs, pkgs/by-name/st/stub-ld. */
const stubLinker = `
static long call(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}
static void say(const char *text) {
  long length = 0;
  while (text[length]) length++;
  call(1, 2, (long)text, length);
}
__attribute__((used)) static void stub_main(long *stack) {
  say("Could not start dynamically linked executable: ");
  if (stack[0] > 0) say((const char *)stack[1]);
  say("\\nNixOS cannot run dynamically linked executables intended for generic\\n"
      "linux environments out of the box. For more information, see:\\nhttps://nix.dev/permalink/stub-ld\\n");
  call(60, 127, 0, 0);
}
__asm__(".globl _start\\n_start: mov %rsp, %rdi\\n and $-16, %rsp\\n call stub_main\\n");`;

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

/** Runs a command of the machine, in the project. */
function machine(command: readonly [string, ...string[]], options: SandboxOptions = {}): Promise<Ran> {
  return runInStore(store, command, {
    seconds: 120,
    workingDirectory: "/project",
    ...options,
    binds: [
      [project, "/project"],
      [join(repository, "dist"), "/wrap-buddy/dist"],
      [etc, "/lib64"],
    ],
  });
}

const tool = (...words: readonly string[]): Promise<Ran> =>
  machine([node, "/wrap-buddy/dist/cli/main.js", ...words], { environment: { PATH: utilities } });

beforeAll(async () => {
  const glibc = addGlibc(store);
  const gcc = addGccLibraries(store);
  const openssl = addFiles(
    store,
    `${packagePath("openssl")}/lib`,
    ["libssl.so.3", "libcrypto.so.3"].map((name) => `/usr/lib/x86_64-linux-gnu/${name}`),
  );
  // As nixpkgs' node it names its dynamic linker and the directories of its libraries itself.
  addFiles(store, `${packagePath("nodejs")}/bin`, [process.execPath]);
  const words = ["--interpreter", glibc.interpreter, "--libs", gcc, "--runtime-dependencies", gcc, openssl];
  const linked = await wrapBuddy(store, [node, "--form", "in-place", ...words]);
  if (linked.exitCode !== 0) throw new Error(linked.stderr);
  addFiles(
    store,
    `${packagePath("coreutils")}/bin`,
    ["cp", "sync", "xargs"].map((name) => `/usr/bin/${name}`),
  );
  const directories = addFiles(
    store,
    `${packagePath("coreutils")}/lib`,
    ["libacl.so.1", "libattr.so.1", "libselinux.so.1", "libpcre2-8.so.0"].map(
      (name) => `/usr/lib/x86_64-linux-gnu/${name}`,
    ),
  );
  const copied = await wrapBuddy(store, [utilities, "--interpreter", glibc.interpreter, "--libs", directories]);
  if (copied.exitCode !== 0) throw new Error(copied.stderr);
  await compile(join(etc, "ld-linux-x86-64.so.2"), {
    files: { "stub.c": stubLinker },
    flags: ["-O1", "-ffreestanding", "-nostdlib", "-static-pie", "-fPIE"],
  });
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
