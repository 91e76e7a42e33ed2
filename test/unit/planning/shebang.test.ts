import { expect, test } from "vitest";
import { parseShebang } from "../../../src/planning/shebang.ts";

test("a script names its interpreter, and one argument that is the rest of the line", () => {
  expect(parseShebang("#! /bin/awk -f  x \nrest")).toEqual({
    interpreter: "/bin/awk",
    argument: "-f  x",
    wanted: undefined,
  });
  expect(parseShebang("#!/bin/sh")).toEqual({ interpreter: "/bin/sh", argument: undefined, wanted: undefined });
});

test("of env it is known which program is wanted, after its options and variables", () => {
  expect(parseShebang("#!/usr/bin/env python3\n")?.wanted).toBe("python3");
  expect(parseShebang("#!/usr/bin/env -S A=b perl -w\n")?.wanted).toBe("perl");
  expect(parseShebang("#!/bin/environment x\n")?.wanted).toBeUndefined();
});

test("what does not begin with #!, or names nothing, is no script", () => {
  expect(parseShebang("\x7fELF")).toBeUndefined();
  expect(parseShebang("#!\n/bin/sh")).toBeUndefined();
});
