// What a run that was stopped leaves beside an executable goes with the next one over the tree or over the file itself:
// whatever it does, and whether or not the file had been changed.

import { readdirSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { unwrap } from "../../../src/commands/unwrap/unwrap.ts";
import type { RunMemory } from "../../../src/commands/wrap/memory/run-memory.ts";
import { run } from "../../../src/commands/wrap/run.ts";
import { createSmallStore, type SmallStore } from "../../support/simulated/small-store.ts";
import { wrapRequestOf } from "../../support/simulated/wrap-request.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
  for (const name of ["one", "two"]) store.executable(`bundle/${name}`, { needed: ["libc.so.6"] });
});
afterEach(() => store.remove());

const wrap = (paths: readonly string[], memory?: RunMemory) =>
  run(
    wrapRequestOf(paths.map(store.at), {
      interpreters: [store.at("glibc/lib/ld-linux-x86-64.so.2")],
    }),
    {},
    memory,
  );
const restore = (paths: readonly string[]) =>
  unwrap({ paths: paths.map(store.at), recurse: true, exclude: [], dryRun: false });

function leave(): void {
  for (const name of ["one", "two"])
    for (const suffix of ["~", "+", "-"]) writeFileSync(store.at(`bundle/.${name}.wrapbuddy${suffix}`), "half");
}
const left = (): readonly string[] => readdirSync(store.at("bundle")).filter((name) => /[~+-]$/.test(name));

const before = { "that was never wrapped": [], "that was wrapped": ["bundle"] } as const;
const commands = { wrap, unwrap: restore };
const asked = { tree: ["bundle"], files: ["bundle/one", "bundle/two"] };

test.each(
  Object.entries(before).flatMap(([state, wrapped]) =>
    Object.entries(commands).flatMap(([command, start]) =>
      Object.entries(asked).map(([what, paths]) => ({ state, wrapped, command, start, what, paths })),
    ),
  ),
)("$command over the $what of what $state leaves nothing of a stopped run", ({ wrapped, start, paths }) => {
  if (wrapped.length > 0) expect(wrap(wrapped).ok).toBe(true);
  leave();
  expect(start(paths).ok).toBe(true);
  expect(left()).toEqual([]);
});

test("nor does a run that remembers the files as wrapped", async () => {
  const memory: RunMemory = { directory: store.at("cache"), version: () => "1", worthwhile: 0 };
  wrap(asked.files);
  await setTimeout(60);
  wrap(asked.files, memory);
  leave();
  expect(wrap(asked.files, memory).files.map(({ kind }) => kind)).toEqual(["already-wrapped", "already-wrapped"]);
  expect(left()).toEqual([]);
});
