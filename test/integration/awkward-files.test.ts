// Files that are running, have several names, may not be written, or lie where there is no room.

import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, linkSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compile, helloSource } from "../support/compiled/compile.ts";
import { type Ran, runBesideStore, runInStore, type SandboxOptions, wrapBuddy } from "../support/roots/sandbox.ts";
import { addGlibc, createStore } from "../support/roots/store.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { snapshotOf } from "../support/writing/write-scenarios.ts";

const hello: Ran = { stdout: "hello\n", stderr: "", exitCode: 0 };

/** Says so when it runs, and ends when its input does. */
const waiting = {
  "waiting.c": `
#include <stdio.h>
static void at_end(void) __attribute__((destructor));
static void at_end(void) { puts("ended"); }
int main(void) { puts("running"); fflush(stdout); while (getchar() != EOF); return 0; }
`,
};

/** A tree with one program, outside any store, and a way to wrap in it. */
async function makeTree(files: { readonly [name: string]: string } = helloSource) {
  const store = createStore();
  const { interpreter } = addGlibc(store);
  const tree = join(temporaryDirectory(), "tree");
  mkdirSync(tree);
  const path = await compile(join(tree, "tool"), { files });
  chmodSync(path, 0o755);
  return {
    store,
    tree,
    path,
    wrap: (words: readonly string[], options?: SandboxOptions) =>
      wrapBuddy(store, [...words, "--interpreter", interpreter], options),
    unwrap: (words: readonly string[], options?: SandboxOptions) => wrapBuddy(store, ["unwrap", ...words], options),
    start: (name: string) => runInStore(store, [`/tree/${name}`], { binds: [[tree, "/tree"]] }),
  };
}

