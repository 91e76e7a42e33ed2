import { readFileSync } from "node:fs";
import { inspect as show } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as library from "../../src/index.ts";
import { createSmallStore, type SmallStore } from "../support/simulated/small-store.ts";

const source = readFileSync(new URL("../../src/index.ts", import.meta.url), "utf8");

/** The indented lines of each comment. */
const examples = [...source.matchAll(/(?:^ \* {5}.*\n)+/gm)].map(([lines]) => lines.replace(/^ \* {5}/gm, ""));

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
  store.executable("home/tool", { needed: ["libc.so.6"] });
});
afterEach(() => store.remove());

/** Runs an example in the store; what it prints, a line a call. */
function runExample(code: string): readonly string[] {
  const printed: string[] = [];
  const print = (...values: readonly unknown[]): void => {
    printed.push(values.map((value) => (typeof value === "string" ? value : show(value))).join(" "));
  };
  const here = code
    .replace(/^import (\{.*\}) from "wrap-buddy";$/m, "const $1 = library;")
    .replaceAll("/home/me", store.at("home"))
    .replaceAll("/nix/store/…-glibc/lib", store.glibc);
  new Function("library", "console", here)(library, { log: print });
  return printed.map((line) => line.replaceAll(store.at("home"), "/home/me"));
}

test.each(examples.map((code) => [/import \{ (.*) \}/.exec(code)?.[1] ?? "", code]))(
  "the example with %s prints what its comments say",
  (_names, code) => {
    const expected = [...code.matchAll(/; \/\/ (.*)$/gm)].map(([, comment = ""]) => comment);
    // To go back there has to be something wrapped.
    if (code.includes("unwrap(")) runExample(examples.find((one) => one.includes("{ renderJson, run,")) ?? "");
    expect(runExample(code)).toEqual(expected);
  },
);

test("every command has an example, and the library has no other functions than these", () => {
  expect(examples.length).toBe(6);
  expect(Object.keys(library).toSorted()).toEqual(
    [
      ...["run", "unwrap", "verify", "inspect", "discover", "wrapDefaults"],
      ...["renderOutcome", "renderJson", "renderUnwrapReport", "renderUnwrapJson"],
      ...["renderVerifyReport", "renderVerifyJson", "renderInspection", "renderInspectionJson"],
      ...["reportSchema", "unwrapReportSchema", "verifyReportSchema", "inspectionSchema"],
      ...["plainPaint", "colourPaint"],
    ].toSorted(),
  );
});
