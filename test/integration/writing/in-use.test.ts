// Executables that somebody uses while they are wrapped, wrapped in another way, or restored: what runs goes on, and
// there is no moment at which one cannot be started.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { unwrap } from "../../../src/commands/unwrap/unwrap.ts";
import { run } from "../../../src/commands/wrap/run.ts";
import type { WrapRequest } from "../../../src/planning/wrap-request.ts";
import { compile, helloSource } from "../../support/compiled/compile.ts";
import { wrapRequestOf } from "../../support/simulated/wrap-request.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { ownUsers } from "../../support/vitest/capabilities.ts";

const main = new URL("../../../dist/cli/main.js", import.meta.url).pathname;

/** This machine's own, so that what is wrapped starts here. */
const linker = "/lib64/ld-linux-x86-64.so.2";

function wrap(path: string, changes: Partial<WrapRequest> = {}): void {
  const request = wrapRequestOf([path], { interpreters: [linker], ignoreMissing: ["*"], ...changes });
  expect(run(request)).toMatchObject({ ok: true, files: [{ kind: changes.form ?? "wrapped" }] });
}

function restore(path: string): void {
  expect(unwrap({ paths: [path], recurse: true, exclude: [], dryRun: false }).ok).toBe(true);
}

async function makeTool(files: { readonly [name: string]: string }): Promise<string> {
  const directory = join(temporaryDirectory(), "tree");
  mkdirSync(directory);
  const path = await compile(join(directory, "tool"), { files });
  chmodSync(path, 0o755);
  return path;
}

/** Calls a function of every page of its code, once before it waits for the end of its input and once after. */
const waiting = {
  "waiting.c": `
#include <stdio.h>
static void at_end(void) __attribute__((destructor));
static void at_end(void) { puts("ended"); }
int main(void) { puts("running"); fflush(stdout); while (getchar() != EOF); return 0; }
`,
};

it("a program that is mapped, not executed, goes on when it is wrapped and when it is restored", async () => {
  const path = await makeTool(waiting);
  const changeWhileMapped = async (change: () => void): Promise<void> => {
    const { ino } = statSync(path);
    // The linker maps it: the kernel keeps nobody from writing it.
    const started = spawn(linker, [path], { stdio: ["pipe", "pipe", "inherit"] });
    let output = "";
    started.stdout.on("data", (bytes: Buffer) => {
      output += bytes.toString();
    });
    await once(started.stdout, "data");
    change();
    expect(statSync(path).ino).not.toBe(ino);
    const ended = once(started, "close");
    started.stdin.end();
    expect([await ended, output]).toEqual([[0, null], "running\nended\n"]);
  };
  await changeWhileMapped(() => wrap(path));
  // With a stub, outside of the store, it cannot be started by the linker: the way back is one of the other form.
  wrap(path, { form: "in-place" });
  await changeWhileMapped(() => restore(path));
});

it("a program that is started all the time never fails while it is wrapped in another way forty times", async () => {
  const path = await makeTool(helloSource);
  wrap(path);
  const stop = join(temporaryDirectory(), "stop");
  const loop = spawn("sh", ["-c", 'while ! [ -e "$1" ]; do "$0" || echo failed; done', path, stop]);
  let output = "";
  const add = (bytes: Buffer): void => {
    output += bytes.toString();
  };
  loop.stdout.on("data", add);
  loop.stderr.on("data", add);
  for (let round = 1; round <= 40; round++) {
    wrap(path, { appendRunPath: [`/opt/${"x".repeat((round % 2) * 1500 + round)}`] });
    // Lets the output be read.
    await setTimeout(1);
  }
  writeFileSync(stop, "");
  await once(loop, "close");
  const lines = output.trimEnd().split("\n");
  console.info(`${lines.length} starts while it was wrapped in another way 40 times`);
  expect(lines.filter((line) => line !== "hello")).toEqual([]);
  expect(lines.length).toBeGreaterThan(100);
});

