import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { CallError } from "../../../../src/patch/write/system-call.ts";
import {
  createFile,
  linkFile,
  readRegularFile,
  removeFile,
  renameFile,
  writeNewFile,
} from "../../../../src/patch/write/write-file.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

let directory: string;
beforeEach(() => {
  directory = temporaryDirectory();
});
const at = (name: string): string => join(directory, name);

test("a file is made with its content and mode, whatever the umask", () => {
  const umask = process.umask(0o077);
  writeNewFile(at(".tool.wrapbuddy~"), Buffer.from("new"), 0o444, undefined);
  process.umask(umask);
  expect(readFileSync(at(".tool.wrapbuddy~"), "utf8")).toBe("new");
  expect(statSync(at(".tool.wrapbuddy~")).mode & 0o7777).toBe(0o444);
});

test("what a stopped run has left under a name is no hindrance, to a file or to a link", () => {
  writeFileSync(at(".tool.wrapbuddy~"), "left");
  writeNewFile(at(".tool.wrapbuddy~"), Buffer.from("new"), 0o444, undefined);
  writeFileSync(at(".tool.wrapbuddy+"), "left");
  linkFile(at(".tool.wrapbuddy~"), at(".tool.wrapbuddy+"));
  expect(readFileSync(at(".tool.wrapbuddy+"), "utf8")).toBe("new");
});

test("a symlink under the temporary name, or under its own, is not followed", () => {
  writeFileSync(at("victim"), "precious");
  symlinkSync("victim", at(".tool.wrapbuddy~"));
  symlinkSync("victim", at(".tool.wrapbuddy"));
  writeNewFile(at(".tool.wrapbuddy~"), Buffer.from("new"), 0o444, undefined);
  renameFile(at(".tool.wrapbuddy~"), at(".tool.wrapbuddy"));
  expect(readFileSync(at("victim"), "utf8")).toBe("precious");
  expect(lstatSync(at(".tool.wrapbuddy")).isFile()).toBe(true);
});

test("a directory in the way is an error with its path and reason", () => {
  mkdirSync(at(".tool.wrapbuddy~/inside"), { recursive: true });
  expect(() => writeNewFile(at(".tool.wrapbuddy~"), Buffer.from("new"), 0o444, undefined)).toThrow(CallError);
});

test("a new file is its owner's alone", () => {
  const umask = process.umask(0);
  createFile(at("new"));
  process.umask(umask);
  expect(statSync(at("new")).mode & 0o7777).toBe(0o600);
});

test("a FIFO is not waited for", () => {
  execFileSync("mkfifo", [at("fifo")]);
  expect(() => readRegularFile(at("fifo"), 100)).toThrow("EINVAL");
});

test("a file of more bytes than it may have is an error, one that is not there is none", () => {
  writeFileSync(at("large"), "12345");
  expect(() => readRegularFile(at("large"), 4)).toThrow("EFBIG");
  expect(readRegularFile(at("large"), 5)?.toString()).toBe("12345");
  expect(readRegularFile(at("absent"), 5)).toBeUndefined();
  expect(readRegularFile(at("large/below"), 5)).toBeUndefined();
});

test("removing says whether there was something", () => {
  writeFileSync(at("file"), "");
  expect([removeFile(at("file")), removeFile(at("file"))]).toEqual([true, false]);
});
