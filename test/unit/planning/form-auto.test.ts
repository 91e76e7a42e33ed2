// What --form auto takes, and what it says of that.

import { afterEach, beforeEach, expect, test } from "vitest";
import { run } from "../../../src/commands/wrap/run.ts";
import type { RunOutcome } from "../../../src/commands/wrap/run-outcome.ts";
import type { Form } from "../../../src/planning/wrap-request.ts";
import { describeIssues } from "../../../src/report/messages/describe-issues.ts";
import type { ElfSpec } from "../../support/elf-builder.ts";
import { createSmallStore, type SmallStore } from "../../support/small-store.ts";
import { wrapRequestOf } from "../../support/wrap-request.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
  store.library("zlib/lib/libz.so.1", {});
});
afterEach(() => store.remove());

function wrap(spec: ElfSpec, form: Form): RunOutcome {
  const path = store.executable("bundle/tool", { needed: ["libz.so.1"], ...spec });
  const interpreters = [store.at("glibc/lib/ld-linux-x86-64.so.2")];
  return run(wrapRequestOf([path], { interpreters, libraryDirectories: [store.at("zlib/lib")], form }));
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
    /: no room in place: \d+ bytes needed, \d+ unused at the end of a segment$/,
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
