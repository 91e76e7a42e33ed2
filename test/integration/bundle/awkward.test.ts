// What a user may give that is no program, or cannot be made into a bundle: each ends in a bundle that works or in a message
// that says what to do, and leaves nothing.

import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeBundle, runBundled } from "../../support/roots/bundled-root.ts";
import { type Ran, type SandboxOptions, wrapBuddy } from "../../support/roots/sandbox.ts";
import { createStore } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const store = createStore();

/** Bundles in a directory that nothing is left in; names are relative to it. */
async function bundleIn(directory: string, words: readonly string[], options: SandboxOptions = {}): Promise<Ran> {
  const bwrap = ["--chdir", directory, ...(options.bwrap ?? [])];
  return wrapBuddy(store, ["bundle", ...words], { ...options, bwrap });
}

/** The messages of a run that makes nothing. */
async function refusal(directory: string, words: readonly string[], options?: SandboxOptions): Promise<string> {
  const before = readdirSync(directory);
  const { stderr, stdout, exitCode } = await bundleIn(directory, [...words, "--output", "out"], options);
  expect([exitCode, stdout]).toEqual([1, "nothing bundled\n"]);
  expect(readdirSync(directory)).toEqual(before);
  return stderr;
}

function script(path: string, text: string, mode = 0o755): string {
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe("what nobody can start is refused:", () => {
  it("what is not there, data, half a file, a pipe, a device, an object", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "data"), "x\n");
    writeFileSync(join(directory, "half"), execFileSync("head", ["-c", "3000", "/usr/bin/jq"]));
    execFileSync("mkfifo", [join(directory, "pipe")]);
    copyFileSync("/usr/lib/x86_64-linux-gnu/crt1.o", join(directory, "object.o"));
    const given = ["nowhere", "data", "half", "pipe", "/dev/null", "object.o"];
    expect(await refusal(directory, given)).toMatchInlineSnapshot(`
      "wrap-buddy: error: ./data: neither an ELF file nor a script with #!
      wrap-buddy: error: ./object.o: cannot be started by anybody: object file
        help: give the directory that it belongs to: it is taken with all that is in it
      wrap-buddy: error: ./half: cannot be started by anybody: damaged
        help: fetch it again if it was cut short
      wrap-buddy: error: ./nowhere: no such file or directory
        help: check its spelling
      wrap-buddy: error: ./pipe: not an ELF file: it is a FIFO
      wrap-buddy: error: /dev/null: not an ELF file: it is a character device
        help: name the executable itself; what only a FIFO gives has to be written to a file first
      "
    `);
  });

  it("directories and libraries without a program", async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "share"));
    copyFileSync("/lib/x86_64-linux-gnu/libz.so.1", join(directory, "libz.so.1"));
    expect(await refusal(directory, ["share"])).toMatchInlineSnapshot(`
      "wrap-buddy: error: ./share: has no program: no executable file in bin, nor beside it
        help: name the program too
      "
    `);
    expect(await refusal(directory, ["share", "libz.so.1"])).toContain("./share: and 1 other path have no program");
  });

  it("two programs of one name", async () => {
    const directory = temporaryDirectory();
    for (const name of ["a", "b"]) {
      mkdirSync(join(directory, name));
      copyFileSync(name === "a" ? "/usr/bin/jq" : "/usr/bin/bash", join(directory, name, "tool"));
    }
    expect(await refusal(directory, ["a/tool", "b/tool"])).toMatchInlineSnapshot(`
      "wrap-buddy: error: ./b/tool: bin/tool is ./a/tool already
        help: make two bundles, or give it through a link of another name
      "
    `);
  });
});

describe("where nothing can be made nothing is left:", () => {
  it("what is there already, empty or not", async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "out"));
    expect(await refusal(directory, ["/usr/bin/jq"])).toMatchInlineSnapshot(`
      "wrap-buddy: error: ./out: is there already, and a bundle replaces nothing
        help: remove it, or name another --output
      "
    `);
  });

  it("no directory for it, a file system without room, a read-only one", async () => {
    const directory = temporaryDirectory();
    const bundle = (output: string, bwrap: readonly string[] = []) =>
      bundleIn(directory, ["/usr/bin/jq", "--output", output], { bwrap });
    const small = ["--size", "1000000", "--tmpfs", "/mnt"];
    const readOnly = ["--ro-bind", directory, "/mnt"];
    const ran = [await bundle("a/b"), await bundle("/mnt/b", small), await bundle("/mnt/b", readOnly)];
    expect(ran.map(({ exitCode }) => exitCode)).toEqual([1, 1, 1]);
    expect(ran.map(({ stderr }) => stderr).join("")).toMatchInlineSnapshot(`
      "wrap-buddy: error: ./a/b: cannot be made: no such file or directory (ENOENT)
        help: make the directory that it is to lie in, or name another --output
      wrap-buddy: error: /mnt/b: cannot be made: no space left on device (ENOSPC)
        help: name an --output in a directory that has room and that this user may write to
      wrap-buddy: error: /mnt/b: cannot be made: read-only file system (EROFS)
        help: name an --output in a directory that has room and that this user may write to
      "
    `);
    expect(readdirSync(directory)).toEqual([]);
  });

  it("a run that is stopped, of which the next one tells what it has left", { tags: ["trace"] }, async () => {
    const directory = temporaryDirectory();
    const stopped = await bundleIn(directory, [
      ...["/usr/bin/jq", "--output", "out", "--trace-run"],
      'kill -INT $(cut -d " " -f 4 /proc/$PPID/stat)',
    ]);
    expect(stopped.exitCode).toBe(130);
    expect(existsSync(join(directory, "out"))).toBe(false);
    const next = await bundleIn(directory, ["/usr/bin/jq", "--output", "out"]);
    expect(next.exitCode).toBe(0);
    expect(next.stderr.replace(/-\w{6}:/, "-…:")).toMatchInlineSnapshot(`
      "wrap-buddy: warning: ./.out.wrapbuddy-…: left by a run that was stopped, or of one that is under way
        help: remove it if none is
      "
    `);
    expect(existsSync(join(directory, "out/bin/jq"))).toBe(true);
  });

  it("no room for the copy of a traced run", async () => {
    const directory = temporaryDirectory();
    const small = { environment: { TMPDIR: "/mnt" }, bwrap: ["--size", "1000000", "--tmpfs", "/mnt"] };
    expect(await refusal(directory, ["/usr/bin/jq", "--trace-run", "jq"], small)).toMatchInlineSnapshot(`
      "wrap-buddy: error: the traced run of jq failed: /mnt: no space left on device (ENOSPC)
        help: its own messages stand above; strace has to be on PATH, and a copy of the bundle to have room in $TMPDIR
      "
    `);
  });

  it("without strace and without zstd", async () => {
    const directory = temporaryDirectory();
    const without = { environment: { PATH: "/nowhere" } };
    expect(await refusal(directory, ["/usr/bin/jq", "--trace-run", "jq"], without)).toMatchInlineSnapshot(`
      "wrap-buddy: error: the traced run of jq failed: strace is not on PATH
        help: its own messages stand above; strace has to be on PATH, and a copy of the bundle to have room in $TMPDIR
      "
    `);
    expect(await refusal(directory, ["/usr/bin/jq", "--format", "tar.zst"], without)).toMatchInlineSnapshot(`
      "wrap-buddy: error: ./out: could not be made: zstd is not on PATH
        help: zstd has to be on PATH, or use --format tar
      "
    `);
  });
});

