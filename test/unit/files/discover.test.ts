import { Buffer } from "node:buffer";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemPath } from "../../../src/base/path.ts";
import { discover } from "../../../src/files/discover.ts";
import type { DiscoverOptions, Discovery } from "../../../src/files/discovery.ts";
import { buildElf } from "../../support/elf/elf-builder.ts";

const elf = buildElf().bytes;
let top = "";

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "wrap-buddy-discover-")));
});

afterEach(() => {
  // rm, because Node's own removal overflows its call stack on the deepest tree below.
  expect(spawnSync("rm", ["-rf", top]).status).toBe(0);
});

/** Writes a file below the scratch directory, with the directories above it. */
function write(path: string, bytes: Uint8Array | string = elf): string {
  const absolute = join(top, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, bytes);
  return absolute;
}

function find(paths: readonly string[], options: Partial<DiscoverOptions> = {}): Discovery {
  return discover(
    paths.map((path) => (path.startsWith("/") ? path : join(top, path))),
    { recurse: true, exclude: [], ...options },
  );
}

/** Paths without the scratch directory. */
function below(path: string): string {
  return path.startsWith(`${top}/`) ? path.slice(top.length + 1) : path;
}

function candidatePaths(discovery: Discovery): readonly string[] {
  return discovery.candidates.map(({ path }) => below(path));
}

function skippedPaths({ skipped }: Discovery): readonly string[] {
  return skipped.map(({ path, reason }) => `${below(path)}: ${reason}`);
}

describe("a directory", () => {
  test("gives its ELF files, and says of every other file why it is none", () => {
    write("tree/bin/tool");
    write("tree/README", "read me");
    write("tree/empty", "");
    write("tree/short", elf.subarray(0, 5));
    const found = find(["tree"]);
    expect(candidatePaths(found)).toEqual(["tree/bin/tool", "tree/short"]);
    expect(skippedPaths(found)).toEqual(["tree/README: not-elf", "tree/empty: empty"]);
    expect(found.issues).toEqual([]);
  });

  test("gives of each file what the next steps need", () => {
    const path = write("tree/bin/tool");
    chmodSync(path, 0o555);
    expect(find(["tree"]).candidates).toEqual([
      {
        path,
        identity: `${statSync(path).dev}:${statSync(path).ino}`,
        names: [path],
        root: join(top, "tree"),
        relativePath: "bin/tool",
        isNamed: false,
        head: elf.subarray(0, 64),
        size: elf.length,
        mode: 0o555,
        linkCount: 1,
      },
    ]);
  });

  test("gives a file shorter than a file header with all its bytes", () => {
    write("tree/short", elf.subarray(0, 5));
    const [short] = find(["tree"]).candidates;
    expect(short?.head).toEqual(elf.subarray(0, 5));
    expect(short?.size).toBe(5);
  });

  test("is walked in the order of its names' bytes, whatever the file system's order is", () => {
    const names = ["b", "a", "a.b", "a-b", "B", "Z", "é", "\uffee", "😀", "z", "10", "9"];
    for (const name of names) write(`tree/${name}`);
    write("tree/a-dir/x");
    const byBytes = [...names, "a-dir/x"].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
    expect(candidatePaths(find(["tree"]))).toEqual(byBytes.map((name) => `tree/${name}`));
  });

  test("is not entered deeper than its own files where that is asked for", () => {
    write("tree/tool");
    write("tree/deep/tool");
    expect(candidatePaths(find(["tree"], { recurse: false }))).toEqual(["tree/tool"]);
  });

  test("may be nested as deep as a path can be long", () => {
    // As deep as a path may be long.
    const deep = "d/".repeat(Math.floor((4000 - top.length) / 2));
    mkdirSync(join(top, "tree", deep), { recursive: true });
    write(`tree/${deep}tool`);
    expect(candidatePaths(find(["tree"]))).toEqual([`tree/${deep}tool`]);
  });

  test("has file names with spaces, newlines and control characters", () => {
    const names = ["with\nnewline", "with space", "\u001b[31m", "-rf", "*"];
    for (const name of names) write(`tree/${name}`);
    expect(new Set(candidatePaths(find(["tree"])))).toEqual(new Set(names.map((name) => `tree/${name}`)));
  });

  test("has file names that are not UTF-8, which keep their bytes", () => {
    mkdirSync(join(top, "tree"));
    const directory = Buffer.concat([Buffer.from(`${top}/tree/`), Buffer.of(0xfe, 0x2f)]);
    mkdirSync(directory);
    const bytes = Buffer.concat([directory, Buffer.from("na"), Buffer.of(0xff), Buffer.from("me")]);
    writeFileSync(bytes, elf);
    const [candidate] = find(["tree"]).candidates;
    expect(below(candidate?.path ?? "")).toBe("tree/\udcfe/na\udcffme");
    expect(Buffer.compare(Buffer.from(systemPath(candidate?.path ?? "")), bytes)).toBe(0);
  });

  test("has sidecars, which are nobody's executables", () => {
    const sidecar = write("tree/.tool.wrapbuddy");
    write("tree/.wrapbuddy");
    const found = find(["tree"]);
    expect(candidatePaths(found)).toEqual(["tree/.wrapbuddy"]);
    expect(found.sidecars).toEqual([sidecar]);
    expect(found.skipped).toEqual([]);
  });

  test("has sidecars, which nobody means who names them: they are skipped where their executable is not found", () => {
    const [tool, sidecar, lone] = ["tool", ".tool.wrapbuddy", ".gone.wrapbuddy"].map((name) => write(`tree/${name}`));
    expect(find([sidecar ?? "", tool ?? ""]).skipped).toEqual([]);
    expect(find(["tree", sidecar ?? ""]).skipped).toEqual([]);
    const named = find([sidecar ?? "", lone ?? ""]);
    expect(named.skipped).toEqual([sidecar, lone].map((path) => ({ path, reason: "not-elf", isNamed: true })));
    expect(named.sidecars).toEqual([sidecar, lone]);
  });

  test("has temporary files of a stopped run, which are not wrapped", () => {
    const leftovers = ["+", "-", "~"].map((suffix) => write(`tree/.tool.wrapbuddy${suffix}`));
    write("tree/tool~");
    const found = find(["tree"]);
    expect(found.leftovers).toEqual(leftovers);
    expect(candidatePaths(found)).toEqual(["tree/tool~"]);
  });
});

