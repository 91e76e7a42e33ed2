import { afterEach, beforeEach, expect, test } from "vitest";
import { runCommand } from "../../../support/run-command.ts";
import { createSmallStore, type SmallStore } from "../../../support/simulated/small-store.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

const bundle = (...words: readonly string[]) =>
  runCommand("bundle", [...words, "--output", "out", "--dry-run"], store.root);

test("a program of a machine without a stub is not said to be static: what it loads is not in the bundle", async () => {
  store.executable("tool", { machine: 8, interpreter: "/lib64/ld.so.1", needed: ["libc.so.6"] });
  const { code, stdout, stderr } = await bundle("tool");
  expect([code, stdout.split("\n")[0], stderr]).toMatchInlineSnapshot(`
    [
      0,
      "would bundle bin/tool from ./tool, without what it may load",
      "wrap-buddy: warning: ./tool: taken without a dynamic linker and libraries: for another machine
      help: it starts only where those that it needs are
    ",
    ]
  `);
});

test("a static program of such a machine needs nothing", async () => {
  store.executable("tool", { machine: 8, interpreter: null, dynamic: false });
  const { stdout, stderr } = await bundle("tool");
  expect([stdout.split("\n")[0], stderr]).toEqual(["would bundle bin/tool from ./tool: static", ""]);
});

test("what a program that is packed with UPX loads is inside, and not in the bundle", async () => {
  const description = Uint8Array.of(0, 0, 0, 0, 0x55, 0x50, 0x58, 0x21, 0, 0, 0, 0);
  store.executable("tool", {
    type: 2,
    interpreter: null,
    dynamic: false,
    notes: [{ name: "x", type: 1, description }],
  });
  const { stdout, stderr } = await bundle("tool");
  expect([stdout.split("\n")[0], stderr]).toMatchInlineSnapshot(`
    [
      "would bundle bin/tool from ./tool, without what it may load",
      "wrap-buddy: warning: ./tool: taken without a dynamic linker and libraries: UPX-packed
      help: unpack it first with upx -d
    ",
    ]
  `);
});

test("the report has the reason as data", async () => {
  store.executable("tool", { machine: 8, interpreter: "/lib64/ld.so.1" });
  expect(JSON.parse((await bundle("tool", "--json")).stdout)).toMatchObject({
    programs: [{ name: "tool", kind: "alone" }],
    issues: [{ kind: "taken-alone", severity: "warning", reason: "other-machine" }],
  });
});
