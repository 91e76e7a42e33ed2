// A write that was stopped in the middle of the stub: part of it is there, part of the original, and the journal says
// which sidecar has the rest.

import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { unwrap } from "../../../../src/commands/unwrap/unwrap.ts";
import { run } from "../../../../src/commands/wrap/run.ts";
import { writeJournal } from "../../../../src/patch/write/journal.ts";
import type { WrapRequest } from "../../../../src/planning/wrap-request.ts";
import { createSmallStore, type SmallStore } from "../../../support/small-store.ts";
import { wrapRequestOf } from "../../../support/wrap-request.ts";

let store: SmallStore;
let path: string;
let original: Buffer;
let wrapped: Buffer;
let range: { readonly from: number; readonly size: number };

const wrap = (changes: Partial<WrapRequest> = {}) =>
  run(wrapRequestOf([path], { interpreters: [store.at("glibc/lib/ld-linux-x86-64.so.2")], ...changes }));
const restore = () => unwrap({ paths: [path], recurse: true, exclude: [], dryRun: false });
const files = (): readonly string[] => readdirSync(dirname(path)).sort();

beforeEach(() => {
  store = createSmallStore();
  path = store.executable("bundle/tool", { needed: ["libc.so.6"] });
  original = readFileSync(path);
  const [file] = wrap().files;
  if (file?.kind !== "wrapped") throw new Error("not wrapped");
  wrapped = readFileSync(path);
  range = { from: file.facts.placement.savedOffset, size: file.facts.placement.savedSize };
});
afterEach(() => store.remove());

/** Leaves the file as it would be had `size` bytes of the stub been written, first bytes or last ones. */
function tear(size: number, which: "head" | "tail"): void {
  const { from } = range;
  const start = which === "head" ? from : from + range.size - size;
  const bytes = Buffer.from(original);
  wrapped.copy(bytes, start, start, start + size);
  writeFileSync(path, bytes);
  const { ino } = statSync(path, { bigint: true });
  writeJournal(path, {
    mode: statSync(path).mode & 0o7777,
    inode: ino,
    sidecarPath: store.at("bundle/.tool.wrapbuddy"),
  });
}

const sizes = (): readonly number[] => [...Array(range.size + 1).keys()];

describe.each(["head", "tail"] as const)("with only the %s of a stub", (which) => {
  test("an executable is restored, however much is there", () => {
    const sidecar = readFileSync(store.at("bundle/.tool.wrapbuddy"));
    for (const size of sizes()) {
      tear(size, which);
      expect(restore().issues, `${size} bytes`).toEqual([]);
      expect(readFileSync(path).equals(original), `${size} bytes`).toBe(true);
      expect(files()).toEqual(["tool"]);
      writeFileSync(store.at("bundle/.tool.wrapbuddy"), sidecar);
    }
  });

  test("a second run finishes it, and never saves a byte of the stub", () => {
    const sidecar = readFileSync(store.at("bundle/.tool.wrapbuddy"));
    for (const size of sizes()) {
      tear(size, which);
      expect(wrap().issues, `${size} bytes`).toEqual([]);
      expect(readFileSync(path).equals(wrapped), `${size} bytes`).toBe(true);
      expect(readFileSync(store.at("bundle/.tool.wrapbuddy")).equals(sidecar)).toBe(true);
      expect(files()).toEqual([".tool.wrapbuddy", "tool"]);
    }
  });
});

test.each(["head", "tail"] as const)(
  "with only the %s of a stub, a second run with other options saves no byte of it",
  (which) => {
    const sidecar = readFileSync(store.at("bundle/.tool.wrapbuddy"));
    for (const size of sizes()) {
      tear(size, which);
      // Another stub, of another size, because the sidecar is another.
      expect(wrap({ storeDirectory: store.root, appendRunPath: ["/opt/lib"] }).issues, `${size} bytes`).toEqual([]);
      expect(readFileSync(path).equals(wrapped)).toBe(false);
      expect(restore().issues, `${size} bytes`).toEqual([]);
      expect(readFileSync(path).equals(original), `${size} bytes`).toBe(true);
      expect(files()).toEqual(["tool"]);
      writeFileSync(store.at("bundle/.tool.wrapbuddy"), sidecar);
    }
  },
);

test("another file that has taken the executable's place is not what the journal is about", () => {
  tear(100, "head");
  const other = Buffer.from(original);
  other.fill(0xcc, range.from, range.from + 5);
  writeFileSync(store.at("bundle/new"), other);
  // Renamed over it, as package managers do: the journal's inode is gone.
  renameSync(store.at("bundle/new"), path);
  expect(wrap()).toMatchObject({ ok: true, files: [{ rewrapped: false }] });
  restore();
  expect(readFileSync(path).equals(other)).toBe(true);
});
