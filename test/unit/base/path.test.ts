import { expect, test } from "vitest";
import { withoutTrailingSlashes } from "../../../src/base/path.ts";

test.each([
  ["/a/b//", "/a/b"],
  ["/a/b", "/a/b"],
  ["/", "/"],
  ["//", "/"],
  ["a/", "a"],
  ["", ""],
  [`${"/".repeat(100_000)}a`, `${"/".repeat(100_000)}a`],
])("slashes at the end are taken off, except the root's", (path, expected) => {
  expect(withoutTrailingSlashes(path)).toBe(expected);
});