describe("symlinks in a tree", () => {
  test("to a file outside are not followed: it must not be changed", () => {
    write("outside/tool");
    mkdirSync(join(top, "tree"));
    symlinkSync("../outside/tool", join(top, "tree/link"));
    symlinkSync("../outside", join(top, "tree/directory-link"));
    expect(find(["tree"])).toMatchObject({ candidates: [], skipped: [], issues: [] });
  });

  test("to a file inside add nothing: it is found by itself", () => {
    write("tree/bin/tool");
    symlinkSync("bin/tool", join(top, "tree/link"));
    expect(candidatePaths(find(["tree"]))).toEqual(["tree/bin/tool"]);
  });

  test("in a loop, or to nothing, do no harm", () => {
    write("tree/tool");
    symlinkSync(".", join(top, "tree/self"));
    symlinkSync("b", join(top, "tree/a"));
    symlinkSync("a", join(top, "tree/b"));
    symlinkSync("nowhere", join(top, "tree/dangling"));
    expect(find(["tree"])).toMatchObject({ candidates: [{ relativePath: "tool" }], skipped: [], issues: [] });
  });
});

describe("a path of the request", () => {
  test("that is a symlink to a file is followed to the file's own name", () => {
    const path = write("real/tool-1.2");
    symlinkSync("real/tool-1.2", join(top, "link"));
    expect(find(["link"]).candidates).toMatchObject([
      { path, names: [path], root: join(top, "link"), relativePath: "", isNamed: true },
    ]);
  });

  test("that is a symlink to a directory is followed", () => {
    const path = write("real/bin/tool");
    symlinkSync("real", join(top, "link"));
    expect(find(["link"]).candidates).toMatchObject([{ path, root: join(top, "link"), relativePath: "bin/tool" }]);
  });

  test.each([
    ["does not exist", "nothing"],
    ["leads through a file", "file/nothing"],
    ["is a symlink to nothing", "dangling"],
  ])("that %s is an issue, never nothing to do", (_, path) => {
    write("file");
    symlinkSync("nowhere", join(top, "dangling"));
    expect(find([path])).toMatchObject({
      candidates: [],
      skipped: [],
      issues: [{ kind: "no-such-path", path: join(top, path) }],
    });
  });

  test("that is a loop of symlinks is an issue with the system's reason", () => {
    symlinkSync("loop", join(top, "loop"));
    expect(find(["loop"]).issues).toEqual([{ kind: "cannot-read", path: join(top, "loop"), code: "ELOOP" }]);
  });

  test("that is no ELF file is skipped, and known as named", () => {
    write("script", "#!/bin/sh\n");
    expect(find(["script"]).skipped).toEqual([{ path: join(top, "script"), reason: "not-elf", isNamed: true }]);
  });

  test("that is a device is skipped, and known as named", () => {
    expect(find(["/dev/null"]).skipped).toEqual([{ path: "/dev/null", reason: "special-file", isNamed: true }]);
  });

  test("does not stop the others when something is wrong with it", () => {
    write("tree/tool");
    expect(candidatePaths(find(["nothing", "tree"]))).toEqual(["tree/tool"]);
  });

  test("keeps its place in the order", () => {
    write("a/tool");
    write("b/tool");
    expect(candidatePaths(find(["b", "a"]))).toEqual(["b/tool", "a/tool"]);
  });

  test("given twice, or inside another one, gives each file once", () => {
    write("tree/bin/tool");
    write("tree/bin/script", "#!/bin/sh\n");
    const found = find(["tree", "tree", "tree/bin", "tree/bin/tool", "tree/bin/script", "tree/bin/script"]);
    expect(found.candidates).toMatchObject([{ path: join(top, "tree/bin/tool"), isNamed: true }]);
    expect(found.skipped).toEqual([{ path: join(top, "tree/bin/script"), reason: "not-elf", isNamed: true }]);
  });
});

