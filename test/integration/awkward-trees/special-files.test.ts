// Files that are none, or that are not to be read, beside a program: the whole command line goes on. What is named and cannot
// be wrapped is an error.

import { chmodSync, existsSync, lstatSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SandboxOptions } from "../../support/roots/sandbox.ts";
import { type AwkwardTree, createAwkwardTree, hello } from "./awkward-tree.ts";

const servers: Server[] = [];
let tree: AwkwardTree;

beforeEach(() => {
  tree = createAwkwardTree();
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe("sparse files", () => {
  it("are wrapped without filling their holes, restored, and left alone where they are only holes", async () => {
    const before = await tree.program("tool");
    await execa("truncate", ["-s", "3G", tree.at("tool")]);
    await execa("truncate", ["-s", "9G", tree.at("holes")]);
    expect(await tree.wrap([tree.root])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await tree.start("tool")).toEqual(hello);
    expect(await tree.command(["unwrap", tree.root])).toMatchObject({ exitCode: 0, stderr: "" });
    const { size, blocks } = statSync(tree.at("tool"));
    expect([size, statSync(tree.at("holes")).size]).toEqual([3 * 2 ** 30, 9 * 2 ** 30]);
    expect(blocks * 512 + statSync(tree.at("holes")).blocks * 512).toBeLessThan(1 << 20);
    const { stdout } = await execa("head", ["-c", `${before.length}`, tree.at("tool")], { encoding: "buffer" });
    expect(Buffer.from(stdout).equals(before)).toBe(true);
  });
});

describe("FIFOs, sockets and device nodes", () => {
  /** The machine's /dev/null, as a device node in the tree. */
  const withDevice = (): SandboxOptions => ({ bwrap: ["--dev-bind", "/dev/null", tree.at("device")] });

  async function makeSpecialFiles(): Promise<void> {
    await execa("mkfifo", [tree.at("fifo")]);
    const server = createServer();
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(tree.at("socket"), resolve));
    symlinkSync("/dev/zero", tree.at("link to a device"));
  }

  it("in a tree are not opened, and the run goes on", async () => {
    await tree.program("tool");
    await makeSpecialFiles();
    expect(await tree.wrap([tree.root], withDevice())).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await tree.start("tool")).toEqual(hello);
    for (const command of ["inspect", "verify", "unwrap"]) {
      expect(await tree.command([command, tree.root], withDevice())).toMatchObject({ exitCode: 0 });
    }
    expect(lstatSync(tree.at("fifo")).isFIFO()).toBe(true);
    expect(lstatSync(tree.at("socket")).isSocket()).toBe(true);
  });

  it("that are named are errors, and every command says what they are", async () => {
    await makeSpecialFiles();
    writeFileSync(tree.at("empty"), "");
    writeFileSync(tree.at("script"), "#!/bin/sh\n");
    writeFileSync(tree.at("text"), "text\n");
    const names = ["fifo", "socket", "device", "link to a device", "empty", "script", "text"];
    const paths = names.map((name) => tree.at(name));
    const ran = await tree.wrap(paths, withDevice());
    expect(ran.exitCode).toBe(1);
    for (const command of ["inspect", "verify", "unwrap"]) {
      const other = await tree.command([command, ...paths], withDevice());
      expect([other.exitCode, other.stderr]).toEqual([1, ran.stderr]);
    }
    expect(tree.shown(ran.stderr)).toMatchInlineSnapshot(`
      "wrap-buddy: error: TREE/fifo: not an ELF file: it is a FIFO
      wrap-buddy: error: TREE/socket: not an ELF file: it is a socket
      wrap-buddy: error: TREE/device: not an ELF file: it is a character device
      wrap-buddy: error: /dev/zero: not an ELF file: it is a character device
        help: name the executable itself; what only a FIFO gives has to be written to a file first
      wrap-buddy: error: TREE/empty: not an ELF file: it is empty
        help: fetch or build it again: what was to write it has written nothing
      wrap-buddy: error: TREE/script: not an ELF file: it is a script for /bin/sh
      wrap-buddy: error: TREE/text: not an ELF file
        help: name the executable for Linux itself, not a script that starts it or an archive that it is in
      "
    `);
  });
});

