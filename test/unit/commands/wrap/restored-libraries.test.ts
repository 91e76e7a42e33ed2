// A library that an earlier run has patched in place, and a run with other options, which would not.

import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { renderJson } from "../../../../src/commands/wrap/outcome-json.ts";
import { reportSchema } from "../../../../src/commands/wrap/outcome-schema.ts";
import { run } from "../../../../src/commands/wrap/run.ts";
import type { RunOutcome } from "../../../../src/commands/wrap/run-outcome.ts";
import { describeSummary } from "../../../../src/commands/wrap/summary.ts";
import type { WrapRequest } from "../../../../src/planning/wrap-request.ts";
import { createSmallStore, type SmallStore } from "../../../support/simulated/small-store.ts";
import { wrapRequestOf } from "../../../support/simulated/wrap-request.ts";

let store: SmallStore;
let original: Buffer;
beforeEach(() => {
  store = createSmallStore();
  store.library("all/x/libx.so", { needed: ["libc.so.6"] });
  store.library("all/addon/addon.node", { needed: ["libx.so"], runpath: "/none" });
  store.executable("all/editor/main/tool", { needed: ["libc.so.6"] });
  original = addon();
});
afterEach(() => store.remove());

function addon(): Buffer {
  return readFileSync(store.at("all/addon/addon.node"));
}

function wrap(changes: Partial<WrapRequest> = {}): RunOutcome {
  const interpreters = [store.at("glibc/lib/ld-linux-x86-64.so.2")];
  const outcome = run(wrapRequestOf([store.at("all")], { interpreters, ...changes }));
  expect(outcome.issues).toEqual([]);
  return outcome;
}

const kindOf = ({ files }: RunOutcome): string | undefined =>
  files.find(({ path }) => path === store.at("all/addon/addon.node"))?.kind;

test("is the original again where the executables carry it now", () => {
  expect(kindOf(wrap())).toBe("in-place");
  expect(addon().equals(original)).toBe(false);
  expect(kindOf(wrap({ libraries: "carry" }))).toBe("restored");
  expect(addon().equals(original)).toBe(true);
  expect(kindOf(wrap({ libraries: "carry" }))).toBe("skipped");
});

test("is the original again where the directories that it was given are not given any more", () => {
  const carried = { paths: [store.at("all/one")] };
  store.library("all/one/libx.so", { needed: ["libc.so.6"] });
  store.library("all/one/plug.so", { needed: ["libx.so"], runpath: "$ORIGIN", imports: ["dlopen"] });
  store.executable("all/one/tool", { needed: ["libc.so.6"] });
  const plugIn = (): Buffer => readFileSync(store.at("all/one/plug.so"));
  const before = plugIn();
  wrap({ ...carried, appendRunPath: [store.at("former")] });
  expect(plugIn().equals(before)).toBe(false);
  expect(describeSummary(wrap({ ...carried, dryRun: true }))).toContain("1 to wrap, 1 to restore");
  expect(plugIn().equals(before)).toBe(false);
  expect(describeSummary(wrap(carried))).toContain("1 wrapped, 1 restored");
  expect(plugIn().equals(before)).toBe(true);
});

test("stays as it is where libraries are to be left alone", () => {
  wrap();
  const patched = addon();
  expect(kindOf(wrap({ libraries: "leave" }))).toBe("skipped");
  expect(addon().equals(patched)).toBe(true);
});

test("is named in the report for other programs", () => {
  wrap();
  const { files } = reportSchema.parse(JSON.parse(renderJson(wrap({ libraries: "carry", dryRun: true }))));
  expect(files).toContainEqual({ kind: "restored", path: store.at("all/addon/addon.node") });
});
