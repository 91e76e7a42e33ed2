// The policy against the machine that runs the tests: no library is an executable, and no executable a library.

import { spawnSync } from "node:child_process";
import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ByteSource } from "../../../../src/elf/elf-file.ts";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { fileSource } from "../../../../src/elf/source.ts";
import { discover } from "../../../../src/files/discover.ts";
import { classify } from "../../../../src/files/kind/eligibility.ts";
import { judgeHead } from "../../../../src/files/kind/header-verdict.ts";
import { oddHeader } from "../../../../src/files/kind/odd-headers.ts";
import type { Eligibility } from "../../../../src/files/kind/skip-reason.ts";

const facts = {
  supported: [
    { machine: 62, elfClass: 64, byteOrder: "little" },
    { machine: 183, elfClass: 64, byteOrder: "little" },
    { machine: 3, elfClass: 32, byteOrder: "little" },
  ],
  storeDirectory: "/nix/store",
} as const;

function openedFile(path: string): { readonly source: ByteSource; readonly close: () => void } {
  const descriptor = openSync(path, "r");
  return { source: fileSource(descriptor, fstatSync(descriptor).size), close: () => closeSync(descriptor) };
}

function judgeTree(path: string, recurse: boolean): readonly (readonly [path: string, verdict: Eligibility])[] {
  return discover([path], { recurse, exclude: [] }).candidates.map((candidate) => {
    const early = judgeHead(candidate.head, candidate.size, facts);
    if (early !== undefined) return [candidate.path, early];
    const descriptor = openSync(candidate.path, "r");
    try {
      return [candidate.path, classify(parseElf(fileSource(descriptor, candidate.size)), candidate.path, facts)];
    } finally {
      closeSync(descriptor);
    }
  });
}

/** "eligible", or the reason to skip. */
function wordFor(verdict: Eligibility): string {
  return verdict.kind === "eligible" ? "eligible" : verdict.reason;
}

test("every executable in /usr/bin is eligible, or static, or of a machine without a stub", () => {
  const odd = judgeTree("/usr/bin", false).filter(
    ([, verdict]) => !["eligible", "static", "static-pie", "go-static", "other-machine"].includes(wordFor(verdict)),
  );
  expect(odd).toEqual([]);
});

test("no executable in /usr/bin has headers with which it does not start", () => {
  const eligible = judgeTree("/usr/bin", false).filter(([, verdict]) => wordFor(verdict) === "eligible");
  const odd = eligible.flatMap(([path]) => {
    const { source, close } = openedFile(path);
    const elf = parseElf(source);
    const defects = (["stub", "in-place"] as const).flatMap((form) => oddHeader(elf, form) ?? []);
    close();
    return defects.map((defect) => [path, defect]);
  });
  expect(odd).toEqual([]);
  expect(eligible.length).toBeGreaterThan(100);
});

test("no shared library below /usr/lib/x86_64-linux-gnu is eligible", () => {
  const libraries = judgeTree("/usr/lib/x86_64-linux-gnu", true).filter(([path]) => /\.so(\.[0-9.]+)?$/.test(path));
  expect(libraries.length).toBeGreaterThan(50);
  expect(libraries.filter(([, verdict]) => wordFor(verdict) === "eligible")).toEqual([]);
});

test("the C library, which has an interpreter and an entry point, is a shared library", () => {
  const verdicts = judgeTree("/lib/x86_64-linux-gnu/libc.so.6", false).map(([, verdict]) => verdict);
  expect(verdicts).toEqual([{ kind: "skipped", reason: "shared-library", detail: "soname libc.so.6, no DF_1_PIE" }]);
});

describe("programs compiled here", () => {
  const directory = mkdtempSync(join(tmpdir(), "wrap-buddy-policy-"));
  const inDirectory = (name: string) => join(directory, name);

  function run(program: string, ...args: readonly string[]): void {
    const { status, stderr } = spawnSync(program, args, { encoding: "utf8", cwd: directory });
    expect({ program, args, status, stderr }).toMatchObject({ status: 0 });
  }

  beforeAll(() => {
    writeFileSync(inDirectory("main.c"), 'int puts(const char *);\nint main(void) { puts("x"); return 0; }\n');
  });

  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  test.each([
    ["pie", ["-pie"], "eligible"],
    ["no-pie", ["-no-pie"], "eligible"],
    ["pie-with-soname", ["-pie", "-Wl,-soname,libmain.so"], "eligible"],
    ["static", ["-static"], "static"],
    ["static-pie", ["-static-pie"], "static-pie"],
    ["object", ["-c"], "object-file"],
    ["libmain.so", ["-shared", "-fPIC", "-Wl,-soname,libmain.so"], "shared-library"],
    ["library-run-directly", ["-shared", "-fPIC", "-Wl,-e,main", "-Wl,-soname,libx.so"], "shared-library"],
  ])("%s is %3$s", (name, flags, expected) => {
    run("gcc", "-g", "main.c", "-o", name, ...flags);
    expect(judgeTree(inDirectory(name), false).map(([, verdict]) => wordFor(verdict))).toEqual([expected]);
  });

  test("a debug file made by objcopy is one", () => {
    run("gcc", "-g", "main.c", "-o", "whole");
    run("objcopy", "--only-keep-debug", "whole", "whole.debug");
    expect(judgeTree(inDirectory("whole.debug"), false).map(([, verdict]) => wordFor(verdict))).toEqual(["debug-file"]);
  });
});
