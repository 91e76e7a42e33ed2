// What becomes of a file that gets its texts in place, from whatever it was before: its names, and sidecars of a stub.

import { copyFileSync, existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { run } from "../../../../src/commands/wrap/run.ts";
import type { InPlaceFilePlan } from "../../../../src/patch/in-place/in-place-plan.ts";
import { type InPlaceFileRequest, planFileInPlace } from "../../../../src/patch/in-place/plan-file.ts";
import { readOriginal } from "../../../../src/patch/original.ts";
import { readElf } from "../../../support/simulated/simulate.ts";
import { createSmallStore, type SmallStore } from "../../../support/simulated/small-store.ts";
import { wrapRequestOf } from "../../../support/simulated/wrap-request.ts";

let store: SmallStore;
let tool: string;
beforeEach(() => {
  store = createSmallStore();
  tool = store.executable("bundle/tool", { needed: ["libc.so.6"], nullSlots: 3 });
});
afterEach(() => store.remove());

const linker = (): string => store.at("glibc/lib/ld-linux-x86-64.so.2");
const sidecar = (name: string): string => store.at(`bundle/.${name}.wrapbuddy`);

function plan(changes: Partial<InPlaceFileRequest> = {}): InPlaceFilePlan {
  const current = readElf(tool);
  const original = readOriginal(current, tool);
  if (original.kind === "damaged") throw new Error(original.issue.kind);
  const content = { interpreter: linker(), runPath: ["/lib/of/it"], tag: "runpath" } as const;
  const request = { path: tool, hasOtherNames: false, isBuildOutput: false, current, original, content };
  const planned = planFileInPlace({ ...request, names: [tool], ...changes });
  if (planned.kind !== "plan") throw new Error(JSON.stringify(planned.issue));
  return planned.plan;
}

/** Gives what is named a stub, with the directory of `plan`. */
function wrap(paths: readonly string[]): void {
  const libraries = { runtimeDependencies: ["/lib/of/it"], libraryDirectories: [] };
  const outcome = run(wrapRequestOf(paths, { interpreters: [linker()], ...libraries }));
  expect(outcome.ok).toBe(true);
}

test("a file that never was patched is no second run, and has no sidecar to remove", () => {
  expect(plan()).toMatchObject({ isRewrap: false, replaceByCopy: false, formerSidecars: [], names: [tool] });
});

test("a file with names elsewhere is replaced by a copy, unless nothing is to be written", () => {
  expect(plan({ hasOtherNames: true }).replaceByCopy).toBe(true);
  const bytes = readFileSync(tool);
  for (const { offset, after } of plan().edits) bytes.set(after, offset);
  writeFileSync(tool, bytes);
  expect(plan({ hasOtherNames: true })).toMatchObject({ edits: [], replaceByCopy: false, isRewrap: false });
  for (const runPath of [["/another"], ["/of/the/same/size"].map((one) => one.slice(0, "/lib/of/it".length))]) {
    const content = { interpreter: linker(), runPath, tag: "runpath" } as const;
    expect(plan({ hasOtherNames: true, content })).toMatchObject({ replaceByCopy: true, isRewrap: true });
  }
});

test("a sidecar that a stopped run has left beside the original goes too, and one of another file stays", () => {
  const other = store.executable("bundle/other", { needed: ["libm.so.6"], code: new Uint8Array(600).fill(0x91) });
  const bytes = readFileSync(tool);
  wrap([tool, other]);
  writeFileSync(tool, bytes);
  expect(plan().formerSidecars).toEqual([sidecar("tool")]);
  // Its mode forbids to write to it.
  rmSync(sidecar("tool"));
  copyFileSync(sidecar("other"), sidecar("tool"));
  expect(plan().formerSidecars).toEqual([]);
});

test("a file that has a stub loses it and the sidecars of all its names", () => {
  store.directory("other");
  const second = store.at("other/second");
  linkSync(tool, second);
  wrap([tool, second]);
  expect([sidecar("tool"), store.at("other/.tool.wrapbuddy")].filter((one) => !existsSync(one))).toEqual([]);
  const planned = plan({ names: [tool, second] });
  expect(planned.isRewrap).toBe(true);
  expect([...planned.formerSidecars].sort()).toEqual([sidecar("tool"), store.at("other/.tool.wrapbuddy")]);
  expect(planned.edits.map(({ what }) => what)).toContain("entry point");
});

test("a library has no sidecars", () => {
  const library = store.library("bundle/lib.so", { needed: ["libc.so.6"], nullSlots: 3 });
  const current = readElf(library);
  const content = { interpreter: undefined, runPath: ["/lib"], tag: "runpath" } as const;
  const original = { kind: "unwrapped" } as const;
  expect(plan({ path: library, names: [library], current, original, content }).formerSidecars).toEqual([]);
});
