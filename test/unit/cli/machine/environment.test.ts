import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Environment, recordedInterpreters } from "../../../../src/cli/machine/environment.ts";
import { readEnvironment } from "../../../../src/cli/machine/read-environment.ts";

const scratch = mkdtempSync(join(tmpdir(), "wrap-buddy-environment-"));
afterAll(() => rmSync(scratch, { recursive: true }));

function environmentOf(variables: Record<string, string>): Environment {
  const checked = readEnvironment(variables);
  if (checked.kind !== "environment") throw new Error(`not understood: ${JSON.stringify(checked.issues)}`);
  return checked.environment;
}

function bintoolsWith(files: Record<string, string>): string {
  const bintools = mkdtempSync(join(scratch, "bintools-"));
  mkdirSync(join(bintools, "nix-support"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(bintools, "nix-support", name), content);
  return bintools;
}

test("an empty environment means the usual store, no binutils, and colour if there is a terminal", () => {
  expect(environmentOf({})).toEqual({
    bintools: undefined,
    storeDirectory: "/nix/store",
    isNixBuild: false,
    noColour: false,
    terminal: undefined,
    debugLevel: 0,
  });
});

test("empty variables are as good as none", () => {
  expect(environmentOf({ NIX_BINTOOLS: "", NIX_STORE: "", NO_COLOR: "", NIX_DEBUG: "" })).toEqual(environmentOf({}));
});

test("another store directory is taken without its trailing slash", () => {
  expect(environmentOf({ NIX_STORE: "/gnu/store/" }).storeDirectory).toBe("/gnu/store");
});

test("every bad variable is an issue with its value and what was expected", () => {
  expect(readEnvironment({ NIX_STORE: "store", NIX_DEBUG: "much" })).toEqual({
    kind: "issues",
    issues: [
      { kind: "bad-variable", variable: "NIX_STORE", value: "store", expected: "an absolute path" },
      { kind: "bad-variable", variable: "NIX_DEBUG", value: "much", expected: "a number" },
    ],
  });
});

test("the dynamic linkers of the stdenv's binutils are the defaults, the 32-bit one after the other", () => {
  const bintools = bintoolsWith({
    "dynamic-linker": "/nix/store/g/lib/ld-linux-x86-64.so.2\n",
    "dynamic-linker-m32": "/nix/store/g/lib/32/ld-linux.so.2\n",
  });
  expect(recordedInterpreters(environmentOf({ NIX_BINTOOLS: bintools }))).toEqual([
    "/nix/store/g/lib/ld-linux-x86-64.so.2",
    "/nix/store/g/lib/32/ld-linux.so.2",
  ]);
});

test("binutils without a recorded dynamic linker give none", () => {
  expect(recordedInterpreters(environmentOf({ NIX_BINTOOLS: bintoolsWith({}) }))).toEqual([]);
});