describe("what can be started is bundled:", () => {
  it("scripts of a shell behind a linked directory, of a static shell, and of env", async () => {
    const directory = temporaryDirectory();
    const at = (name: string) => join(directory, name);
    script(at("plain"), '#!/bin/sh\necho plain "$@"\n');
    script(at("static"), '#!/bin/busybox sh\necho static "$@"\n');
    script(at("env"), '#!/usr/bin/env -S bash -e\necho env "$@"\n');
    const words = ["plain", "static", "env"].map(at);
    const bundle = await makeBundle([...words, "/usr/bin/bash"]);
    for (const name of ["plain", "static", "env"]) {
      expect(await runBundled(bundle, [name, "x"])).toEqual({ stdout: `${name} x\n`, stderr: "", exitCode: 0 });
    }
  });

  it("links, hard links, a file without execute bits, names with every byte", { tags: ["trace"] }, async () => {
    const directory = temporaryDirectory();
    copyFileSync("/bin/busybox", join(directory, "echo"));
    execFileSync("ln", [join(directory, "echo"), join(directory, "true")]);
    symlinkSync("/usr/bin/jq", join(directory, "link"));
    copyFileSync("/usr/bin/jq", join(directory, "plain"));
    chmodSync(join(directory, "plain"), 0o644);
    const odd = Buffer.concat([Buffer.from(`${directory}/a b\n`), Buffer.from([0xe4])]);
    copyFileSync("/usr/bin/jq", odd);
    chmodSync(odd, 0o755);
    const names = ["echo", "true", "link", "plain"].map((name) => join(directory, name));
    const bundle = await makeBundle([directory, ...names, "--trace-run", "true"], store);
    expect(await runBundled(bundle, ["echo", "x"])).toMatchObject({ stdout: "x\n", exitCode: 0 });
    expect(await runBundled(bundle, ["true", "x"])).toMatchObject({ stdout: "", exitCode: 0 });
    for (const name of ["link", "plain"]) {
      expect(await runBundled(bundle, [name, "-n", "1"])).toMatchObject({ stdout: "1\n", exitCode: 0 });
    }
    expect(readdirSync(join(bundle, "root", directory), "latin1").filter((name) => !name.startsWith("."))).toEqual(
      ["a b\n\xe4", ...["echo", "link", "plain", "true"]].toSorted(),
    );
  });

  it("a link from a directory to one that is given after it", async () => {
    const directory = temporaryDirectory();
    for (const name of ["first", "second/deep"]) mkdirSync(join(directory, name), { recursive: true });
    script(join(directory, "first/tool"), '#!/bin/busybox sh\nread -r line < "${0%/*}/link/data"\necho "$line"\n');
    writeFileSync(join(directory, "second/deep/data"), "there\n");
    symlinkSync(join(directory, "second/deep"), join(directory, "first/link"));
    const words = ["first", "second", "--output", "out"];
    expect(await bundleIn(directory, words)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await runBundled(join(directory, "out"), ["tool"])).toMatchObject({ stdout: "there\n" });
    expect((await bundleIn(directory, ["first", "--output", "other"])).stderr).toContain("which is not given");
  });

  it("a program with set-ID bits, without them and with a warning", async () => {
    const directory = temporaryDirectory();
    copyFileSync("/usr/bin/jq", join(directory, "tool"));
    chmodSync(join(directory, "tool"), 0o4755);
    const ran = await bundleIn(directory, ["tool", "--output", "out"]);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toMatchInlineSnapshot(`
      "wrap-buddy: warning: ./tool: has set-ID bits, which its copy has not: it runs with the rights of whoever starts it
        help: install a program that needs them: a bundle belongs to whoever unpacks it
      "
    `);
  });
});
