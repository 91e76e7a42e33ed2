// No bit of a sidecar or a stub can change without a word, except those that nothing else has: the saved bytes.

import { copyFileSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { verify } from "../../../../src/commands/verify/verify.ts";
import { run } from "../../../../src/commands/wrap/run.ts";
import type { FileOutcome } from "../../../../src/commands/wrap/run-outcome.ts";
import { createSmallStore, type SmallStore } from "../../../support/simulated/small-store.ts";
import { wrapRequestOf } from "../../../support/simulated/wrap-request.ts";
import { overwriteFile } from "../../../support/writing/overwrite-file.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

const isFine = (path: string): boolean =>
  verify({ paths: [path], recurse: true, exclude: [], ignoreMissing: [], storeDirectory: store.root }).issues.length ===
  0;

/** A wrapped executable with every kind of name in its sidecar, and where that has the saved bytes. */
function wrapped(isShared: boolean) {
  const path = store.executable("bundle/tool", { needed: ["liba.so", "libc.so.6"] });
  store.library("lib/liba.so", { needed: ["libc.so.6"] });
  const original = readFileSync(path);
  copyFileSync(
    fileURLToPath(new URL("../../../../dist/blobs/x86_64/loader.bin", import.meta.url)),
    `${store.directory("loader")}/loader.bin`,
  );
  const { files } = run(
    wrapRequestOf([path], {
      interpreters: [store.at("glibc/lib/ld-linux-x86-64.so.2")],
      libraryDirectories: [store.at("lib")],
      extraNeeded: ["libgcc_s.so.1"],
      pin: "always",
      storeDirectory: store.root,
      ...(isShared ? { loaderDirectory: store.at("loader") } : {}),
    }),
  );
  const file = files.find((one): one is Extract<FileOutcome, { readonly kind: "wrapped" }> => one.kind === "wrapped");
  if (file === undefined) throw new Error("not wrapped");
  const { savedOffset, savedSize } = file.facts.placement;
  const sidecar = readFileSync(file.sidecarPath);
  const saved = sidecar.indexOf(original.subarray(savedOffset, savedOffset + savedSize));
  return { path, sidecarPath: file.sidecarPath, savedOffset, savedSize, saved };
}

/** The offsets from `start` to `end` at which a changed bit goes unseen, of every `step`th. */
function unseen(path: string, file: string, [start, end]: readonly [number, number], step = 1): readonly number[] {
  const bytes = readFileSync(file);
  const offsets: number[] = [];
  for (let at = start; at < end; at += step) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
    overwriteFile(file, changed);
    if (isFine(path)) offsets.push(at);
  }
  overwriteFile(file, bytes);
  expect(isFine(path)).toBe(true);
  return offsets;
}

describe.each([
  ["in the sidecar", false],
  ["in a file of its own", true],
])("with the loader %s", (_title, isShared) => {
  test("every byte of the sidecar counts, but the saved ones", () => {
    const { path, sidecarPath, saved, savedSize } = wrapped(isShared);
    const sidecar = readFileSync(sidecarPath);
    const loader = isShared ? sidecar.length : 1024;
    // A run path entry that is not in the store may be meant for later, also one that damage has made such.
    const runPath = sidecar.indexOf(0, 22) + 1;
    const inStore = runPath + `${store.root}/`.length;
    expect(unseen(path, sidecarPath, [0, runPath])).toEqual([]);
    expect(unseen(path, sidecarPath, [inStore, saved])).toEqual([]);
    expect(unseen(path, sidecarPath, [saved + savedSize, loader])).toEqual([]);
    expect(unseen(path, sidecarPath, [loader, sidecar.length], 16)).toEqual([]);
  });

  test("every byte of the stub counts", () => {
    const { path, savedOffset, savedSize } = wrapped(isShared);
    expect(unseen(path, path, [savedOffset, savedOffset + savedSize])).toEqual([]);
  });
});
