import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { asFileOffset } from "../../../../src/elf/address.ts";
import type { Edit } from "../../../../src/patch/file-plan.ts";
import { editFile } from "../../../../src/patch/write/edit-file.ts";
import { ChangedError } from "../../../../src/patch/write/system-call.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

function edit(offset: number, before: string, after: string): Edit {
  const [from, to] = [Buffer.from(before), Buffer.from(after)];
  return { what: "texts", offset: asFileOffset(offset), before: from, after: to };
}

function file(content: string, mode = 0o755): string {
  const path = `${temporaryDirectory()}/file`;
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

const contentOf = (path: string): string => readFileSync(path, "utf8");
const modeOf = (path: string): number => statSync(path).mode & 0o7777;

test("edits are made one after the other, each from what the one before it has left", () => {
  const path = file("one two");
  editFile(path, [edit(0, "one", "six"), edit(4, "two", "ten"), edit(0, "six", "abc")]);
  expect(contentOf(path)).toBe("abc ten");
});

test.each([
  ["other bytes", "tri"],
  ["fewer bytes", "two!"],
])("where a file has %s than an edit starts from, those before it are taken back", (_, before) => {
  const path = file("one two");
  const edits = [edit(0, "one", "six"), edit(0, "six", "abc"), edit(4, before, "x".repeat(before.length))];
  expect(() => editFile(path, edits)).toThrow(ChangedError);
  expect(contentOf(path)).toBe("one two");
});

test.each([0o555, 0o444, 0o4755, 0o6711, 0o1750])("a file's mode 0o%o is what it was, whatever it allows", (mode) => {
  const path = file("one", mode);
  editFile(path, [edit(0, "one", "six")]);
  expect([contentOf(path), modeOf(path)]).toEqual(["six", mode]);
  expect(() => editFile(path, [edit(0, "six", "two"), edit(0, "one", "two")])).toThrow(ChangedError);
  expect([contentOf(path), modeOf(path)]).toEqual(["six", mode]);
});

test("a symbolic link is not followed", () => {
  const path = file("one");
  symlinkSync(path, `${path}-link`);
  expect(() => editFile(`${path}-link`, [edit(0, "one", "six")])).toThrow();
  expect(contentOf(path)).toBe("one");
});
