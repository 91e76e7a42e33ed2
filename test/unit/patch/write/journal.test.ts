import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { readJournal, removeJournal, writeJournal } from "../../../../src/patch/write/journal.ts";
import { CallError } from "../../../../src/patch/write/system-call.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

let path: string;
let inode: bigint;
beforeEach(() => {
  path = join(temporaryDirectory(), "tool");
  writeFileSync(path, "tool");
  inode = statSync(path, { bigint: true }).ino;
});
const journalPath = (): string => path.replace(/tool$/, ".tool.wrapbuddy=");

test.each([undefined, "/a/.tool.wrapbuddy", "/new\nline/\udcff/.tool.wrapbuddy"])(
  "a journal reads back as it was written: %j",
  (sidecarPath) => {
    writeJournal(path, { mode: 0o4755, inode, sidecarPath });
    expect(readJournal(path)).toEqual({ mode: 0o4755, inode, sidecarPath });
    removeJournal(path);
    expect(readJournal(path)).toBeUndefined();
  },
);

test("a journal of another file is none", () => {
  writeJournal(path, { mode: 0o755, inode: inode + 1n, sidecarPath: undefined });
  expect(readJournal(path)).toBeUndefined();
});

test.each(["", "nonsense", "755", "755 x\n", "99999 1\n", "\0"])("a damaged journal is none: %j", (text) => {
  writeFileSync(journalPath(), text);
  expect(readJournal(path)).toBeUndefined();
});

test("one that is there and cannot be read is an error", () => {
  mkdirSync(journalPath());
  expect(() => readJournal(path)).toThrow(CallError);
});

test("a symlink in its place is not followed", () => {
  const victim = `${path}-victim`;
  writeFileSync(victim, "precious");
  symlinkSync(victim, journalPath());
  writeJournal(path, { mode: 0o755, inode, sidecarPath: undefined });
  expect(readFileSync(victim, "utf8")).toBe("precious");
});
