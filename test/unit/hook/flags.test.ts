import { expect, test } from "vitest";
import { readFlags, translateAutoPatchelfFlags } from "../../../src/hook/flags.ts";

test("options of the command line are read", async () => {
  const flags = await readFlags(["--keep-libc", "--exclude", "a b", "c", "-v"], []);
  expect(flags).toMatchObject({ kind: "values", values: { "keep-libc": true, exclude: ["a b", "c"], verbose: 1 } });
});

test("without options every one has its default", async () => {
  const flags = await readFlags([], []);
  expect(flags).toMatchObject({ kind: "values", values: { recurse: true, exclude: [], pin: undefined, quiet: false } });
});

test("an unknown option is an issue of the attribute", async () => {
  expect(await readFlags(["--keep-lib"], [])).toEqual({
    kind: "issues",
    issues: [
      {
        kind: "bad-flag",
        attribute: "wrapBuddyFlags",
        issue: { kind: "unknown-option", name: "--keep-lib", nearest: "--keep-libc" },
      },
    ],
  });
});

test.each(["--json", "--help", "--version", "--completion=bash"])("%s is not for packages", async (option) => {
  expect(await readFlags([option], [])).toMatchObject({
    kind: "issues",
    issues: [{ issue: { kind: "unknown-option" } }],
  });
});

test("a word that belongs to no option is an issue", async () => {
  expect(await readFlags(["bin/tool"], [])).toEqual({
    kind: "issues",
    issues: [{ kind: "stray-word", attribute: "wrapBuddyFlags", word: "bin/tool" }],
  });
});

test("the options of auto-patchelf that mean something here are translated, the others left out", () => {
  const words = [
    ..."--keep-libc --preserve-origin --append-rpaths /a /b --ignore-missing=libx.so".split(" "),
    ..."--no-recurse --extra-args --force-rpath x".split(" "),
  ];
  expect(translateAutoPatchelfFlags(words)).toEqual([
    "--keep-libc",
    "--append-run-path",
    "/a",
    "/b",
    "--ignore-missing=libx.so",
  ]);
});

test("both attributes that hold options count", async () => {
  const flags = await readFlags(["--append-run-path", "/a"], ["--append-rpaths", "/b", "--ignore-existing"]);
  expect(flags).toMatchObject({ values: { "append-run-path": ["/a", "/b"], "ignore-existing": true } });
});
