// One command for a project whose node_modules were made for other machines, on a machine like NixOS.

import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { createNixosMachine } from "../support/roots/nixos-machine.ts";
import type { Ran } from "../support/roots/sandbox.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const { project, node, bash, run: machine, tool } = await createNixosMachine();
const modules = join(project, "node_modules");

/** A shell that node-pty starts, which asks for a word, or the command that is given. */
const pty = `
const [shell, command] = process.argv.slice(2);
const asks = '[ -t 0 ] && read -r word && echo "heard $word"';
const terminal = require("@lydell/node-pty").spawn(shell, ["-c", command ?? asks], { cols: 80 });
terminal.onData((text) => process.stdout.write(text));
terminal.onExit(({ exitCode }) => process.exit(exitCode));
if (command === undefined) terminal.write("you\\n");
`;

/** The first request of the protocol that codex-acp speaks; its answer is waited for, because it does not outlive its input. */
const initialize = { jsonrpc: "2.0", id: 0, method: "initialize", params: { protocolVersion: 1 } };
const ask = `
const agent = require("node:child_process").spawn(process.argv[2], { stdio: ["pipe", "pipe", "inherit"] });
let answer = "";
agent.stdin.on("error", () => {});
agent.stdin.write(${JSON.stringify(`${JSON.stringify(initialize)}\n`)});
agent.stdout.on("data", (text) => {
  answer += text;
  if (answer.includes("\\n")) agent.stdin.end();
});
agent.on("close", (code) => {
  process.stdout.write(answer);
  process.exit(answer === "" ? code : 0);
});
`;

beforeAll(async () => {
  for (const name of [
    "@biomejs/cli-linux-x64",
    "sass-embedded-linux-x64",
    "lightningcss",
    "lightningcss-linux-x64-gnu",
    "detect-libc",
    "@esbuild/linux-x64",
    "@lydell/node-pty",
    "@lydell/node-pty-linux-x64",
    "@zed-industries/codex-acp-linux-x64",
  ]) {
    cpSync(join(repository, "node_modules", name), join(modules, name), { recursive: true });
  }
  writeFileSync(join(project, "pty.cjs"), pty);
  writeFileSync(join(project, "ask.cjs"), ask);
  writeFileSync(join(project, "a.scss"), "$c: red; a { b { color: $c; } }\n");
});

const biome = "/project/node_modules/@biomejs/cli-linux-x64/biome";
const codex = "/project/node_modules/@zed-industries/codex-acp-linux-x64/bin/codex-acp";
const dart = "/project/node_modules/sass-embedded-linux-x64/dart-sass/src";
const dynamic: {
  readonly [name: string]: { readonly command: readonly [string, ...string[]]; readonly says: string };
} = {
  biome: { command: [biome, "--version"], says: "Version: " },
  "dart-sass": { command: [`${dart}/dart`, `${dart}/sass.snapshot`, "/project/a.scss"], says: "a b {" },
  // As prisma's engines, which are fetched from elsewhere, it needs libssl.so.3: of the packages with executables for
  // x86_64 that were looked at, the only one that is linked with it.
  "codex-acp, which needs openssl,": {
    command: [node, "/project/ask.cjs", codex],
    says: '"protocolVersion":1',
  },
  "a program that node-pty starts": {
    command: [node, "/project/pty.cjs", bash, `exec ${biome} --version`],
    says: "Version: ",
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
    const { exitCode, stdout, stderr } = await machine(command);
    expect(exitCode).toBe(127);
    // On a terminal both streams are one.
    expect(stdout + stderr).toContain("Could not start dynamically linked executable: ");
  });

  test("one command wraps a project's node_modules without another word, and says what it took", async () => {
    first = await tool("./node_modules");
    expect(first).toMatchObject({ exitCode: 0, stderr: "" });
    expect(first.stdout).toContain("  the one that the running node was linked with\n");
    expect(first.stdout).toContain("\nwrapped ./node_modules/@biomejs/cli-linux-x64/biome\n");
    expect(first.stdout).toMatch(/\n3 wrapped, \d+ skipped \(.*1 static.*\)\n$/);
  });

  test.each(Object.entries(dynamic))("%s does its work after it", async (_, { command, says }) => {
    expect(await machine(command)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(says) });
  });

  // node has libstdc++ loaded, which is all that its addon needs. A helper to start programs it has on macOS only.
  // Source: node-pty, binding.gyp, spawn-helper.
  test("node-pty starts a shell on a terminal, as before", async () => {
    expect(await machine([node, "/project/pty.cjs", bash])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("heard you\r\n"),
    });
  });

  test("a static program and an addon of node do theirs, as before", async () => {
    expect((await machine(esbuild)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await machine(addon)).toMatchObject({ exitCode: 0, stdout: "a{color:red}\n" });
  });

  test("a second run changes nothing, and verify is content", async () => {
    second = await tool("./node_modules");
    expect(second).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^3 already wrapped, /), stderr: "" });
    expect(await tool("verify", "./node_modules")).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("what is installed again is wrapped again, and nothing else is written", async () => {
    cpSync(
      join(repository, "node_modules/@biomejs/cli-linux-x64/biome"),
      join(modules, "@biomejs/cli-linux-x64/biome"),
    );
    const again = await tool("./node_modules");
    expect(again.stdout).toContain(
      "\nwrapped ./node_modules/@biomejs/cli-linux-x64/biome\n1 wrapped, 2 already wrapped",
    );
    expect(await machine(dynamic["biome"]?.command ?? [node])).toMatchObject({ exitCode: 0 });
  });

  test("without what the machine has, the message says what to pass, and the stand-in is not taken", async () => {
    await tool("unwrap", "./node_modules");
    const ran = await tool("./node_modules", "--no-defaults");
    expect([ran.exitCode, ran.stderr]).toEqual([
      1,
      expect.stringContaining("no 64-bit x86_64 dynamic linker is given or found for 3 executables"),
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
