import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { run } from "../../../src/commands/wrap/run.ts";
import type { RunOutcome } from "../../../src/commands/wrap/run-outcome.ts";
import type { WrapRequest } from "../../../src/planning/wrap-request.ts";
import { createSmallStore, type SmallStore } from "../../support/simulated/small-store.ts";
import { wrapRequestOf } from "../../support/simulated/wrap-request.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
  store.library("glibc32/lib/ld-linux.so.2", { elfClass: 32, machine: 3, symbols: [{ name: "_r_debug", value: 16n }] });
  store.executable("bundle/tool", { needed: ["libc.so.6"] });
});
afterEach(() => store.remove());

const linker = (): string => store.at("glibc/lib/ld-linux-x86-64.so.2");
const linker32 = (): string => store.at("glibc32/lib/ld-linux.so.2");

function wrap(path: string, changes: Partial<WrapRequest>): RunOutcome {
  return run(wrapRequestOf([store.at(path)], changes));
}

function interpreterOf({ files }: RunOutcome): string | undefined {
  const file = files.find(({ kind }) => kind === "wrapped");
  return file?.kind === "wrapped" ? file.facts.interpreter : undefined;
}

test("of several given interpreters the one that fits the file is used", () => {
  expect(interpreterOf(wrap("bundle", { interpreters: [linker32(), linker()] }))).toBe(linker());
});

test("a given interpreter goes before a default one", () => {
  const other = store.library("other/ld-linux-x86-64.so.2", { symbols: [{ name: "_r_debug", value: 16n }] });
  store.library("other/libc.so.6", {});
  expect(interpreterOf(wrap("bundle", { interpreters: [other], fallbackInterpreters: [linker()] }))).toBe(other);
});

test("a default interpreter goes before the one that the file names", () => {
  const request = { fallbackInterpreters: [linker()], allowOwnInterpreter: true };
  expect(interpreterOf(wrap("bundle", request))).toBe(linker());
});

test("a default interpreter that is not there is none", () => {
  const request = { fallbackInterpreters: [store.at("absent"), linker()] };
  expect(interpreterOf(wrap("bundle", request))).toBe(linker());
});

test("a default interpreter that was built in and is not there is an error", () => {
  const path = store.at("absent");
  const { issues, ok } = wrap("bundle", {
    fallbackInterpreters: [linker(), path],
    builtInInterpreters: [path],
  });
  expect(ok).toBe(false);
  expect(issues).toMatchObject([{ kind: "bad-interpreter", path, problem: "no-such-file" }]);
});

test("an interpreter that the loader cannot map is an error, not a program that does not start", () => {
  const path = linker();
  const bytes = readFileSync(path);
  // e_phoff to a copy of the program headers after everything.
  const table = bytes.subarray(64, 64 + 56 * bytes.readUInt16LE(56));
  bytes.writeBigUInt64LE(16_384n, 32);
  writeFileSync(path, Buffer.concat([bytes, Buffer.alloc(16_384 - bytes.length), table]));
  const { issues, ok } = wrap("bundle", { interpreters: [path] });
  expect(ok).toBe(false);
  expect(issues).toMatchObject([{ kind: "bad-interpreter", path, problem: "unusual-layout" }]);
});

test("the interpreter that the file names is used where it is here and nothing else is given", () => {
  store.executable("bundle/tool", { needed: ["libc.so.6"], interpreter: linker() });
  expect(interpreterOf(wrap("bundle", { allowOwnInterpreter: true }))).toBe(linker());
});

test("without any interpreter each executable is an error that says what it is", () => {
  const outcome = wrap("bundle", {});
  expect(outcome.issues).toEqual([
    {
      kind: "no-interpreter",
      path: store.at("bundle/tool"),
      named: "/lib64/ld-linux-x86-64.so.2",
      machine: 62,
      elfClass: 64,
    },
  ]);
});

test("an executable of a tree that none of the given interpreters fits is skipped with that reason", () => {
  store.executable("bundle/tool32", { elfClass: 32, machine: 3, interpreter: "/lib/ld-linux.so.2" });
  const outcome = wrap("bundle", { interpreters: [linker()] });
  expect(outcome.ok).toBe(true);
  expect(outcome.files).toContainEqual({
    kind: "skipped",
    path: store.at("bundle/tool32"),
    reason: "no-interpreter-for-it",
    detail: "/lib/ld-linux.so.2",
  });
});

test("the same executable named by the user is an error", () => {
  store.executable("bundle/tool32", { elfClass: 32, machine: 3, interpreter: "/lib/ld-linux.so.2" });
  const outcome = wrap("bundle/tool32", { interpreters: [linker()] });
  expect(outcome.issues).toMatchObject([{ kind: "no-interpreter", machine: 3, elfClass: 32 }]);
});

test("a musl executable never gets glibc's interpreter", () => {
  store.executable("bundle/musl", { interpreter: "/lib/ld-musl-x86_64.so.1", needed: ["libc.so"] });
  const { files } = wrap("bundle", { interpreters: [linker()] });
  expect(files).toContainEqual(expect.objectContaining({ reason: "musl-without-interpreter" }));
});

test("a given interpreter that is none is one error, not one for every file besides", () => {
  const outcome = wrap("bundle", { interpreters: [store.text("ld.so", "not ELF")] });
  expect([outcome.issues, outcome.files]).toMatchObject([
    [{ kind: "bad-interpreter", problem: "not-elf" }],
    [{ kind: "unchanged" }],
  ]);
});

test("what stands at a linker's path on NixOS and is none, stub-ld or nix-ld, is not used", () => {
  const standIn = store.library("lib64/ld-linux-x86-64.so.2", {});
  store.executable("bundle/foreign", { needed: ["libc.so.6"], interpreter: standIn });
  expect(wrap("bundle/foreign", { interpreters: [], fallbackInterpreters: [], allowOwnInterpreter: true }).ok).toBe(
    false,
  );
});
