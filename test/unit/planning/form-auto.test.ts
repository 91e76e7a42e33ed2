// What --form auto takes, and what it says of that.

import { existsSync, linkSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { run } from "../../../src/commands/wrap/run.ts";
import type { RunOutcome } from "../../../src/commands/wrap/run-outcome.ts";
import type { Form, WrapRequest } from "../../../src/planning/wrap-request.ts";
import { describeIssues } from "../../../src/report/messages/describe-issues.ts";
import type { ElfSpec } from "../../support/elf/elf-builder.ts";
import { createSmallStore, type SmallStore } from "../../support/simulated/small-store.ts";
import { wrapRequestOf } from "../../support/simulated/wrap-request.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
  store.library("zlib/lib/libz.so.1", {});
});
afterEach(() => store.remove());

function wrapThere(path: string, form: Form, changes: Partial<WrapRequest> = {}): RunOutcome {
  const interpreters = [store.at("glibc/lib/ld-linux-x86-64.so.2")];
  return run(wrapRequestOf([path], { interpreters, libraryDirectories: [store.at("zlib/lib")], form, ...changes }));
}

function wrap(spec: ElfSpec, form: Form, changes: Partial<WrapRequest> = {}): RunOutcome {
  return wrapThere(store.executable("bundle/tool", { needed: ["libz.so.1"], ...spec }), form, changes);
}

const kindsOf = ({ files }: RunOutcome) => files.map(({ kind }) => kind);
const messagesOf = ({ issues }: RunOutcome) => describeIssues(issues, { surface: "cli", shownRoots: [] });

test("auto is in place where there is room, and nothing is said of it", () => {
  const outcome = wrap({ nullSlots: 3 }, "auto");
  expect([kindsOf(outcome), outcome.issues]).toEqual([["in-place"], []]);
});

test.each<[string, ElfSpec, RegExp]>([
  ["the dynamic array has no entry", { nullSlots: 1 }, /: its dynamic array has no entry to spare for a run path$/],
  [
    "there are no bytes",
    { nullSlots: 3, soname: "x".repeat(3440), code: new Uint8Array(4080) },
    /: no room in place: \d+ bytes needed, \d+ unused in a segment$/,
  ],
])("auto is a stub where %s, and a note says so", (_, spec, headline) => {
  const outcome = wrap(spec, "auto");
  expect([kindsOf(outcome), messagesOf(outcome)]).toEqual([
    ["wrapped"],
    [expect.objectContaining({ severity: "note", headline: expect.stringMatching(headline), help: [] })],
  ]);
  expect(wrap(spec, "stub").issues).toEqual([]);
});

test("what is asked for in place is an error there, with what helps", () => {
  const outcome = wrap({ nullSlots: 1 }, "in-place");
  expect([kindsOf(outcome), messagesOf(outcome)]).toEqual([
    ["failed"],
    [expect.objectContaining({ severity: "error", help: [expect.stringContaining("--form")] })],
  ]);
});

test.each<[string, Partial<WrapRequest>]>([
  ["a needed entry is to be added", { extraNeeded: ["libz.so.1"] }],
  ["it is to be moved with its libraries", { relocatable: true }],
])("where %s auto is a stub, and in place is refused", (_, changes) => {
  const spec = { nullSlots: 3, needed: ["libc.so.6"] };
  expect(kindsOf(wrap(spec, "auto", changes))).toEqual(["wrapped"]);
  expect(wrap(spec, "in-place", changes).issues).toMatchObject([{ kind: "not-in-place" }]);
});

test("what had a stub has none in place, and no sidecar; its other names keep what they had", () => {
  const path = store.executable("bundle/tool", { needed: ["libz.so.1"], nullSlots: 3 });
  const original = readFileSync(path);
  expect(kindsOf(wrapThere(path, "stub"))).toEqual(["wrapped"]);
  const wrapped = readFileSync(path);
  const other = store.at("other-name");
  linkSync(path, other);
  expect(wrapThere(path, "in-place").files).toMatchObject([
    { kind: "in-place", rewrapped: true, replacedByCopy: true },
  ]);
  expect(readFileSync(other).equals(wrapped)).toBe(true);
  const fresh = store.executable("bundle/fresh", { needed: ["libz.so.1"], nullSlots: 3 });
  wrapThere(fresh, "in-place");
  expect(readFileSync(path).equals(readFileSync(fresh))).toBe(true);
  expect(readFileSync(path).equals(original)).toBe(false);
  expect(existsSync(store.at("bundle/.tool.wrapbuddy"))).toBe(false);
});