/** Starts the program with this machine's own linker, and waits until it says that it runs. */
async function startWaiting(
  path: string,
): Promise<{ readonly process: ChildProcess; readonly end: () => Promise<string> }> {
  const process = spawn(path, { stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  await new Promise<void>((resolve) => {
    process.stdout.on("data", (bytes: Buffer) => {
      output += bytes.toString();
      resolve();
    });
  });
  const ended = new Promise<void>((resolve) => process.on("close", () => resolve()));
  return {
    process,
    end: async () => {
      process.stdin.end();
      await ended;
      return output;
    },
  };
}

describe("an executable that is running", () => {
  it("is replaced by a copy, and the process goes on", async () => {
    const { path, wrap, start } = await makeTree(waiting);
    const running = await startWaiting(path);
    const { ino } = statSync(path);
    const ran = await wrap([path]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(statSync(path).ino).not.toBe(ino);
    expect(statSync(path).mode & 0o7777).toBe(0o755);
    expect(await running.end()).toBe("running\nended\n");
    expect(await start("tool")).toMatchObject({ stdout: "running\nended\n", exitCode: 0 });
  });

  it("is unwrapped in the same way", async () => {
    const { path, tree, unwrap, store } = await makeTree(waiting);
    const before = snapshotOf(tree);
    // Wrapped for this machine's own linker, so that it runs here.
    await wrapBuddy(store, [path, "--interpreter", "/lib64/ld-linux-x86-64.so.2"]);
    const running = await startWaiting(path);
    expect(await unwrap([path])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(snapshotOf(tree)).toEqual(before);
    expect(await running.end()).toBe("running\nended\n");
  });
});

describe("a file with several names", () => {
  it("starts by all its names in the tree; those outside do not change", async () => {
    const { tree, path, wrap, start } = await makeTree();
    mkdirSync(join(tree, "second"));
    linkSync(path, join(tree, "second/name"));
    const outside = join(temporaryDirectory(), "outside");
    linkSync(path, outside);
    const before = readFileSync(outside);
    const ran = await wrap([tree]);
    expect(ran.stdout).toContain(", as a copy: its other names, outside the given paths, stay as they are");
    expect(await start("tool")).toEqual(hello);
    expect(await start("second/name")).toEqual(hello);
    expect(readFileSync(outside).equals(before)).toBe(true);
    // Still one file, and one that costs its space once.
    expect(statSync(path).ino).toBe(statSync(join(tree, "second/name")).ino);
    expect(statSync(outside).nlink).toBe(1);
  });

  it("is still one file where all of them are given", async () => {
    const { tree, path, wrap, start } = await makeTree();
    linkSync(path, join(tree, "second"));
    expect((await wrap([tree])).stdout).not.toContain("as a copy");
    expect(statSync(path).ino).toBe(statSync(join(tree, "second")).ino);
    expect([await start("tool"), await start("second")]).toEqual([hello, hello]);
  });
});

describe("a symlink", () => {
  it("that is named leads to what is wrapped, and stays a symlink", async () => {
    const { tree, path, wrap, start } = await makeTree();
    const link = join(tree, "link");
    symlinkSync("tool", link);
    expect(await wrap([link])).toMatchObject({ exitCode: 0 });
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect([await start("link"), await start("tool")]).toEqual([hello, hello]);
    expect(lstatSync(path).isFile()).toBe(true);
  });

  it("in a tree to a file in it stays a symlink, and the file is wrapped once", async () => {
    const { tree, wrap, start } = await makeTree();
    mkdirSync(join(tree, "deeper"));
    symlinkSync("../tool", join(tree, "deeper/link"));
    symlinkSync(".", join(tree, "loop"));
    const ran = await wrap([tree]);
    expect(ran.stdout).toContain("1 wrapped");
    expect(lstatSync(join(tree, "deeper/link")).isSymbolicLink()).toBe(true);
    expect([await start("tool"), await start("deeper/link"), await start("loop/tool")]).toEqual([hello, hello, hello]);
  });

  it("in a tree to a file outside of it does not change that file", async () => {
    const { tree, wrap } = await makeTree();
    const other = await makeTree();
    symlinkSync(other.path, join(tree, "link"));
    const before = snapshotOf(other.tree);
    await wrap([tree]);
    expect(snapshotOf(other.tree)).toEqual(before);
  });
});

describe("a file that nobody may write", () => {
  it.each(["0555", "0444", "4755", "2711"])("is wrapped and keeps its mode: %s", async (octal) => {
    const mode = Number.parseInt(octal, 8);
    const { path, wrap, tree, unwrap } = await makeTree();
    chmodSync(path, mode);
    const before = snapshotOf(tree);
    const bwrap = ["--cap-drop", "CAP_DAC_OVERRIDE", "--cap-drop", "CAP_FSETID"];
    // There is a warning about the set-ID bits.
    expect(await wrap([path], { bwrap })).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining("error:") });
    expect(statSync(path).mode & 0o7777).toBe(mode);
    await unwrap([path]);
    expect(snapshotOf(tree)).toEqual(before);
  });

  it("has a sidecar that follows when it is made executable", async () => {
    const { path, tree, wrap } = await makeTree();
    chmodSync(path, 0o444);
    await wrap([path]);
    expect(statSync(join(tree, ".tool.wrapbuddy")).mode & 0o777).toBe(0o400);
    chmodSync(path, 0o755);
    await wrap([path]);
    expect(statSync(join(tree, ".tool.wrapbuddy")).mode & 0o777).toBe(0o444);
  });

  it("in a directory that nobody may write is an error, and is as it was", async () => {
    const { path, tree, wrap } = await makeTree();
    chmodSync(tree, 0o555);
    const before = snapshotOf(tree);
    const ran = await wrap([path], { bwrap: ["--cap-drop", "CAP_DAC_OVERRIDE"] });
    chmodSync(tree, 0o755);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr.replaceAll(tree, "TREE")).toMatchInlineSnapshot(`
      "wrap-buddy: error: TREE: cannot be written: permission denied (EACCES)
        help: make the file and its directory writable for this user
      "
    `);
    expect(snapshotOf(tree)).toEqual(before);
  });

  it("in a directory that nobody may write is not restored either, and the error says why", async () => {
    const { path, tree, wrap, unwrap } = await makeTree();
    const original = snapshotOf(tree);
    await wrap([path]);
    const wrapped = snapshotOf(tree);
    chmodSync(tree, 0o555);
    const ran = await unwrap([path], { bwrap: ["--cap-drop", "CAP_DAC_OVERRIDE"] });
    chmodSync(tree, 0o755);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr.replaceAll(tree, "TREE")).toMatchInlineSnapshot(`
      "wrap-buddy: error: TREE/tool: copy failed: permission denied (EACCES)
        help: make the file readable, and the directory of its copy writable, for this user
      "
    `);
    expect(snapshotOf(tree)).toEqual(wrapped);
    expect(await unwrap([path])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(snapshotOf(tree)).toEqual(original);
  });

  it("on a read-only file system is an error, and is as it was", async () => {
    const { path, tree, wrap } = await makeTree();
    const before = snapshotOf(tree);
    const ran = await wrap([path], { bwrap: ["--ro-bind", tree, tree] });
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr.replaceAll(tree, "TREE")).toMatchInlineSnapshot(`
      "wrap-buddy: error: TREE: cannot be written: read-only file system (EROFS)
        help: copy the tree to a writable place first
      "
    `);
    expect(snapshotOf(tree)).toEqual(before);
  });
});

