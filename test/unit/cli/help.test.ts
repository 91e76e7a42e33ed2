import { expect, test } from "vitest";
import { helpText, optionsMarkdown, signature } from "../../../src/cli/help.ts";
import { wrapOptions } from "../../../src/cli/options.ts";

const text = helpText("wrap-buddy PATH…", "Does things.", wrapOptions, [{ name: "inspect", summary: "shows things" }]);

test("every option stands in the help text and in the README's table", () => {
  const signatures = Object.entries(wrapOptions).map(([name, spec]) => signature(name, spec));
  const markdown = optionsMarkdown(wrapOptions).replaceAll("\\|", "|");
  expect(signatures.filter((one) => !text.includes(one) || !markdown.includes(`\`${one}\``))).toEqual([]);
});

test("no line of the help text is wider than 100 columns", () => {
  expect(text.split("\n").filter((line) => line.length > 100)).toEqual([]);
});

test("the help text shows the commands and the exit status", () => {
  expect(text).toMatch(/inspect {4}shows things[\s\S]*Exit status: 0/);
});

test("an option with a default says it", () => {
  expect(text).toContain("(default: auto)");
});

test("a toggle is shown in the form that changes something", () => {
  expect([signature("recurse", wrapOptions.recurse), signature("pin", wrapOptions.pin)]).toEqual([
    "--no-recurse",
    "--[no-]pin",
  ]);
});

test("a bar in a signature does not end the table's cell", () => {
  expect(optionsMarkdown(wrapOptions)).toContain("`--run-path-mode auto\\|runpath\\|rpath`");
});

test("descriptions begin in upper case and end without a full stop", () => {
  const odd = Object.values(wrapOptions).filter(({ description }) => !/^[A-Z].*[^.]$/.test(description));
  expect(odd).toEqual([]);
});
