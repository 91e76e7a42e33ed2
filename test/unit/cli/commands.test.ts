import { expect, test } from "vitest";
import { chooseCommand, commands } from "../../../src/cli/commands.ts";

test("without a command the files that are named are wrapped", () => {
  const { command, words } = chooseCommand(["tool", "--libs", "x"]);
  expect([command.name, words]).toEqual(["wrap", ["tool", "--libs", "x"]]);
});

test("the first word chooses a command", () => {
  expect(chooseCommand(["wrap", "tool"])).toEqual({ command: commands[0], words: ["tool"] });
});

test("a later word is a path, even if it is a command's name", () => {
  expect(chooseCommand(["./tool", "wrap"]).words).toEqual(["./tool", "wrap"]);
});

test("no two commands have the same name", () => {
  expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
});
