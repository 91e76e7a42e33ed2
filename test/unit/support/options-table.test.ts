import { expect, test } from "vitest";
import { wrapOptions } from "../../../src/cli/options/options.ts";
import { optionsMarkdown, signature } from "../../support/pages/options-table.ts";

test("every option stands in the README's table", () => {
  const signatures = Object.entries(wrapOptions).map(([name, spec]) => signature(name, spec));
  const markdown = optionsMarkdown(wrapOptions).replaceAll("\\|", "|");
  expect(signatures.filter((one) => !markdown.includes(`\`${one}\``))).toEqual([]);
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
