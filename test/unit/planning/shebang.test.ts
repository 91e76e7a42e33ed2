import { expect, test } from "vitest";
import { parseShebang } from "../../../src/planning/shebang.ts";

const parse = (head: string) => parseShebang(Buffer.from(head, "latin1"));

test("a script names its interpreter, and one argument that is the rest of the line", () => {
  expect(parse("#! /bin/awk -f  x \t\nrest")).toEqual({
    interpreter: "/bin/awk",
    argument: "-f  x",
    wanted: undefined,
  });
  expect(parse("#!/bin/sh")).toEqual({ interpreter: "/bin/sh", argument: undefined, wanted: undefined });
});

test("of env it is known which program is wanted, after its options and variables", () => {
  expect(parse("#!/usr/bin/env python3\n")?.wanted).toBe("python3");
  expect(parse("#!/usr/bin/env -S A=b perl -w\n")?.wanted).toBe("perl");
  expect(parse("#!/bin/environment x\n")?.wanted).toBeUndefined();
});

test("what does not begin with #!, or names nothing, is no script", () => {
  expect(parse("\x7fELF")).toBeUndefined();
  for (const head of ["#!\n/bin/sh", "#! \t\n/bin/sh", "#!", "#!\0/bin/sh\n"]) expect(parse(head)).toBeUndefined();
});

test("only spaces and tabs part words, and a NUL ends them", () => {
  expect(parse("#!/bin/sh\r\n")?.interpreter).toBe("/bin/sh\r");
  expect(parse("#!/bin/sh\v-e\n")?.interpreter).toBe("/bin/sh\v-e");
  expect(parse("#!/bin/sh -e\0x\n")).toMatchObject({ interpreter: "/bin/sh", argument: "-e" });
  expect(parse("#!/bin/caf\xc3\xa9\n")?.interpreter).toBe("/bin/café");
});

test("of a first line that is longer than what the kernel reads, the interpreter has to be whole", () => {
  const name = (size: number) => `/${"x".repeat(size - 3)}`;
  for (const end of ["", "\n", " y\n"]) expect(parse(`#!${name(255)}${end}`)).toMatchObject({ interpreter: name(255) });
  expect(parse(`#!${name(254)} y\n`)?.argument).toBeUndefined();
  expect(parse(`#!${name(253)} yz\n`)?.argument).toBe("y");
  for (const end of ["", "\n", " y\n"]) expect(parse(`#!${name(256)}${end}`)).toBeUndefined();
});