it("sidecars of names that differ in the last letter have different names while they are wrapped in another way", {
  tags: ["trace"],
}, async () => {
  const first = await makeTool(helloSource);
  const tree = join(first, "..");
  const paths = ["tool-1", "tool-2", "tool-3", "a", "b"].map((name) => join(tree, name));
  for (const path of paths) copyFileSync(first, path);
  const log = join(temporaryDirectory(), "log");
  const words = [main, tree, "--interpreter", linker, "-q", "--no-gc-roots"];
  await execa(process.execPath, words);
  const other = ["--append-run-path", `/opt/${"x".repeat(1500)}`];
  await execa("strace", ["-f", "-qq", "-e", "trace=link", "-o", log, process.execPath, ...words, ...other]);
  const links = [...readFileSync(log, "utf8").matchAll(/link\("[^"]*", "([^"]*)"\) = 0/g)].map(([, link]) => link);
  expect(links).toHaveLength(paths.length + 1);
  expect(new Set(links).size).toBe(links.length);
  for (const path of [first, ...paths]) expect((await execa(path)).stdout).toBe("hello");
});

it("two runs over the same tree at the same time leave what starts, and one more makes all of it as it should be", async () => {
  const first = await makeTool(helloSource);
  const tree = join(first, "..");
  const paths = Array.from({ length: 16 }, (_, index) => join(tree, `tool-${index}`));
  for (const path of paths) copyFileSync(first, path);
  const start = (...words: readonly string[]) => execa(process.execPath, [main, ...words, "-q"], { reject: false });
  const wrapAs = (way: number) =>
    start(tree, "--interpreter", linker, "--append-run-path", `/opt/${"x".repeat(1 + 300 * way)}`, "--no-gc-roots");
  for (let round = 0; round < 3; round++) {
    const [one, other] = round < 2 ? [wrapAs(2 * round), wrapAs(2 * round + 1)] : [wrapAs(9), start("unwrap", tree)];
    for (const { exitCode, stderr } of [await one, await other]) {
      // One of them may see that the other is at work; it says so and what to do.
      if (exitCode !== 0) expect(stderr).toMatch(/has changed since it was read\n {2}help: run it again/);
    }
    for (const path of paths) expect((await execa(path, { reject: false })).stdout, path).toBe("hello");
    expect(await wrapAs(7)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await start("verify", tree)).toMatchObject({ exitCode: 0, stderr: "" });
  }
});

describe("the copy that takes a file's place", () => {
  const script = `
cd "$3"
truncate -s +4M tool
setfacl -m u:1234:rx,g::---,o::--- tool
setfattr -n user.origin -v here tool
setcap cap_net_raw+ep tool
touch -d 2001-02-03T04:05:06.123456789 tool
look() { getfacl -n tool; getfattr -d tool; getcap tool; stat -c "%a %U %y" tool; }
look > before
blocks=$(stat -c %b tool)
"$1" "$2" tool --interpreter ${linker} -q
look > wrapped
[ "$(stat -c %b tool)" -le "$((blocks + 16))" ]
"$1" "$2" verify tool
getfacl -n .tool.wrapbuddy > sidecar
"$1" "$2" unwrap tool -q
look > restored
diff before wrapped
diff before restored`;

  it("keeps access control lists, attributes, capabilities, times and holes, and the sidecar gets the same readers", {
    tags: ["users"],
  }, async () => {
    const path = await makeTool(helloSource);
    const directory = join(path, "..");
    const words = ["--mount", "sh", "-euc", script, "sh", process.execPath, main, directory];
    const ran = await execa("unshare", [...ownUsers(), ...words], { reject: false, all: true });
    expect([ran.exitCode, ran.all]).toEqual([0, expect.any(String)]);
    expect(readFileSync(join(directory, "before"), "utf8")).toContain("cap_net_raw");
    expect(readFileSync(join(directory, "sidecar"), "utf8")).toMatch(
      /user::r--\nuser:1234:r-x\s+#effective:r--\ngroup::---\nmask::r--\nother::---/,
    );
  });
});
