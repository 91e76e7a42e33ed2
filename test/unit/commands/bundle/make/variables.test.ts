import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { placedText } from "../../../../../src/commands/bundle/make/variables.ts";
import { temporaryDirectory } from "../../../../support/temporary-directory.ts";

const top = temporaryDirectory();
mkdirSync(join(top, "lib/a b"), { recursive: true });
mkdirSync(join(top, "other"));
writeFileSync(join(top, "lib/file"), "");
const layout = { contains: (path: string) => path === "/" || path.startsWith(`${top}/lib`) };

/** `$` stands for a directory that the bundle has in part. */
function placed(value: string): readonly [string, readonly string[]] {
  const { text, outside } = placedText(value.replaceAll("$", top), layout, (path) => `@${path}`);
  const short = (one: string) => one.replaceAll(top, "$");
  return [short(text), outside.map(short)];
}

test.each([
  ["$/lib", "@$/lib"],
  ["$/lib/a b", "@$/lib/a b"],
  ["/", "@/"],
  ["$/lib:$/lib/file:", "@$/lib:@$/lib/file:"],
  ["$/lib/?.so;$/lib/?/init.lua;;", "@$/lib/?.so;@$/lib/?/init.lua;;"],
  ["-I$/lib -x=$/lib/file '$/lib'", "-I@$/lib -x=@$/lib/file '@$/lib'"],
  ["https://x/y a/b -/c 1/2", "https://x/y a/b -/c 1/2"],
  ["", ""],
])("in %j what the bundle has is put where it is now", (value, text) => {
  expect(placed(value)).toEqual([text, []]);
});

test("what it has not stays, and is told", () => {
  expect(placed("$/other:$/lib:/no/where")).toEqual(["$/other:@$/lib:/no/where", ["$/other", "/no/where"]]);
  expect(placed("$/other/?.lua")).toEqual(["$/other/?.lua", ["$/other/?.lua"]]);
});
