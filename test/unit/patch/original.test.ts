// What a sidecar that somebody else has written can make wrap-buddy believe of an executable.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { unwrap } from "../../../src/commands/unwrap/unwrap.ts";
import { run } from "../../../src/commands/wrap/run.ts";
import { PT_INTERP, PT_NULL } from "../../../src/elf/constants.ts";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { readOriginal } from "../../../src/patch/original.ts";
import { decodeSidecar, encodeSidecar, type Sidecar } from "../../../src/patch/sidecar/sidecar-codec.ts";
import type { SidecarProblem } from "../../../src/patch/sidecar/sidecar-problem.ts";
import { createSmallStore, type SmallStore } from "../../support/simulated/small-store.ts";
import { wrapRequestOf } from "../../support/simulated/wrap-request.ts";
import { overwriteFile } from "../../support/writing/overwrite-file.ts";

let store: SmallStore;
let path: string;
let sidecarPath: string;
beforeEach(() => {
  store = createSmallStore();
  path = store.executable("bundle/tool", { needed: ["libc.so.6"] });
  sidecarPath = store.at("bundle/.tool.wrapbuddy");
  run(wrapRequestOf([path], { interpreters: [store.at("glibc/lib/ld-linux-x86-64.so.2")] }));
});
afterEach(() => store.remove());

const layout = { elfClass: 64, byteOrder: "little" } as const;

/** Rewrites the sidecar with something else in it; its check is made to fit, as an attacker would. */
function forge(change: (sidecar: Sidecar) => Partial<Sidecar>): void {
  const sidecar = decodeSidecar(layout, readFileSync(sidecarPath));
  if ("kind" in sidecar) throw new Error(sidecar.kind);
  const encoded = encodeSidecar(layout, { ...sidecar, ...change(sidecar), loaderAlign: 64 });
  if ("field" in encoded) throw new Error(encoded.field);
  overwriteFile(sidecarPath, encoded.bytes);
}

/** What is wrong with the sidecar; undefined when nothing is. */
function problem(): SidecarProblem | undefined {
  const original = readOriginal(parseElf(bufferSource(readFileSync(path))), path);
  return original.kind === "damaged" && original.issue.kind === "sidecar-damaged" ? original.issue.problem : undefined;
}

describe("a forged sidecar is refused that would restore", () => {
  test("the file header", () => {
    forge(() => ({ savedAddress: 0n, saved: Buffer.alloc(64, 1) }));
    expect(problem()).toEqual({ kind: "of-another-executable" });
  });

  test("bytes of a segment that is not executable", () => {
    const elf = parseElf(bufferSource(readFileSync(path)));
    const writable = elf.programHeaders.find(({ type, flags }) => type === 1 && flags === 6);
    forge(() => ({ savedAddress: writable?.virtualAddress ?? 0n, saved: Buffer.alloc(16, 1) }));
    expect(problem()).toEqual({ kind: "of-another-executable" });
  });

  test("bytes after the segment's page", () => {
    forge(({ savedAddress }) => ({ savedAddress, saved: Buffer.alloc(9000, 1) }));
    expect(problem()).toEqual({ kind: "of-another-executable" });
  });

  test("other bytes than the stub's", () => {
    forge(({ savedAddress, saved }) => ({
      savedAddress: savedAddress + BigInt(saved.length),
      saved: Buffer.alloc(16),
    }));
    expect(problem()).toEqual({ kind: "of-another-executable" });
  });

  test("the stub itself, as the original", () => {
    const { offset } = stubRange();
    forge(({ saved }) => ({ saved: readFileSync(path).subarray(offset, offset + saved.length) }));
    expect(problem()).toEqual({ kind: "saved-stub" });
  });

  test("another program header than a cleared one", () => {
    const elf = parseElf(bufferSource(readFileSync(path)));
    const code = elf.programHeaders.find(({ type, flags }) => type === 1 && flags === 5);
    forge(() => ({ interpreterOffset: BigInt(code?.offset ?? 0), interpreterFileSize: BigInt(code?.fileSize ?? 0) }));
    expect(problem()).toEqual({ kind: "of-another-executable" });
  });
});

