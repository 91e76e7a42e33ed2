import { expect, test } from "vitest";
import { bundledTable, readBundled, withBundled } from "../../corpus/bundles/bundled.ts";

test("bundle's page has the table of bundled.json (UPDATE_CORPUS=1 npm run test:corpus)", () => {
  const { programs, page } = readBundled();
  expect(withBundled(page, programs)).toBe(page);
});

test("twenty-one programs have a row", () => {
  expect(readBundled().programs).toHaveLength(21);
});

test("of many things that are opened outside a few are named", () => {
  const one = { name: "a", megabytes: 1, does: "x", with: ["/usr/lib/a"], set: ["A"], names: 2, opened: [] };
  expect(bundledTable([{ ...one, name: "b", opened: ["/1", "/2", "/3", "/4"] }, one])).toMatchInlineSnapshot(`
    "| program | MB | what it did | also given | set | paths in its files | opened outside |
    | --- | --- | --- | --- | --- | --- | --- |
    | a | 1 | x | \`/usr/lib/a\` | \`A\` | 2 | nothing |
    | b | 1 | x | \`/usr/lib/a\` | \`A\` | 2 | \`/1\`, \`/2\`, \`/3\` and 1 more |"
  `);
});
