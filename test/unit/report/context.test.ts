import { expect, test } from "vitest";
import { showPath } from "../../../src/report/context.ts";
import { cliContext } from "../commands/wrap/sample-outcome.ts";

test("a path below a shown root begins with the root's short name", () => {
  expect(showPath("/home/me/bin/tool", cliContext)).toBe("./bin/tool");
});

test("a path that only begins with the same letters as a root stays as it is", () => {
  expect(showPath("/home/mean/tool", cliContext)).toBe("/home/mean/tool");
});

test("a root itself is shown by its short name", () => {
  expect(showPath("/home/me", cliContext)).toBe(".");
});

test("the file system's root shortens nothing", () => {
  expect(showPath("/a", { surface: "cli", shownRoots: [{ directory: "/", shownAs: "." }] })).toBe("/a");
});

test("control characters, line separators and bytes that are not UTF-8 are escaped", () => {
  expect(showPath("/a\n\t\u001b\u2028\udcff", cliContext)).toBe("/a\\n\\t\\x1b\\u2028\\xff");
});

test("a character outside the basic plane is shown as it is", () => {
  expect(showPath("/😀", cliContext)).toBe("/😀");
});
