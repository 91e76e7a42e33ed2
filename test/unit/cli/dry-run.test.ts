import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { withoutDryRun } from "../../../src/cli/output/dry-run.ts";

test("the command line is the one that was typed, without --dry-run", () => {
  expect(withoutDryRun(["./node_modules", "--dry-run", "--libs", "./lib"])).toBe(
    "wrap-buddy ./node_modules --libs ./lib",
  );
});

test("a file of that name stays", () => {
  expect(withoutDryRun(["--dry-run", "--", "--dry-run"])).toBe("wrap-buddy -- --dry-run");
});

test("a shell reads every word as it was", () => {
  const words = ["it's", "a b", "*", "$HOME", "plain-1.0", "a=b", "~"];
  const line = withoutDryRun(words).replace("wrap-buddy", "printf '%s\\n'");
  expect(execFileSync("bash", ["-c", line], { encoding: "utf8" }).trimEnd().split("\n")).toEqual(words);
});