describe("a full disk", () => {
  it("is an error, and the file is as it was; with room again a second run finishes", async () => {
    const { path, store } = await makeTree();
    const main = new URL("../../dist/cli/main.js", import.meta.url).pathname;
    const script = `
set -e
cp "$1" /full/tool
before=$(sha256sum < /full/tool)
dd if=/dev/zero of=/full/filler bs=4096 2>/dev/null || true
"$2" "$3" /full/tool --interpreter /lib64/ld-linux-x86-64.so.2 || echo "exit status $?"
[ "$before" = "$(sha256sum < /full/tool)" ] && ls -A /full
rm /full/filler
"$2" "$3" /full/tool --interpreter /lib64/ld-linux-x86-64.so.2 -q
/full/tool`;
    const ran = await runBesideStore(store, ["sh", "-c", script, "sh", path, process.execPath, main], {
      bwrap: ["--size", "65536", "--tmpfs", "/full"],
    });
    expect(ran).toMatchInlineSnapshot(`
      {
        "exitCode": 0,
        "stderr": "wrap-buddy: error: /full/.tool.wrapbuddy~: write failed: no space left on device (ENOSPC)
        help: make room on the file system, then run it again
      ",
        "stdout": "nothing written, 1 failed
      exit status 1
      filler
      tool
      hello
      ",
      }
    `);
  });
});

describe("a limit on open files", () => {
  it("is an error that says so, and no file has been changed; above it the run is done", {
    timeout: 120_000,
  }, async () => {
    const { path, tree, store, unwrap } = await makeTree();
    const before = snapshotOf(tree);
    const main = new URL("../../dist/cli/main.js", import.meta.url).pathname;
    const words = [process.execPath, main, path, "-q", "--interpreter", "/lib64/ld-linux-x86-64.so.2"];
    const said = new Set<string>();
    let isDone = false;
    for (let limit = 16; !isDone && limit <= 64; limit += 2) {
      const ran = await runBesideStore(store, ["sh", "-c", `ulimit -n ${limit} && exec "$@"`, "sh", ...words]);
      isDone = ran.exitCode === 0;
      expect(ran.stderr).not.toContain("this is a bug");
      // Below some limit Node itself does not start.
      for (const line of ran.stderr.split("\n").filter((text) => text.startsWith("wrap-buddy: error: ")))
        said.add(line);
      if (!isDone) expect(snapshotOf(tree)).toEqual(before);
    }
    expect([...said].map((line) => line.replace(tree, "TREE"))).toContain(
      "wrap-buddy: error: TREE/tool: copy failed: too many open files (EMFILE)",
    );
    expect(isDone).toBe(true);
    expect(await unwrap([path])).toMatchObject({ exitCode: 0 });
  });
});
