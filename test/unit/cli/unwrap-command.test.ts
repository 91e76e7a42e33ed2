import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CommandIo } from "../../../src/cli/output/io.ts";
import { unwrapReportSchema } from "../../../src/commands/unwrap/unwrap-schema.ts";
import { run } from "../../../src/commands/wrap/run.ts";
import { runCommand } from "../../support/run-command.ts";
import { createSmallStore, type SmallStore } from "../../support/simulated/small-store.ts";
import { wrapRequestOf } from "../../support/simulated/wrap-request.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

const unwrap = (words: readonly string[], io: Partial<CommandIo> = {}) => runCommand("unwrap", words, store.root, io);

/** A wrapped executable; its original bytes. */
function wrapped(path: string): Buffer {
  const original = readFileSync(store.executable(path, { needed: ["libc.so.6"] }));
  const interpreters = [store.at("glibc/lib/ld-linux-x86-64.so.2")];
  run(wrapRequestOf([store.at(path)], { interpreters }));
  return original;
}

test("what was done is printed with paths as they were typed", async () => {
  const original = wrapped("tool");
  expect(await unwrap(["tool"])).toEqual({
    code: 0,
    stdout: "restored ./tool\n  removed ./.tool.wrapbuddy\n1 restored\n",
    stderr: "",
  });
  expect(readFileSync(store.at("tool"))).toEqual(original);
});

test("of an original beside which something was left, it says what it removes, and restores nothing", async () => {
  const original = wrapped("tool");
  writeFileSync(store.at("tool"), original);
  store.text(".tool.wrapbuddy+", "half");
  expect((await unwrap(["tool", "--dry-run"])).stdout).toMatchInlineSnapshot(`
    "would remove what was left of wrapping ./tool, which is not wrapped
      would remove ./.tool.wrapbuddy
      would remove ./.tool.wrapbuddy+
    nothing to restore, 1 not wrapped; dry run: nothing was written
    to do it: wrap-buddy unwrap tool
    "
  `);
  const { stdout } = await unwrap(["tool", "--json"]);
  const removed = [".tool.wrapbuddy", ".tool.wrapbuddy+"].map(store.at);
  expect(unwrapReportSchema.parse(JSON.parse(stdout)).files).toEqual([
    { kind: "cleaned", path: store.at("tool"), isNamed: true, removed, kept: [] },
  ]);
  expect(readdirSync(store.root)).not.toContain(".tool.wrapbuddy+");
  expect((await unwrap(["tool"])).stdout).toBe("not wrapped ./tool\nnothing to restore, 1 not wrapped\n");
});

test("what a stopped run has left of a wrapped executable, or of one that is gone, is named too", async () => {
  wrapped("bundle/tool");
  for (const name of ["tool", "gone"]) store.text(`bundle/.${name}.wrapbuddy~`, "half");
  const { stdout } = await unwrap(["bundle", "--dry-run", "--json"]);
  const leftovers = [store.at("bundle/.gone.wrapbuddy~")];
  expect(unwrapReportSchema.parse(JSON.parse(stdout))).toMatchObject({ leftovers });
  expect((await unwrap(["bundle", "-v"])).stdout).toMatchInlineSnapshot(`
    "restored ./bundle/tool
      removed ./bundle/.tool.wrapbuddy
      removed ./bundle/.tool.wrapbuddy~
    removed ./bundle/.gone.wrapbuddy~, left by a run that was stopped
    1 restored
    "
  `);
  expect(readdirSync(store.at("bundle"))).toEqual(["tool"]);
});

test("-q prints nothing where all goes well", async () => {
  wrapped("tool");
  expect(await unwrap(["-q", "tool"])).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("of a directory, -v prints the executables that are not wrapped", async () => {
  store.executable("bundle/tool", {});
  expect((await unwrap(["bundle"])).stdout).toBe("nothing to restore, 1 not wrapped\n");
  expect((await unwrap(["bundle", "-v"])).stdout).toContain("not wrapped ./bundle/tool\n");
});

test("--exclude leaves files as they are", async () => {
  wrapped("bundle/tool");
  expect((await unwrap(["bundle", "--exclude", "tool"])).stdout).toBe("nothing to restore\n");
});

test("--json prints one JSON value of the published schema on standard output", async () => {
  wrapped("tool");
  const { stdout } = await unwrap(["tool", "absent", "--json"]);
  const report = unwrapReportSchema.parse(JSON.parse(stdout));
  expect(report).toMatchObject({
    ok: false,
    files: [{ kind: "unwrapped", removed: [store.at(".tool.wrapbuddy")], kept: [] }],
    issues: [{ kind: "no-such-path", severity: "error" }],
  });
});

test("--json-schema prints a JSON schema, and needs no path", async () => {
  const { code, stdout } = await unwrap(["--json-schema"]);
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { type: "object" }]);
});

test("--help prints every option, and needs no path", async () => {
  const { code, stdout } = await unwrap(["--help"]);
  expect([code, stdout]).toEqual([0, expect.stringContaining("--dry-run")]);
});

test("no path at all is exit status 2", async () => {
  const { code, stderr } = await unwrap([]);
  expect([code, stderr]).toMatchInlineSnapshot(`
    [
      2,
      "wrap-buddy: error: no path given
      help: name the executables or directories to unwrap; wrap-buddy unwrap --help lists every option
    ",
    ]
  `);
});

test("an option of wrapping is exit status 2", async () => {
  expect((await unwrap(["tool", "--libs", "lib"])).code).toBe(2);
});

test.each([
  ["what is no ELF file", "script", "#!/bin/sh\n"],
  ["a damaged ELF file", "broken", "\u007fELF\u0002\u0001\u0001"],
])("%s, named, is exit status 1", async (_title, name, content) => {
  store.text(name, content);
  expect((await unwrap([name])).code).toBe(1);
  expect((await unwrap(["."])).code).toBe(0);
});
