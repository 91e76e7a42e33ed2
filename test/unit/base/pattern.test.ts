import { describe, expect, test } from "vitest";
import { compilePattern } from "../../../src/base/pattern.ts";

describe("a pattern fits", () => {
  test.each([
    ["libfoo.so", "libfoo.so"],
    ["", ""],
    ["*", ""],
    ["*", "anything at all"],
    ["*", "/an/absolute/path"],
    ["lib*.so*", "libfoo.so.1"],
    ["*.so", "a.so.so"],
    ["libcuda.so.?", "libcuda.so.1"],
    ["???", "日本語"],
    ["?", "😀"],
    ["?", "\udcff"],
    ["[abc]", "b"],
    ["[a-c]x", "cx"],
    ["[!a-c]", "d"],
    ["[^a-c]", "d"],
    ["[]]", "]"],
    ["[!]]", "a"],
    ["[a-]", "-"],
    ["[-a]", "-"],
    ["[a", "[a"],
    ["[", "["],
    ["[]", "[]"],
    ["\\*", "*"],
    ["\\[a]", "[a]"],
    ["a\\", "a\\"],
    ["**/testdata", "testdata"],
    ["**/testdata", "a/testdata"],
    ["**/testdata/*", "a/b/testdata/c/d"],
    ["a/**/b", "a/b"],
    ["a/**/b", "a/x/y/b"],
    ["a/**", "a/x/y"],
    ["**", "a/b"],
    ["a.b+(c)|^$", "a.b+(c)|^$"],
  ])("%j fits %j", (pattern, text) => {
    expect(compilePattern(pattern)(text)).toBe(true);
  });
});

describe("a pattern fits the whole text or not at all", () => {
  test.each([
    ["libfoo.so", "libfoo.so.1"],
    ["libfoo.so", "xlibfoo.so"],
    ["", "a"],
    ["?", ""],
    ["?", "ab"],
    ["lib?.so", "libab.so"],
    ["LIB*", "libfoo"],
    ["a.so", "axso"],
    ["[abc]", "d"],
    ["[!a-c]", "b"],
    ["[a-c]", "-"],
    ["\\*", "a"],
    ["**/testdata", "mytestdata"],
    ["a/**/b", "ab"],
    ["a/**/b", "a/xb"],
    ["a/**", "a"],
  ])("%j does not fit %j", (pattern, text) => {
    expect(compilePattern(pattern)(text)).toBe(false);
  });
});

test("a pattern of many stars takes no longer than its size times the text's", () => {
  const matches = compilePattern(`${"*a".repeat(40)}b`);
  const start = performance.now();
  expect(matches("a".repeat(4000))).toBe(false);
  expect(performance.now() - start).toBeLessThan(2000);
});
