// Files with several names are one file in a bundle too, as directory and in an archive, whoever unpacks that.

import { copyFileSync, linkSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../support/compiled/compile.ts";
import { runBundled } from "../../support/roots/bundled-root.ts";
import { wrapBuddy } from "../../support/roots/sandbox.ts";
import { createStore, hostPath, packagePath } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const store = createStore();

function give(first: string, ...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(dirname(name), { recursive: true });
    linkSync(first, name);
  }
}

/** The tree is seen at one place, whichever it is: then compiled files can be kept. */
const seen = "/mnt";
const seeing = (tree: string) => ({ bwrap: ["--bind", tree, seen] });
const dataSize = 5_000_000;

/** Four names of a program, two of a library with a run path, and of data; one of each lies outside. */
async function makeTree(): Promise<string> {
  const tree = join(temporaryDirectory(), "tree");
  for (const name of ["bin", "lib", "share"]) mkdirSync(join(tree, name), { recursive: true });
  const library = await compile(join(tree, "lib/libsaid.so"), {
    files: { "said.c": 'const char *said(void) { return "said"; }\n' },
    flags: ["-shared", "-fPIC", "-Wl,-soname,libsaid.so", `-Wl,-rpath,${seen}/lib`],
  });
  const files = {
    "tool.c": "#include <stdio.h>\nconst char *said(void);\nint main(void) { puts(said()); return 0; }\n",
  };
  const key = "hard-links";
  await compile(join(tree, "bin/tool"), { files, libraries: [library], flags: [`-Wl,-rpath,${seen}/lib`], key });
  const outside = temporaryDirectory();
  give(
    join(tree, "bin/tool"),
    join(tree, "bin/second"),
    join(tree, "libexec/a/third"),
    join(tree, "libexec/a/fourth"),
    join(outside, "tool"),
  );
  give(library, join(tree, "libexec/a/libsaid.so"), join(outside, "libsaid.so"));
  writeFileSync(join(tree, "share/data"), Buffer.alloc(dataSize, "x"));
  give(join(tree, "share/data"), join(tree, "share", "long".repeat(30)), join(outside, "data"));
  return tree;
}

const inodeOf = (path: string): number => statSync(path).ino;

describe("a file with several names", () => {
  let tree: string;
  beforeAll(async () => {
    tree = await makeTree();
  });

  async function make(format: string): Promise<{ readonly output: string; readonly summary: string }> {
    const output = join(temporaryDirectory(), `bundle.${format}`);
    const ran = await wrapBuddy(store, ["bundle", seen, "--output", output, "--format", format], seeing(tree));
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    return { output, summary: ran.stdout.split("\n").at(-2) ?? "" };
  }

  /** What is one file, what works, and what cannot be one file. */
  async function judge(bundle: string): Promise<void> {
    const root = join(bundle, "root", seen);
    const inode = (name: string) => inodeOf(join(root, name));
    expect(inode(`share/${"long".repeat(30)}`)).toBe(inode("share/data"));
    expect(inode("bin/second")).toBe(inode("bin/tool"));
    // What it is told is relative to its directory.
    expect(inode("libexec/a/third")).not.toBe(inode("bin/tool"));
    expect(inode("libexec/a/fourth")).toBe(inode("libexec/a/third"));
    expect(readFileSync(join(root, "share/data")).length).toBe(dataSize);
    for (const name of [
      "bin/tool",
      "bin/second",
      ...["third", "fourth"].map((one) => `root${seen}/libexec/a/${one}`),
    ]) {
      const ran = await runBundled(bundle, [`/bundle/${name}`]);
      expect(ran).toEqual({ stdout: "said\n", stderr: "", exitCode: 0 });
    }
  }

  it("is one in a directory, as far as it is the same after wrapping, and counts once", async () => {
    const { output, summary } = await make("dir");
    await judge(output);
    const megabytes = Number(/, ([\d.]+) MB in /.exec(summary)?.[1]);
    expect(megabytes).toBeGreaterThan(dataSize / 1e6);
    expect(megabytes).toBeLessThan((dataSize * 2) / 1e6);
    const json = await wrapBuddy(store, ["bundle", seen, "--output", `${output}.2`, "--json"], seeing(tree));
    const files: readonly { readonly place: string; readonly sameAs?: string }[] = JSON.parse(json.stdout).files;
    expect(files.find(({ place }) => place.endsWith("/bin/tool"))).toMatchObject({
      sameAs: `root${seen}/bin/second`,
    });
  });

  it.each([
    ["GNU tar", ["tar", "-xf"]],
    ["bsdtar", ["bsdtar", "-xf"]],
    ["busybox tar", ["busybox", "tar", "-xf"]],
    ["Python", ["python3", "-m", "tarfile", "-e"]],
  ] as const)("is one in an archive, when %s has unpacked it", async (_, [command = "", ...words]) => {
    const { output } = await make("tar");
    expect(statSync(output).size).toBeLessThan(dataSize * 2);
    const place = temporaryDirectory();
    await execa(command, [...words, output], { cwd: place });
    await judge(join(place, "bundle"));
  });

  it("is as many files as it has names where tar --hard-dereference packs the directory, and all work", async () => {
    const { output } = await make("dir");
    const names = async (archive: string) =>
      (await execa("tar", ["-tvf", archive])).stdout.split("\n").filter((line) => line.startsWith("h")).length;
    const [plain, separate] = [`${output}.plain.tar`, `${output}.tar`];
    const packed = ["-C", dirname(output), "bundle.dir"];
    await execa("tar", ["-cf", plain, ...packed]);
    await execa("tar", ["--hard-dereference", "-cf", separate, ...packed]);
    expect([await names(plain), await names(separate)]).toEqual([3, 0]);
    const place = temporaryDirectory();
    await execa("tar", ["-xf", separate], { cwd: place });
    const bundle = join(place, "bundle.dir");
    for (const name of ["bin/tool", "bin/second", "libexec/a/third", "libexec/a/fourth"]) {
      expect(statSync(join(bundle, "root", seen, name)).nlink).toBe(1);
      const ran = await runBundled(bundle, [`/bundle/root${seen}/${name}`]);
      expect(ran).toEqual({ stdout: "said\n", stderr: "", exitCode: 0 });
    }
  });

  it("gives the same archive every time", async () => {
    const [one, other] = [await make("tar"), await make("tar")];
    expect(readFileSync(one.output).equals(readFileSync(other.output))).toBe(true);
  });
});

