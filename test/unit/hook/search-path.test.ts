import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { searchDirectories } from "../../../src/hook/search-path.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

function tree(...files: readonly string[]): string {
  const root = temporaryDirectory();
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), "");
  }
  return root;
}

function call(workingDirectory: string, ...words: readonly string[]): readonly string[] {
  return [workingDirectory, String(words.length), ...words];
}

test("every directory that holds a library is found, in the order of names", () => {
  const root = tree("z/libz.so.1", "a/b/liba.so", "a/readme.so.txt.gz", "n/notes.sox", "libtop.so");
  symlinkSync("/nowhere", join(root, "n/liblink.so"));
  expect(searchDirectories(call("/", root))).toEqual({
    directories: [root, `${root}/a`, `${root}/a/b`, `${root}/n`, `${root}/z`],
    issues: [],
  });
});

test("--no-recurse looks at the directory itself only", () => {
  const root = tree("libtop.so", "a/liba.so");
  expect(searchDirectories(call("/", "--no-recurse", root)).directories).toEqual([root]);
});

test("a relative directory is one of the call's working directory", () => {
  const root = tree("a/liba.so");
  expect(searchDirectories(call(root, "a")).directories).toEqual([`${root}/a`]);
});

test("calls keep their order, and a directory counts once", () => {
  const root = tree("a/liba.so", "b/libb.so");
  const calls = [...call(root, "b"), ...call(root, "--", "a", "b")];
  expect(searchDirectories(calls).directories).toEqual([`${root}/b`, `${root}/a`]);
});

test("a directory that is not there is an issue", () => {
  expect(searchDirectories(call("/", "/nowhere"))).toEqual({
    directories: [],
    issues: [{ kind: "bad-search-directory", path: "/nowhere", code: "ENOENT" }],
  });
});

test("an unknown option and a call without a directory are issues", () => {
  expect(searchDirectories([...call("/", "--all", tree("liba.so")), ...call("/")]).issues).toEqual([
    { kind: "unknown-argument", command: "addWrapBuddySearchPath", argument: "--all" },
    { kind: "no-arguments", command: "addWrapBuddySearchPath" },
  ]);
});
