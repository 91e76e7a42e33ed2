import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCommandLine } from "../../../src/cli/command-line.ts";
import { commands, defaultCommand } from "../../../src/cli/commands.ts";
import { createSmallStore, type SmallStore } from "../../support/simulated/small-store.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

async function run(words: readonly string[], columns = 100) {
  let stdout = "";
  let stderr = "";
  const code = await runCommandLine(words, {
    writeOutput: (text) => {
      stdout += text;
    },
    writeError: (text) => {
      stderr += text;
    },
    variables: {},
    workingDirectory: store.root,
    outputIsTerminal: false,
    errorIsTerminal: false,
    columns,
  });
  return { code, stdout, stderr };
}

test("without a command the files that are named are wrapped, and wrap says the same", async () => {
  const ran = await run(["absent"]);
  expect(ran.stderr).toContain("./absent: no such file or directory");
  expect(await run(["wrap", "absent"])).toEqual(ran);
});

test("a later word is a path, even if it is a command's name", async () => {
  expect((await run(["./tool", "wrap"])).stderr).toContain("./wrap: no such file or directory");
});

test("a first word that is nearly a command is no path", async () => {
  expect(await run(["unwarp", "tool"])).toEqual({
    code: 2,
    stdout: "",
    stderr: `wrap-buddy: error: unwarp: no such command, and no such file
  help: did you mean unwrap? wrap-buddy --help lists every command
`,
  });
});

test.each([
  [["version"], "--version"],
  [["help"], "--help"],
  [["help", "me"], "--help"],
  [["help", "inspect"], "inspect --help"],
] as const)("%j is told what help, or the version, is asked for with", async (words, meant) => {
  expect(await run(words)).toMatchObject({ code: 2, stderr: expect.stringContaining(`did you mean ${meant}? `) });
});

test("a script that is named is said to be one, and what to name instead", async () => {
  writeFileSync(store.at("tool"), "#!/usr/bin/env node\n");
  expect((await run(["tool"])).stderr).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: not an ELF file: it is a script for node
      help: name the executable for Linux itself, not a script that starts it or an archive that it is in
    "
  `);
});

test("a file whose name is nearly a command's is a path", async () => {
  writeFileSync(store.at("unwarp"), "text");
  expect((await run(["unwarp"])).stderr).toContain("./unwarp: not an ELF file");
});

test("what follows -- is a path of every command", async () => {
  for (const { name } of commands) {
    const needed = name === "bundle" ? ["--output", "bundle"] : [];
    expect((await run([name, ...needed, "--", "--absent"])).stderr).toContain("./--absent: no such file or directory");
  }
});

test("a path that a list of options has taken is said to be, with what to type", async () => {
  writeFileSync(store.at("tool"), "text");
  expect(await run(["--libs", "lib", "tool"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("put it first: wrap-buddy wrap tool --libs lib\n"),
  });
});

const helps = [[], ...commands.map(({ name }) => [name])].map((words) => [...words, "--help"]);

test.each(helps)("%s %s has every option, and lines no wider than the terminal", async (...words) => {
  const { options } = commands.find(({ name }) => name === words[0]) ?? defaultCommand;
  for (const columns of [60, 80, 200]) {
    const { code, stdout } = await run(words, columns);
    expect(code).toBe(0);
    expect(stdout.split("\n").filter((line) => line.length > columns)).toEqual([]);
    for (const [name, spec] of Object.entries(options)) {
      expect(stdout).toContain(spec.kind === "toggle" && spec.default === true ? `--no-${name}` : `--${name}`);
    }
  }
});

test("help names the commands, shows examples and tells the exit status", async () => {
  const { stdout } = await run(["--help"]);
  for (const { name, summary } of commands)
    expect(stdout).toMatch(new RegExp(`wrap-buddy ${name} .*${summary.slice(0, 30)}`));
  expect(stdout).toMatch(/Examples:\n {2}wrap-buddy \.\/tool[\s\S]*Exit status: 0 done/);
});

test("descriptions begin in upper case and end without a full stop", () => {
  const all = commands.flatMap(({ options }) => Object.values(options));
  expect(all.filter(({ description }) => !/^[A-Z].*[^.]$/.test(description))).toEqual([]);
});
