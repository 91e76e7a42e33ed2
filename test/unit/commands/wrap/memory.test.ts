// What is remembered of a run holds as long as nothing has changed that decides, and no longer.

import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runMemory } from "../../../../src/cli/machine/run-memory.ts";
import { keepRun, readRun } from "../../../../src/commands/wrap/memory/kept-run.ts";
import { nameOfRun } from "../../../../src/commands/wrap/memory/run-key.ts";
import type { RunMemory } from "../../../../src/commands/wrap/memory/run-memory.ts";
import { run } from "../../../../src/commands/wrap/run.ts";
import type { RunOutcome } from "../../../../src/commands/wrap/run-outcome.ts";
import type { WrapRequest } from "../../../../src/planning/wrap-request.ts";
import { createSmallStore, type SmallStore } from "../../../support/simulated/small-store.ts";
import { wrapRequestOf } from "../../../support/simulated/wrap-request.ts";

let store: SmallStore;
let memory: RunMemory;
let request: WrapRequest;

/** Longer than a tick of the clock: what is changed after it is seen to be. */
const rest = () => setTimeout(60);

/** Stands in what is remembered, and nowhere else. */
const mark = 12345;

/** A tree with two executables, one of which has something to be said of it, is wrapped, and the run remembered. */
beforeEach(async () => {
  store = createSmallStore();
  memory = { directory: store.at("cache"), version: () => "1", worthwhile: 0 };
  store.library("libs/libz.so.1", { needed: ["libc.so.6"] });
  mkdirSync(store.at("earlier"));
  store.executable("bundle/bin/tool", { needed: ["libz.so.1", "libc.so.6"] });
  store.executable("bundle/bin/other", { needed: ["libc.so.6"] });
  store.library("bundle/lib/plug-in.so", { needed: ["libabsent.so.1", "libc.so.6"] });
  request = wrapRequestOf([store.at("bundle")], {
    interpreters: [store.at("glibc/lib/ld-linux-x86-64.so.2")],
    libraryDirectories: [store.at("earlier"), store.at("libs")],
  });
  expect(run(request).ok).toBe(true);
  await rest();
  run(request, {}, memory);
  const [name, kept] = [nameOfRun(request), readRun(memory.directory, nameOfRun(request))];
  if (kept === undefined) throw new Error("the run has not been remembered");
  const executables = kept.executables.map((one) => ({ ...one, facts: { ...one.facts, stubSize: mark } }));
  keepRun(memory.directory, name, { ...kept, executables });
});
afterEach(() => store.remove());

/** The executables that were not planned again, and the outcome as it is without a memory. */
function again(changes: Partial<WrapRequest> = {}, other = memory): readonly string[] {
  const asked = { ...request, dryRun: true, ...changes };
  const [expected, got] = [run(asked), run(asked, {}, other)];
  const marked = (outcome: RunOutcome) =>
    outcome.files.flatMap((file) =>
      "facts" in file && "stubSize" in file.facts && file.facts.stubSize === mark ? [file.path] : [],
    );
  const unmarked = (outcome: RunOutcome) => ({
    ...outcome,
    files: outcome.files.map((file) => {
      const facts = "facts" in file ? { facts: { ...file.facts, stubSize: 0 } } : {};
      // Which of them is told what plug-ins lack is no part of the report.
      return {
        ...file,
        ...facts,
        ...("resolution" in file ? { resolution: { ...file.resolution, plugInIssues: [] } } : {}),
      };
    }),
  });
  expect(unmarked(got)).toEqual(unmarked(expected));
  return marked(got).map((path) => path.slice(store.at("bundle/").length));
}

test("what is wrapped is not planned again, and all is said that was said before", () => {
  expect(run(request).issues.map(({ kind }) => kind)).toEqual(["missing-library"]);
  expect(again()).toEqual(["bin/other", "bin/tool"]);
});

