import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeTar } from "../../../../../src/commands/bundle/make/tar.ts";
import { temporaryDirectory } from "../../../../support/temporary-directory.ts";

const long = "a".repeat(120);

/** Names of every length, modes and times of all kinds. */
function makeTree(time: number): string {
  const tree = join(temporaryDirectory(), "tree");
  mkdirSync(join(tree, long, "empty"), { recursive: true });
  writeFileSync(join(tree, long, "file"), "x".repeat(513));
  writeFileSync(join(tree, "program"), "");
  chmodSync(join(tree, "program"), time % 2 === 0 ? 0o755 : 0o700);
  symlinkSync(`${long}/file`, join(tree, "link"));
  utimesSync(join(tree, "program"), time, time);
  return tree;
}

function archiveOf(tree: string): Buffer {
  const archive = join(temporaryDirectory(), "x.tar");
  writeTar(tree, "name", archive);
  return readFileSync(archive);
}

test("an archive does not tell when or by whom its files were made", () => {
  expect(archiveOf(makeTree(1000)).equals(archiveOf(makeTree(2001)))).toBe(true);
});

test("tar reads what was written: long names, links, empty directories, modes", () => {
  const list = spawnSync("tar", ["-tvf", "-", "--numeric-owner"], {
    input: archiveOf(makeTree(1000)),
    encoding: "utf8",
    env: { TZ: "UTC", PATH: process.env["PATH"] },
  });
  expect(list.stderr).toBe("");
  expect(list.stdout.replaceAll(long, "LONG").replace(/ +/g, " ").trim().split("\n")).toEqual([
    "drwxr-xr-x 0/0 0 1970-01-01 00:00 name/",
    "drwxr-xr-x 0/0 0 1970-01-01 00:00 name/LONG/",
    "drwxr-xr-x 0/0 0 1970-01-01 00:00 name/LONG/empty/",
    "-rw-r--r-- 0/0 513 1970-01-01 00:00 name/LONG/file",
    "lrwxrwxrwx 0/0 0 1970-01-01 00:00 name/link -> LONG/file",
    "-rwxr-xr-x 0/0 0 1970-01-01 00:00 name/program",
  ]);
});
