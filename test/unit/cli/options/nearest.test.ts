import { expect, test } from "vitest";
import { nearestName } from "../../../../src/cli/options/nearest.ts";

test.each([
  ["a letter left out", "--pths", "--paths"],
  ["a letter too many", "--pathss", "--paths"],
  ["a wrong letter", "--pathz", "--paths"],
  ["two letters exchanged", "--pahts", "--paths"],
])("%s is found", (_, typed, meant) => {
  expect(nearestName(typed, ["--libs", "--paths"])).toBe(meant);
});

test("a word that is far from all is near to none", () => {
  expect(nearestName("--frobnicate", ["--libs", "--paths"])).toBeUndefined();
});

test("of two equally near the first is taken", () => {
  expect(nearestName("ab", ["ac", "ad"])).toBe("ac");
});
