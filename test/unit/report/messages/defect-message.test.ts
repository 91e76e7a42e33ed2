import { expect, test } from "vitest";
import { describeDefect } from "../../../../src/report/messages/defect-message.ts";

test("a file that is no ELF file is called that", () => {
  expect(describeDefect({ kind: "not-elf" })).toBe("not an ELF file");
});

test("a structure past the end of the file gives both ends", () => {
  const defect = { kind: "past-end-of-file", what: "program headers", offset: 0x40, end: 0x1000n, size: 0x80 } as const;
  expect(describeDefect(defect)).toMatchInlineSnapshot(
    `"program headers at 0x40: its end 0x1000 is past the end of the file (0x80)"`,
  );
});

test("a bad value gives the field, its value and what was expected", () => {
  const defect = {
    kind: "bad-value",
    what: "file header",
    field: "e_phentsize",
    offset: 0x36,
    value: 12n,
    expected: "0x38",
  } as const;
  expect(describeDefect(defect)).toMatchInlineSnapshot(`"file header at 0x36: e_phentsize is 0xc, expected 0x38"`);
});

test("an unmapped address gives the address", () => {
  const defect = { kind: "unmapped-address", what: "DT_STRTAB", address: 0xdeadn } as const;
  expect(describeDefect(defect)).toMatchInlineSnapshot(
    `"DT_STRTAB: address 0xdead lies in no PT_LOAD segment's file bytes"`,
  );
});

test("an unended string gives its place", () => {
  expect(describeDefect({ kind: "bad-string", what: "DT_SONAME", offset: 0x300 })).toMatchInlineSnapshot(
    `"DT_SONAME at 0x300: no NUL byte before the end of the string table"`,
  );
});
