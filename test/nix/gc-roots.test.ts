// What wrapped files refer to, and Nix's own garbage collector, in a store that it looks after.

import { existsSync, mkdirSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { compile, helloSource } from "../support/compiled/compile.ts";
import { type Ran, runBesideStore, runInStore, wrapBuddy } from "../support/roots/sandbox.ts";
import { addGlibc, hostPath, type Store } from "../support/roots/store.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const hello = { stdout: "hello\n", stderr: "", exitCode: 0 };
const root = temporaryDirectory();
const store: Store = { directory: join(root, "nix/store") };
const variables = { NIX_CONFIG: "build-users-group =\nsubstitute = false", HOME: root };
/** Nix's state beside its store, as on a machine that has Nix. */
const sandbox = { environment: variables, bwrap: ["--bind", join(root, "nix/var"), "/nix/var"], seconds: 60 };

/** glibc as a package of the store that Nix knows. */
async function addLinker(name: string): Promise<string> {
  const made: Store = { directory: join(temporaryDirectory(), "store") };
  mkdirSync(made.directory);
  const { directory } = addGlibc(made);
  const from = join(temporaryDirectory(), name);
  mkdirSync(from);
  await execa("cp", ["-a", hostPath(made, directory), join(from, "lib")]);
  const { stdout } = await execa("nix-store", ["--store", root, "--add", from], { env: variables });
  return `${stdout}/lib/ld-linux-x86-64.so.2`;
}

/** A directory with a program in it: of its own in a directory of its own. */
async function makeTree(): Promise<string> {
  const tree = join(temporaryDirectory(), "tree");
  mkdirSync(tree);
  await compile(join(tree, "program"), { files: helloSource });
  return tree;
}

const wrap = (tree: string, linker: string, ...words: readonly string[]): Promise<Ran> =>
  wrapBuddy(store, [tree, "--interpreter", linker, ...words], sandbox);
const inNix = (command: string): Promise<Ran> => runBesideStore(store, ["sh", "-ec", command], sandbox);
const start = (tree: string): Promise<Ran> => runInStore(store, ["/tree/program"], { binds: [[tree, "/tree"]] });
const rootsOf = (tree: string): string => join(tree, "../.wrap-buddy/tree");
const packageOf = (linker: string): string => linker.replace(/\/lib\/[^/]*$/, "");

let kept: string;
let tree: string;
let said: Ran;
beforeAll(async () => {
  kept = await addLinker("kept");
  tree = await makeTree();
  said = await wrap(tree, kept);
});

describe("a tree outside the store, where Nix is", () => {
  test("has a root beside it for every store path that its files refer to, and the report says so", () => {
    expect(said).toMatchObject({ exitCode: 0, stderr: "" });
    expect(said.stdout).toContain(`\nkept 1 store path from the garbage collector: ${rootsOf(tree)}\n1 wrapped\n`);
    expect(readdirSync(rootsOf(tree))).toEqual([basename(packageOf(kept))]);
    expect(readlinkSync(join(rootsOf(tree), basename(packageOf(kept))))).toBe(packageOf(kept));
  });

  test("starts after the garbage collector has run, and one without roots does not", async () => {
    const lost = await addLinker("lost");
    const without = await makeTree();
    expect(await wrap(without, lost, "--no-gc-roots")).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await start(without)).toEqual(hello);
    expect((await inNix("nix-store --gc --print-roots")).stdout).toContain(`${rootsOf(tree)}/`);
    expect((await inNix("nix-store --gc")).exitCode).toBe(0);
    expect([lost, kept].map((path) => existsSync(hostPath(store, path)))).toEqual([false, true]);
    expect(await start(tree)).toEqual(hello);
    expect((await start(without)).exitCode).toBe(127);
  });

  test("has them as they were after a second run, which starts no Nix", async () => {
    // In this $PATH there is none.
    const environment = { ...variables, PATH: "/nonexistent" };
    const again = await wrapBuddy(store, [tree, "--interpreter", kept], { ...sandbox, environment });
    expect(again).toEqual({ exitCode: 0, stdout: "1 already wrapped\n", stderr: "" });
  });

  test("has those of another dynamic linker instead when it is wrapped with that", async () => {
    const [one, two] = [await addLinker("one"), await addLinker("two")];
    const changed = await makeTree();
    await wrap(changed, one);
    await wrap(changed, two);
    expect(readdirSync(rootsOf(changed))).toEqual([basename(packageOf(two))]);
  });

  test("verify says when one is gone, and wrapping again makes it", async () => {
    expect(await wrapBuddy(store, ["verify", tree], sandbox)).toMatchObject({ exitCode: 0, stderr: "" });
    rmSync(join(rootsOf(tree), basename(packageOf(kept))));
    const verified = await wrapBuddy(store, ["verify", tree], sandbox);
    expect(verified.exitCode).toBe(0);
    expect(verified.stderr).toContain(
      `wrap-buddy: warning: ${tree}: nothing keeps ${packageOf(kept)} from the garbage collector any more: `,
    );
    expect((await wrap(tree, kept)).stdout).toContain("kept 1 store path");
    expect(await wrapBuddy(store, ["verify", tree], sandbox)).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("that has been moved with its roots has none that count, which verify says", async () => {
    const moved = join(temporaryDirectory(), "moved");
    await execa("cp", ["-a", join(tree, ".."), moved]);
    const verified = await wrapBuddy(store, ["verify", join(moved, "tree")], sandbox);
    expect(verified.stderr).toContain("from the garbage collector any more");
  });

  test("unwrapped has none any more, nor the directory for them", async () => {
    const other = await makeTree();
    await wrap(other, kept);
    const unwrapped = await wrapBuddy(store, ["unwrap", other], sandbox);
    expect(unwrapped).toMatchObject({ exitCode: 0, stderr: "" });
    expect(unwrapped.stdout).toContain(`removed ${rootsOf(other)}, the garbage collector's roots\n1 restored\n`);
    expect(readdirSync(join(other, ".."))).toEqual(["tree"]);
  });
});

test("--gc-roots=DIR has them in that directory, for unwrap too", async () => {
  const other = await makeTree();
  const directory = temporaryDirectory();
  expect(await wrap(other, kept, `--gc-roots=${directory}`)).toMatchObject({ exitCode: 0, stderr: "" });
  expect(existsSync(rootsOf(other))).toBe(false);
  const [name = ""] = readdirSync(directory);
  expect(readdirSync(join(directory, name))).toEqual([basename(packageOf(kept))]);
  await wrapBuddy(store, ["unwrap", other, "--gc-roots", directory], sandbox);
  expect(readdirSync(directory)).toEqual([]);
});

test("a root that cannot be made is a warning, and an error where it was asked for", async () => {
  const other = await makeTree();
  // Not of Nix's database: a store path by its name only.
  const unknown = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-unknown";
  await execa("cp", ["-a", hostPath(store, packageOf(kept)), hostPath(store, unknown)]);
  const linker = `${unknown}/lib/ld-linux-x86-64.so.2`;
  const words = ["--interpreter", linker];
  const warned = await wrapBuddy(store, [other, ...words], sandbox);
  expect([warned.exitCode, warned.stderr]).toEqual([
    0,
    expect.stringMatching(/warning: .*nothing keeps 1 store path that it refers to from the garbage collector: /),
  ]);
  expect(await start(other)).toEqual(hello);
  const asked = await wrapBuddy(store, [other, ...words, "--gc-roots"], sandbox);
  expect([asked.exitCode, asked.stderr]).toEqual([1, expect.stringContaining("error: ")]);
});

test("a dry run says what would be kept, and makes nothing", async () => {
  const other = await makeTree();
  const ran = await wrap(other, kept, "--dry-run");
  expect(ran.stdout).toContain(`would keep 1 store path from the garbage collector: ${rootsOf(other)}\n`);
  expect(existsSync(join(other, "../.wrap-buddy"))).toBe(false);
});

test("where there is no Nix, none is asked for", async () => {
  const other = await makeTree();
  const ran = await wrapBuddy(store, [other, "--interpreter", kept], { environment: variables });
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  expect(readdirSync(join(other, ".."))).toEqual(["tree"]);
});
