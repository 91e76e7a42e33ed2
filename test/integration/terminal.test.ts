// The command line on a real terminal, which script(1) makes, and in a pipe.

import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const directory = temporaryDirectory();
const environment = { TERM: "xterm", NO_COLOR: undefined, FORCE_COLOR: undefined };

/** What a terminal of that width shows of a shell's command. */
async function onTerminal(columns: number, command: string, env: Readonly<Record<string, string>> = {}) {
  const { stdout, exitCode } = await execa("script", ["-qec", `stty cols ${columns}; ${command}`, "/dev/null"], {
    cwd: directory,
    env: { ...environment, ...env },
    stdin: "ignore",
    reject: false,
    timeout: 60_000,
  });
  return { lines: stdout.replaceAll("\r\n", "\n").split("\n"), exitCode };
}

describe("a run of more than a second", { tags: ["trace"] }, () => {
  const names = Array.from({ length: 30 }, (_, at) => `tool${at}`);
  // Every file takes a while to be opened: the run is slow on every machine.
  const slow = [
    "strace -f -qq -o /dev/null -e trace=openat -e inject=openat:delay_enter=50000",
    ...names.map((name) => `-P ${join(directory, name)}`),
    `${process.execPath} ${main} . --dry-run`,
  ].join(" ");
  beforeAll(() => {
    for (const name of names) copyFileSync("/usr/bin/env", join(directory, name));
  });

  test("says on a terminal how far it is, on one line that the report replaces", async () => {
    const { lines, exitCode } = await onTerminal(40, slow);
    expect(exitCode).toBe(0);
    const [progress = ""] = lines;
    const shown = progress.split("\u001b[K")[0]?.replaceAll("\r", "") ?? "";
    expect(shown).toMatch(/^(finding files: \d+ files|looking at \d+ of 30 files, )/);
    for (const one of progress.split("\r").slice(1, -1)) expect(one.replace("\u001b[K", "").length).toBeLessThan(40);
    expect(progress.split("\r").at(-1)).toMatch(/^.\[KUsing interpreter: /);
    expect(lines.at(-2)).toContain("30 to wrap");
    expect(lines.at(-1)).toBe("to do it: wrap-buddy .");
  });

  test("says nothing of that in a pipe, nor with -q", async () => {
    const piped = await execa("sh", ["-c", slow], { cwd: directory, env: environment, reject: false });
    expect(piped).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await onTerminal(40, `${slow} -q`)).toEqual({ lines: [""], exitCode: 0 });
  });
});

test("Ctrl-C in the middle is exit status 130, every executable starts, and unwrap leaves nothing of it", async () => {
  const tree = temporaryDirectory();
  const names = Array.from({ length: 100 }, (_, at) => `tool${String(at).padStart(2, "0")}`);
  for (const name of names) copyFileSync("/usr/bin/env", join(tree, name));
  const running = execa("script", ["-qec", `${process.execPath} ${main} ${tree}`, "/dev/null"], { reject: false });
  let isOver = false;
  void running.then(() => {
    isOver = true;
  });
  // The first copy is there: the run is at its work.
  while (!isOver && !readdirSync(tree).some((name) => name.endsWith("+"))) await setImmediate();
  running.stdin.write("\u0003");
  expect((await running).exitCode).toBe(130);
  expect(readdirSync(tree).length).toBeGreaterThan(names.length);
  const starts = 'for file in "$0"/tool*; do "$file" true || echo "$file"; done';
  expect((await execa("sh", ["-c", starts, tree])).stdout).toBe("");
  // Of most of them only the copy that was to take their place is there.
  const { stdout } = await execa(process.execPath, [main, "unwrap", tree]);
  expect(stdout).toMatch(/\n(100 restored|(nothing to restore|\d+ restored), \d+ not wrapped)$/);
  expect(readdirSync(tree).sort()).toEqual(names);
  const original = readFileSync("/usr/bin/env");
  expect(names.filter((name) => !readFileSync(join(tree, name)).equals(original))).toEqual([]);
});

test.each([40, 80])("help fits on %i columns", async (columns) => {
  const { lines } = await onTerminal(columns, `${process.execPath} ${main} --help`);
  expect(lines.length).toBeGreaterThan(columns === 40 ? 200 : 80);
  expect(lines.filter((line) => line.length > columns)).toEqual([]);
});

test("help is not wider than can be read, however wide the terminal is", async () => {
  const { lines } = await onTerminal(200, `${process.execPath} ${main} --help`);
  const longest = Math.max(...lines.map(({ length }) => length));
  expect([longest > 100, longest <= 110]).toEqual([true, true]);
});

test.each([
  ["is coloured on a terminal", {}, true, true],
  ["is not coloured with NO_COLOR", { NO_COLOR: "1" }, true, false],
  ["is coloured in a pipe with FORCE_COLOR", { FORCE_COLOR: "1" }, false, true],
  ["is not coloured in a pipe", {}, false, false],
  ["is not coloured on a terminal with FORCE_COLOR=0", { FORCE_COLOR: "0" }, true, false],
] as const)("an error %s", async (_, env, isTerminal, isColoured) => {
  const command = `${process.execPath} ${main} absent`;
  const { lines } = await onTerminal(80, isTerminal ? command : `${command} 2>&1 | cat`, env);
  expect(lines[0]?.replaceAll("\u001b", "ESC")).toMatch(isColoured ? /ESC\[1;31merror:ESC\[0m/ : /buddy: error: /);
});
