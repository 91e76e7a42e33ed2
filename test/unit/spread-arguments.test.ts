// Math.max(...list) and list.push(...other) end in a RangeError where the list is long: a tree decides how long it is.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const source = fileURLToPath(new URL("../../src/", import.meta.url));

function spreadArguments(file: string, text: string): readonly string[] {
  const found: string[] = [];
  const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  function visit(node: ts.Node): void {
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && node.arguments?.some(ts.isSpreadElement)) {
      const { line } = parsed.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${file}:${line + 1}: ${node.getText()}`);
    }
    ts.forEachChild(node, visit);
  }
  visit(parsed);
  return found;
}

test("a list that is spread into arguments is seen", () => {
  expect(spreadArguments("x.ts", "f(1);\nMath.max(0, ...[1]);")).toEqual(["x.ts:2: Math.max(0, ...[1])"]);
});

test("no list is spread into arguments", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap((file) => spreadArguments(file, readFileSync(source + file, "utf8")))).toEqual([]);
});