describe("directories and files that the user may not read", () => {
  const asNobody: SandboxOptions = {
    bwrap: ["--unshare-user", "--uid", "65534", "--gid", "65534", "--cap-drop", "ALL"],
  };

  async function makeClosed(): Promise<void> {
    await tree.program("tool");
    await tree.program("secret");
    mkdirSync(tree.at("closed"));
    await tree.program("closed/tool");
    for (const name of ["closed", "secret"]) chmodSync(tree.at(name), 0);
  }
  afterEach(() => {
    if (existsSync(tree.at("closed"))) chmodSync(tree.at("closed"), 0o755);
  });

  it("in a tree are skipped, and the rest is wrapped", async () => {
    await makeClosed();
    expect(await tree.wrapAndExplain(asNobody)).toEqual({ closed: "unreadable", secret: "unreadable" });
    expect(await tree.start("tool")).toEqual(hello);
    expect(await tree.command(["unwrap", tree.root], asNobody)).toMatchObject({ exitCode: 0 });
    expect(existsSync(tree.at(".tool.wrapbuddy"))).toBe(false);
  });

  it("in a tree are said, and fail a verification, which is about all of it", async () => {
    await makeClosed();
    const wrapped = await tree.wrap([tree.root, "-q"], asNobody);
    expect([wrapped.exitCode, tree.shown(wrapped.stderr)]).toMatchInlineSnapshot(`
      [
        0,
        "wrap-buddy: warning: TREE/closed: nothing in it was looked at: permission denied (EACCES)
      wrap-buddy: warning: TREE/secret: not looked at: permission denied (EACCES)
        help: make it readable, or leave it out with --exclude
      ",
      ]
    `);
    const verified = await tree.command(["verify", tree.root], asNobody);
    expect([verified.exitCode, tree.shown(verified.stderr)]).toEqual([
      1,
      wrapped.stderr.replaceAll("warning:", "error:").replaceAll(tree.root, "TREE"),
    ]);
    const unwrapped = await tree.command(["unwrap", tree.root], asNobody);
    expect([unwrapped.exitCode, unwrapped.stderr]).toEqual([0, wrapped.stderr]);
  });

  it("that are named are errors, and nothing is written", async () => {
    await makeClosed();
    const paths = ["closed", "closed/tool", "secret", "tool"].map((name) => tree.at(name));
    const ran = await tree.wrap(paths, asNobody);
    expect(ran.exitCode).toBe(1);
    expect(tree.shown(ran.stderr)).toMatchInlineSnapshot(`
      "wrap-buddy: error: TREE/closed/tool: cannot be read: permission denied (EACCES)
      wrap-buddy: error: TREE/closed: cannot be read: permission denied (EACCES)
      wrap-buddy: error: TREE/secret: cannot be read: permission denied (EACCES)
        help: make it readable, or leave it out with --exclude
      "
    `);
    expect(existsSync(tree.at(".tool.wrapbuddy"))).toBe(false);
    for (const command of ["inspect", "verify", "unwrap"]) {
      const other = await tree.command([command, ...paths.slice(0, 3)], asNobody);
      expect([other.exitCode, other.stderr]).toEqual([1, ran.stderr]);
    }
  });
});

describe("symbolic links in a loop", () => {
  beforeEach(() => {
    symlinkSync("other", tree.at("one"));
    symlinkSync("one", tree.at("other"));
    symlinkSync("self", tree.at("self"));
    mkdirSync(tree.at("deep"));
    symlinkSync("..", tree.at("deep/up"));
  });

  it("in a tree are left alone", async () => {
    await tree.program("tool");
    const ran = await tree.wrap([tree.root]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(ran.stdout).toContain("1 wrapped");
    expect(await tree.start("deep/up/tool")).toEqual(hello);
    expect(lstatSync(tree.at("self")).isSymbolicLink()).toBe(true);
  });

  it("that are named are errors, for every command the same", async () => {
    const paths = ["one", "self", "one/tool"].map((name) => tree.at(name));
    const ran = await tree.wrap(paths);
    expect(ran.exitCode).toBe(1);
    for (const command of ["inspect", "verify", "unwrap"]) {
      const other = await tree.command([command, ...paths]);
      expect([other.exitCode, other.stderr]).toEqual([1, ran.stderr]);
    }
    expect(tree.shown(ran.stderr)).toMatchInlineSnapshot(`
      "wrap-buddy: error: TREE/one: cannot be read: too many symbolic links encountered (ELOOP)
      wrap-buddy: error: TREE/self: cannot be read: too many symbolic links encountered (ELOOP)
      wrap-buddy: error: TREE/one/tool: cannot be read: too many symbolic links encountered (ELOOP)
        help: follow its symbolic links (readlink), and mend the one that leads back, or name what they were to lead to
      "
    `);
  });
});
