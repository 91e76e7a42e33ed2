import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nameOtherFormat } from "../../../src/planning/other-format.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const path = join(temporaryDirectory(), "file");
const hex = (digits: string): Buffer => Buffer.from(digits, "hex");
const tar = Buffer.alloc(512);
tar.write("ustar", 257, "latin1");

test.each([
  ["a script for /bin/sh", Buffer.from("#! /bin/sh -e\necho\n")],
  ["a script for node", Buffer.from("#!/usr/bin/env -S node --no-warnings\n")],
  ["a program for Windows", hex("4d5a90000300")],
  ["a program for macOS", hex("cffaedfe0700000103000000")],
  ["a program for macOS", hex("cafebabe0000000201000007")],
  ["a Debian package", Buffer.from("!<arch>\ndebian-binary   ")],
  ["a static library", Buffer.from("!<arch>\n/               ")],
  ["a tar archive", tar],
  ["compressed with gzip", hex("1f8b0800")],
  [undefined, hex("cafebabe00000041")],
  [undefined, Buffer.from("just text\n")],
  [undefined, Buffer.from("#!\n")],
] as const)("%s is told by its first bytes: case %#", (name, bytes) => {
  writeFileSync(path, bytes);
  expect(nameOtherFormat(path)).toBe(name);
});

test("of a file that is gone nothing is said", () => {
  expect(nameOtherFormat(`${path}-absent`)).toBeUndefined();
});

test("a sidecar is told by its name, with the executable's", () => {
  expect(nameOtherFormat("/bin/.tool.wrapbuddy")).toBe("the sidecar of tool");
});
