import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { optionsMarkdown } from "../../../src/cli/help.ts";
import { wrapOptions } from "../../../src/cli/options.ts";

const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");

test("README's table has every option of the command line, with what it means and its default", () => {
  expect(readme).toContain(optionsMarkdown(wrapOptions));
});