describe("hard links", () => {
  test("in the trees are one candidate with several names", () => {
    const first = write("tree/a/one");
    const second = join(top, "tree/two");
    linkSync(first, second);
    expect(find(["tree"]).candidates).toMatchObject([{ path: first, names: [first, second], linkCount: 2 }]);
  });

  test("outside the trees show in the link count", () => {
    const path = write("tree/tool");
    linkSync(path, join(top, "cache"));
    expect(find(["tree"]).candidates).toMatchObject([{ names: [path], linkCount: 2 }]);
  });

  test("make a candidate named when any of its names is named", () => {
    const first = write("tree/one");
    linkSync(first, join(top, "tree/two"));
    expect(find(["tree", "tree/two"]).candidates).toMatchObject([{ path: first, isNamed: true }]);
  });
});

describe("what is not a file", () => {
  test("a FIFO is skipped, and nobody waits for a writer", () => {
    mkdirSync(join(top, "tree"));
    expect(spawnSync("mkfifo", [join(top, "tree/fifo")]).status).toBe(0);
    expect(skippedPaths(find(["tree"]))).toEqual(["tree/fifo: special-file"]);
    expect(skippedPaths(find(["tree/fifo"]))).toEqual(["tree/fifo: special-file"]);
  });

  test("a socket is skipped", async () => {
    mkdirSync(join(top, "tree"));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(top, "tree/socket"), resolve));
    expect(skippedPaths(find(["tree"]))).toEqual(["tree/socket: special-file"]);
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("exclude patterns", () => {
  beforeEach(() => {
    write("tree/bin/tool");
    write("tree/bin/tool.dbg");
    write("tree/lib/testdata/elf");
    write("tree/lib/tool");
  });

  test.each([
    ["the base name", "*.dbg", "tree/bin/tool.dbg: excluded"],
    ["the path below the root", "lib/t??l", "tree/lib/tool: excluded"],
    ["a directory, with all that is in it", "testdata", "tree/lib/testdata: excluded"],
    ["a directory, by the path below the root", "**/testdata", "tree/lib/testdata: excluded"],
  ])("fit %s", (_, pattern, expected) => {
    const found = find(["tree"], { exclude: [pattern] });
    expect(skippedPaths(found)).toEqual([expected]);
    expect(found.candidates).toHaveLength(3);
  });

  test("fit the absolute path", () => {
    const found = find(["tree"], { exclude: [`${top}/tree/lib/*`, "nothing"] });
    expect(candidatePaths(found)).toEqual(["tree/bin/tool", "tree/bin/tool.dbg"]);
  });

  test("fit the path as it was given, through a symlink", () => {
    symlinkSync("tree", join(top, "link"));
    const found = find(["link"], { exclude: [`${top}/link/lib`] });
    expect(candidatePaths(found)).toEqual(["tree/bin/tool", "tree/bin/tool.dbg"]);
  });

  test("fit a file that is named", () => {
    const found = find(["tree/bin/tool"], { exclude: ["tool"] });
    expect(found.skipped).toEqual([{ path: join(top, "tree/bin/tool"), reason: "excluded", isNamed: true }]);
  });
});
