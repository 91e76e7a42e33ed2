import { expect, test } from "vitest";
import { isNixBuild } from "../../../../src/cli/machine/nix-build.ts";
import { readEnvironment } from "../../../../src/cli/machine/read-environment.ts";
import { outputsIn } from "../../../../src/cli/wrap-words.ts";

test.each([
  ["a build", { NIX_BUILD_TOP: "/build" }, true],
  ["nix-shell", { NIX_BUILD_TOP: "/tmp/nix-shell-1-0", IN_NIX_SHELL: "pure" }, false],
  ["nix develop", { NIX_BUILD_TOP: "/tmp/nix-shell.x", IN_NIX_SHELL: "impure" }, false],
  ["a terminal", {}, false],
  ["a variable without a value", { NIX_BUILD_TOP: "" }, false],
])("%s: whether Nix builds something", (_, variables, expected) => {
  expect(isNixBuild(variables)).toBe(expected);
});

test("what lies in the store is written in place in a build only", () => {
  const outputs = (variables: Readonly<Record<string, string>>) => {
    const read = readEnvironment(variables);
    return read.kind === "environment" ? outputsIn(read.environment) : read.issues;
  };
  expect(outputs({ NIX_BUILD_TOP: "/build", NIX_STORE: "/gnu/store" })).toEqual({ outputsIn: "/gnu/store" });
  expect(outputs({ NIX_STORE: "/gnu/store" })).toEqual({});
});