describe("everything is planned again after", () => {
  test.each<readonly [string, () => void]>([
    ["a library in a directory that comes first", () => store.library("earlier/libz.so.1", { needed: ["libc.so.6"] })],
    ["a library was replaced", () => store.library("libs/libz.so.1", { needed: ["libm.so.6", "libc.so.6"] })],
    ["a library is gone", () => rmSync(store.at("libs/libz.so.1"))],
    ["a library that comes with the tree", () => store.library("bundle/lib/libz.so.1", { needed: ["libc.so.6"] })],
    ["a library of the tree was replaced", () => store.library("bundle/lib/plug-in.so", { needed: ["libc.so.6"] })],
    [
      "the dynamic linker was replaced",
      () => {
        const linker = store.at("glibc/lib/ld-linux-x86-64.so.2");
        copyFileSync(linker, `${linker}.new`);
        renameSync(`${linker}.new`, linker);
      },
    ],
    ["the C library may not be read any more", () => chmodSync(store.at("glibc/lib/libc.so.6"), 0o644)],
  ])("%s", (_, change) => {
    change();
    expect(again()).toEqual([]);
  });

  test("other options, or another version of the tool", () => {
    expect(again({ runtimeDependencies: [store.at("libs")] })).toEqual([]);
    expect(again({}, { ...memory, version: () => "2" })).toEqual([]);
  });

  test("whoever had something to say is gone", () => {
    const kept = readRun(memory.directory, nameOfRun(request));
    expect(kept?.tellers).toHaveLength(1);
    rmSync(kept?.tellers[0] ?? "");
    rmSync((kept?.tellers[0] ?? "").replace(/[^/]*$/, ".$&.wrapbuddy"));
    expect(again()).toEqual([]);
  });
});

describe("one executable is planned again after", () => {
  test.each<readonly [string, () => void]>([
    ["it was installed again", () => store.executable("bundle/bin/tool", { needed: ["libm.so.6", "libc.so.6"] })],
    ["its mode was changed", () => chmodSync(store.at("bundle/bin/tool"), 0o700)],
    [
      "its sidecar was changed",
      () => {
        const sidecar = store.at("bundle/bin/.tool.wrapbuddy");
        const bytes = readFileSync(sidecar);
        rmSync(sidecar);
        writeFileSync(sidecar, bytes);
      },
    ],
    ["its sidecar may be read by fewer", () => chmodSync(store.at("bundle/bin/.tool.wrapbuddy"), 0o400)],
  ])("%s", (_, change) => {
    change();
    expect(again()).toEqual(["bin/other"]);
  });
});

test("a new executable is wrapped, and the others are known as before; then it is known too", async () => {
  store.executable("bundle/bin/new", { needed: ["libz.so.1", "libc.so.6"] });
  await rest();
  expect(again()).toEqual(["bin/other", "bin/tool"]);
  const kindsOf = (outcome: RunOutcome) =>
    outcome.files.flatMap((file) => (file.kind === "skipped" ? [] : [file.kind]));
  expect(kindsOf(run(request, {}, memory))).toEqual(["wrapped", "already-wrapped", "already-wrapped"]);
  await rest();
  run(request, {}, memory);
  expect(readRun(memory.directory, nameOfRun(request))?.executables).toHaveLength(3);
});

test("what is kept and damaged, or kept by nobody, is as if there were nothing", () => {
  const [name = ""] = readdirSync(memory.directory);
  const file = join(memory.directory, name);
  const bytes = readFileSync(file);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  writeFileSync(file, bytes);
  expect(again()).toEqual([]);
  writeFileSync(file, "");
  expect(again()).toEqual([]);
  expect(again({}, { ...memory, directory: store.at("glibc/lib/libc.so.6") })).toEqual([]);
});

test("a run in which something changed is not remembered", async () => {
  const fresh = { ...memory, directory: store.at("fresh") };
  store.library("libs/libz.so.1", { needed: ["libc.so.6"] });
  run(request, {}, fresh);
  expect(readRun(fresh.directory, nameOfRun(request))).toBeUndefined();
  await rest();
  run(request, {}, fresh);
  expect(readRun(fresh.directory, nameOfRun(request))?.executables).toHaveLength(2);
});

test("a run that fails, or that writes nothing, is not remembered", () => {
  const fresh = { ...memory, directory: store.at("fresh") };
  run({ ...request, dryRun: true }, {}, fresh);
  run({ ...request, strict: true }, {}, fresh);
  expect(() => readdirSync(fresh.directory)).toThrow("ENOENT");
});

test("the command line remembers in the user's cache, and never in a Nix build", () => {
  expect(runMemory({ HOME: "/home/a" })?.directory).toBe("/home/a/.cache/wrap-buddy");
  expect(runMemory({ HOME: "/home/a", XDG_CACHE_HOME: "/b" })?.directory).toBe("/b/wrap-buddy");
  expect([runMemory({}), runMemory({ HOME: "/home/a", NIX_BUILD_TOP: "/build" })]).toEqual([undefined, undefined]);
});
