import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { CallError } from "../../../../src/patch/write/system-call.ts";
import { createFile, readRegularFile, removeFile, replaceFile } from "../../../../src/patch/write/write-file.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

let directory: string;
beforeEach(() => {
  directory = temporaryDirectory();
});
const at = (name: string): string => join(directory, name);

test("a file is replaced with its content and mode, whatever the umask", () => {
  const umask = process.umask(0o077);
  replaceFile(at(".tool.wrapbuddy"), Buffer.from("new"), 0o444);
  process.umask(umask);
  expect(readFileSync(at(".tool.wrapbuddy"), "utf8")).toBe("new");
  expect(statSync(at(".tool.wrapbuddy")).mode & 0o7777).toBe(0o444);
});

test("the temporary name of a stopped run is no hindrance", () => {
  writeFileSync(at(".tool.wrapbuddy~"), "left");
  replaceFile(at(".tool.wrapbuddy"), Buffer.from("new"), 0o444);
  expect(readFileSync(at(".tool.wrapbuddy"), "utf8")).toBe("new");
});

test("a symlink under the temporary name, or under its own, is not followed", () => {
  writeFileSync(at("victim"), "precious");
  symlinkSync("victim", at(".tool.wrapbuddy~"));
  symlinkSync("victim", at(".tool.wrapbuddy"));
  replaceFile(at(".tool.wrapbuddy"), Buffer.from("new"), 0o444);
  expect(readFileSync(at("victim"), "utf8")).toBe("precious");
  expect(lstatSync(at(".tool.wrapbuddy")).isFile()).toBe(true);
});

test("a directory in the way is an error with its path and reason, and leaves no temporary file", () => {
  mkdirSync(at(".tool.wrapbuddy/inside"), { recursive: true });
  expect(() => replaceFile(at(".tool.wrapbuddy"), Buffer.from("new"), 0o444)).toThrow(CallError);
  expect(() => lstatSync(at(".tool.wrapbuddy~"))).toThrow("ENOENT");
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
