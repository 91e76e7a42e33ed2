import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Attribute, type AttributeKind, attributes } from "../../../src/hook/attributes.ts";

const readme = readFileSync(new URL("../../../hook/README.md", import.meta.url), "utf8");

const defaults: Readonly<Record<AttributeKind, string>> = {
  words: "`[ ]`",
  patterns: "`[ ]`",
  paths: "`[ ]`",
  toggle: "`null`",
  choice: "`null`",
  switch: "`false`",
};

test("the hook's page has every attribute, with what it means and its default", () => {
  const rows = Object.entries(attributes).map(([name, attribute]: [string, Attribute]) => {
    const option = attribute.option === undefined ? "" : `\`${attribute.option}\``;
    const cells = [`\`${name}\``, attribute.description, defaults[attribute.kind], option];
    return `| ${cells.join(" | ")} |`;
  });
  const table = ["| attribute | meaning | default | command line |", "| --- | --- | --- | --- |", ...rows].join("\n");
  expect(readme).toContain(table);
});