function stubRange() {
  const original = readOriginal(parseElf(bufferSource(readFileSync(path))), path);
  if (original.kind !== "wrapped") throw new Error(original.kind);
  return original.entry;
}

test("the original's program header is PT_INTERP again, and its bytes are", () => {
  const original = readOriginal(parseElf(bufferSource(readFileSync(path))), path);
  if (original.kind !== "wrapped") throw new Error(original.kind);
  expect(original.elf.programHeaders.some(({ type }) => type === PT_INTERP)).toBe(true);
  expect(original.elf.interpreter()).toBe("/lib64/ld-linux-x86-64.so.2");
});

test("a wrapped executable whose former interpreter's path is overwritten cannot be restored, wrapped again or not", () => {
  const elf = parseElf(bufferSource(readFileSync(path)));
  const place = elf.programHeaders.find(({ type, fileSize }) => type === PT_NULL && fileSize > 0);
  const bytes = readFileSync(path);
  bytes.fill(0x58, place?.offset ?? 0, (place?.offset ?? 0) + 4);
  overwriteFile(path, bytes);
  const refuse = () => unwrap({ paths: [path], recurse: true, exclude: [], dryRun: false });
  const refused = {
    ok: false,
    issues: [{ kind: "interpreter-overwritten", severity: "error", found: "XXXX64/ld-linux-" }],
  };
  expect(refuse()).toMatchObject(refused);
  run(
    wrapRequestOf([path], { interpreters: [store.at("glibc/lib/ld-linux-x86-64.so.2")], extraNeeded: ["libm.so.6"] }),
  );
  expect(refuse()).toMatchObject(refused);
  const again = run(
    wrapRequestOf([path], { interpreters: [store.at("glibc/lib/ld-linux-x86-64.so.2")], form: "in-place" }),
  );
  expect(again).toMatchObject(refused);
});

const replaceBy = (make: (at: string) => void) => (at: string) => {
  rmSync(at);
  make(at);
};

describe("a sidecar that is not usable is said to be", () => {
  test.each([
    ["missing", (at: string) => rmSync(at), { kind: "absent" }],
    ["a directory", replaceBy((at) => mkdirSync(at)), { kind: "unreadable", code: "EISDIR" }],
    ["empty", (at: string) => overwriteFile(at, ""), { kind: "shorter-than-header", size: 0 }],
    [
      "a megabyte too large",
      (at: string) => overwriteFile(at, Buffer.alloc(1 << 21)),
      { kind: "unreadable", code: "EFBIG" },
    ],
    ["a symlink to itself", replaceBy((at) => symlinkSync(at, at)), { kind: "unreadable", code: "ELOOP" }],
  ])("%s", (_title, damage, expected) => {
    damage(sidecarPath);
    expect(problem()).toEqual(expected);
  });

  test("of another executable", () => {
    const other = store.executable("bundle/other", {
      needed: ["libc.so.6"],
      code: new Uint8Array(4000),
      entryOffset: 64,
    });
    run(wrapRequestOf([other], { interpreters: [store.at("glibc/lib/ld-linux-x86-64.so.2")] }));
    renameSync(store.at("bundle/.other.wrapbuddy"), sidecarPath);
    expect(problem()).toEqual({ kind: "of-another-executable" });
  });
});

test("a stub whose sidecar's name is a path leads to no file elsewhere", () => {
  const bytes = readFileSync(path);
  const name = bytes.indexOf("/.tool.wrapbuddy\0");
  bytes.write("/../x.wrapbuddy\0", name, "latin1");
  writeFileSync(path, bytes);
  expect(problem()).toEqual({ kind: "name-is-path" });
});

test("unwrapping removes nothing that is not named like a sidecar", () => {
  store.text("bundle/precious", "");
  const report = unwrap({ paths: [store.at("bundle")], recurse: true, exclude: [], dryRun: false });
  expect(report.files).toMatchObject([{ kind: "unwrapped", removed: [sidecarPath] }]);
  expect(readdirSync(store.at("bundle"))).toEqual(["precious", "tool"]);
});
