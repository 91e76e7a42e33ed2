import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statfsSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { copyBytes } from "../../../../src/patch/write/copy-bytes.ts";
import { CallError } from "../../../../src/patch/write/system-call.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

let directory: string;
let from: string;
let to: string;
beforeEach(() => {
  directory = temporaryDirectory();
  from = join(directory, "program");
  to = join(directory, "copy");
  writeFileSync(from, Buffer.alloc(50_000, "program"));
  chmodSync(from, 0o4755);
});

/** Btrfs, XFS, bcachefs, ZFS, OCFS2 and overlays: there `cp` makes every copy. */
function canShare(): boolean {
  return [0x9123683e, 0x58465342, 0xca451a4e, 0x2fc12fc1, 0x7461636f, 0x794c7630].includes(statfsSync(directory).type);
}

test("the copy of a small file has its bytes, and nobody else may open it; where blocks can be shared it is left to cp", () => {
  const isMade = copyBytes({ from, to });
  expect(isMade).toBe(!canShare());
  expect(statSync(to).mode & 0o7777).toBe(0o600);
  expect(readFileSync(to, "utf8")).toBe(isMade ? readFileSync(from, "utf8") : "");
});

test("what a stopped run has left at the copy's place goes, and a link there is not followed", () => {
  const other = join(directory, "other");
  writeFileSync(other, "other");
  symlinkSync(other, to);
  copyBytes({ from, to });
  expect(readFileSync(other, "utf8")).toBe("other");
  expect(lstatSync(to).isFile()).toBe(true);
});

test("what cp keeps more of is left to it: large files, files with holes, and what is no file", () => {
  const holes = join(directory, "holes");
  writeFileSync(holes, "program");
  truncateSync(holes, 500_000);
  const large = join(directory, "large");
  writeFileSync(large, Buffer.alloc(0x100001, "program"));
  mkdirSync(join(directory, "directory"));
  for (const path of [holes, large, join(directory, "directory")]) {
    expect(copyBytes({ from: path, to })).toBe(false);
    expect([statSync(to).size, statSync(to).mode & 0o7777]).toEqual([0, 0o600]);
  }
});

test("a file that is not there, and a place where nothing can be made, are errors of the system calls", () => {
  expect(() => copyBytes({ from: join(directory, "absent"), to })).toThrow(CallError);
  expect(existsSync(to)).toBe(false);
  expect(() => copyBytes({ from, to: join(directory, "nowhere/copy") })).toThrow(CallError);
});
