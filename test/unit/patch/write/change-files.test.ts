// Another program changes a file in the middle of a run: where the run has `cp` do something for it, the copy has been
// made, and where it has `sync` do something, all copies are whole, and none is in its place yet.

import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { run } from "../../../../src/commands/wrap/run.ts";
import { createSmallStore, type SmallStore } from "../../../support/simulated/small-store.ts";
import { wrapRequestOf } from "../../../support/simulated/wrap-request.ts";

/** More than are synced one by one. */
const names = ["a", "b", "c", "d", "tool"];

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
  for (const name of names) store.executable(`bundle/${name}`, { needed: ["libc.so.6"] });
});
afterEach(() => {
  vi.unstubAllEnvs();
  store.remove();
});

/** What is done to the file at $T right after the program has run for the first time. */
function meanwhile(program: "cp" | "sync", command: string): void {
  mkdirSync(store.at("programs"));
  const lines = ["#!/bin/sh", `/bin/${program} "$@" || exit`, '[ -e "$DONE" ] && exit', ': > "$DONE"', command];
  writeFileSync(store.at(`programs/${program}`), `${lines.join("\n")}\n`);
  chmodSync(store.at(`programs/${program}`), 0o755);
  vi.stubEnv("PATH", `${store.at("programs")}:${process.env["PATH"] ?? ""}`);
  vi.stubEnv("T", store.at("bundle/tool"));
  vi.stubEnv("DONE", store.at("done"));
}

const replaced = 'printf other > "$T.new" && mv "$T.new" "$T"';
const written = 'printf other > "$T"';

test.each([
  ["replaces before all is prepared", "cp", replaced, "unchanged"],
  ["writes to before all is prepared", "cp", written, "unchanged"],
  ["replaces later", "sync", replaced, "wrapped"],
  ["writes to later", "sync", written, "wrapped"],
] as const)("a file that somebody %s stays as it is then", (_, program, command, others) => {
  meanwhile(program, command);
  const interpreters = [store.at("glibc/lib/ld-linux-x86-64.so.2")];
  const { files, issues } = run(wrapRequestOf([store.at("bundle")], { interpreters }));
  expect(issues).toEqual([{ kind: "file-changed", path: store.at("bundle/tool") }]);
  expect(files.map(({ kind }) => kind)).toEqual([...Array(4).fill(others), "failed"]);
  expect(readFileSync(store.at("bundle/tool"), "utf8")).toBe("other");
  const sidecars = others === "wrapped" ? names.slice(0, 4).map((name) => `.${name}.wrapbuddy`) : [];
  expect(readdirSync(store.at("bundle")).sort()).toEqual([...sidecars, ...names]);
});

test.each([
  ["copy", "+"],
  ["sidecar", "~"],
])("another run's temporary %s is neither put in a file's place nor removed", (_, suffix) => {
  const temporary = store.at(`bundle/.tool.wrapbuddy${suffix}`);
  meanwhile("sync", `printf other > "$DONE.x" && mv "$DONE.x" ${temporary}`);
  const before = readFileSync(store.at("bundle/tool"));
  const interpreters = [store.at("glibc/lib/ld-linux-x86-64.so.2")];
  const { files, issues } = run(wrapRequestOf([store.at("bundle")], { interpreters }));
  expect(issues).toEqual([{ kind: "file-changed", path: store.at("bundle/tool") }]);
  expect(files.map(({ kind }) => kind)).toEqual([...Array(4).fill("wrapped"), "failed"]);
  expect(readFileSync(store.at("bundle/tool")).equals(before)).toBe(true);
  expect(readFileSync(temporary, "utf8")).toBe("other");
  const sidecars = names.slice(0, 4).map((name) => `.${name}.wrapbuddy`);
  expect(readdirSync(store.at("bundle")).sort()).toEqual([...sidecars, basename(temporary), ...names].sort());
});

test("an executable that another run has wrapped meanwhile keeps that run's sidecar", () => {
  const sidecar = store.at("bundle/.tool.wrapbuddy");
  meanwhile("sync", `${replaced}; printf theirs > ${sidecar}`);
  const interpreters = [store.at("glibc/lib/ld-linux-x86-64.so.2")];
  const { issues } = run(wrapRequestOf([store.at("bundle")], { interpreters }));
  expect(issues).toEqual([{ kind: "file-changed", path: store.at("bundle/tool") }]);
  expect(readFileSync(sidecar, "utf8")).toBe("theirs");
  expect(readFileSync(store.at("bundle/tool"), "utf8")).toBe("other");
});
