import { expect, test } from "vitest";
import { chooseCommand, commands } from "../../../src/cli/commands.ts";

test("without a command the files that are named are wrapped", () => {
  expect(chooseCommand(["tool", "--libs", "x"])).toEqual({ run: commands.wrap, words: ["tool", "--libs", "x"] });
});

test("the first word chooses a command", () => {
  expect(chooseCommand(["verify", "tool"])).toEqual({ run: commands.verify, words: ["tool"] });
});

test("a later word is a path, even if it is a command's name", () => {
  expect(chooseCommand(["./tool", "wrap"]).words).toEqual(["./tool", "wrap"]);
});