it("a library is two files where its names need different run paths", async () => {
  const top = temporaryDirectory();
  for (const name of ["a", "b/c"]) mkdirSync(join(top, name), { recursive: true });
  const library = await compile(join(top, "a/libneeded.so"), {
    files: { "needed.c": "int needed(void) { return 0; }\n" },
    flags: ["-shared", "-fPIC", "-Wl,-soname,libneeded.so"],
  });
  const needing = await compile(join(top, "a/libneeding.so"), {
    files: { "needing.c": "int needed(void);\nint needing(void) { return needed(); }\n" },
    libraries: [library],
    flags: ["-shared", "-fPIC", "-Wl,-soname,libneeding.so", `-Wl,-rpath,${seen}/a`],
    key: "hard-links",
  });
  give(needing, join(top, "b/c/libneeding.so"));
  for (const [name, from] of [
    ["first", "a"],
    ["second", "b/c"],
  ] as const) {
    await compile(join(top, name), {
      files: { "main.c": "int needing(void);\nint main(void) { return needing(); }\n" },
      libraries: [needing],
      flags: [`-Wl,-rpath,${seen}/${from}`, `-Wl,-rpath-link,${top}/a`],
      key: `hard-links ${from}`,
    });
  }
  const output = join(temporaryDirectory(), "bundle");
  const ran = await wrapBuddy(store, ["bundle", `${seen}/first`, `${seen}/second`, "--output", output], seeing(top));
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  const bytesOf = (name: string) => readFileSync(join(output, "root", seen, name), "latin1");
  expect(bytesOf("a/libneeding.so")).toContain("\0$ORIGIN\0");
  expect(bytesOf("b/c/libneeding.so")).toContain("\0$ORIGIN/../../a\0");
  for (const name of ["first", "second"]) expect(await runBundled(output, [name])).toMatchObject({ exitCode: 0 });
});

it("what the optimiser of a store has made one file is two: the bundle depends on what is in the store only", async () => {
  const archives: Buffer[] = [];
  for (const isOptimised of [false, true]) {
    const own = createStore();
    const bin = hostPath(own, `${packagePath("tool")}/bin`);
    mkdirSync(bin, { recursive: true });
    copyFileSync("/bin/busybox", join(bin, "one"));
    if (isOptimised) linkSync(join(bin, "one"), join(bin, "two"));
    else copyFileSync(join(bin, "one"), join(bin, "two"));
    const output = join(temporaryDirectory(), "bundle.tar");
    const words = ["bundle", packagePath("tool"), "--format", "tar", "--output", output];
    expect(await wrapBuddy(own, words)).toMatchObject({ exitCode: 0, stderr: "" });
    archives.push(readFileSync(output));
  }
  expect(archives[0]?.equals(archives[1] ?? Buffer.alloc(0))).toBe(true);
});
