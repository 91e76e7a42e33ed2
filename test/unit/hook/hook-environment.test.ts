import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ShellValue } from "../../../src/hook/handover.ts";
import { readAttributes, readAttributesFile } from "../../../src/hook/hook-environment.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const string = (value: string): ShellValue => ({ kind: "string", values: [value] });
const list = (...values: readonly string[]): ShellValue => ({ kind: "list", values });

function read(shell: Readonly<Record<string, ShellValue>>, file?: Readonly<Record<string, unknown>>) {
  return readAttributes(new Map(Object.entries(shell)), file);
}

describe("in a plain derivation", () => {
  test("an attribute that is not set is an empty list", () => {
    expect(read({}).values.wrapBuddyFlags).toEqual([]);
  });

  test.each<[string, ShellValue, readonly string[]]>([
    ["a list, of which Nix makes one string", string("a b"), ["a", "b"]],
    ["an empty list", string(""), []],
    ["a list of one in a string of several lines", string("\n  a\n  b\n"), ["a", "b"]],
    ["an array that a phase has set, spaces and all", list("a b", "c"), ["a b", "c"]],
  ])("%s is read", (_what, value, expected) => {
    expect(read({ wrapBuddyExclude: value }).values.wrapBuddyExclude).toEqual(expected);
  });

  test("a string that a phase has made an array of is still split, and what the phase added is not", () => {
    const shell = {
      wrapBuddyFlags: list("-v --keep-libc", "--exclude=a b"),
      "declared:wrapBuddyFlags": string("-v --keep-libc"),
    };
    expect(read(shell).values.wrapBuddyFlags).toEqual(["-v", "--keep-libc", "--exclude=a b"]);
  });

  test.each(["wrapBuddyIgnoreMissing", "autoPatchelfIgnoreMissingDeps"] as const)("%s = true ignores all", (name) => {
    expect(read({ [name]: string("1") }).values[name]).toEqual(["*"]);
  });

  test("a path that is not absolute is an issue", () => {
    expect(read({ runtimeDependencies: string("/nix/store/a lib") }).issues).toEqual([
      { kind: "relative-attribute-path", attribute: "runtimeDependencies", path: "lib" },
    ]);
  });
});

describe("with __structuredAttrs", () => {
  test.each<[string, unknown, ShellValue | undefined, readonly string[]]>([
    ["a list keeps its elements as they are", ["a b", "c*", "", "d"], list("a b", "c*", "", "d"), ["a b", "c*", "d"]],
    ["a string is split", "a b", string("a b"), ["a", "b"]],
    ["an empty list is empty", [], list(), []],
    ["null is empty", null, undefined, []],
    ["null as an empty string is empty", null, string(""), []],
    ["nothing is empty", undefined, undefined, []],
    ["a list with null in it loses that", ["a", null], list("a", ""), ["a"]],
    ["what a phase has made of it counts", ["a"], list("a", "b c"), ["a", "b c"]],
    ["what a phase has set counts", undefined, list("a b"), ["a b"]],
    ["a string that a phase has set counts", ["a"], string("b c"), ["b", "c"]],
    ["what a phase has emptied is empty", ["a"], list(), []],
  ])("%s", (_what, declared, shell, expected) => {
    const { values, issues } = read(
      shell === undefined ? {} : { wrapBuddyFlags: shell },
      declared === undefined ? {} : { wrapBuddyFlags: declared },
    );
    expect(issues).toEqual([]);
    expect(values.wrapBuddyFlags).toEqual(expected);
  });

  test("wrapBuddyIgnoreMissing = true ignores all, false nothing", () => {
    expect(
      read({ wrapBuddyIgnoreMissing: string("1") }, { wrapBuddyIgnoreMissing: true }).values.wrapBuddyIgnoreMissing,
    ).toEqual(["*"]);
    expect(
      read({ wrapBuddyIgnoreMissing: string("") }, { wrapBuddyIgnoreMissing: false }).values.wrapBuddyIgnoreMissing,
    ).toEqual([]);
  });

  test.each<[string, unknown, ShellValue | undefined]>([
    ["true", true, string("1")],
    ["a number", 3, string("3")],
    ["a set", { a: 1 }, { kind: "map", values: ["a"] }],
    ["a nested set, which the shell does not get", { a: { b: 1 } }, undefined],
    ["a list with a number", ["a", 3], list("a", "3")],
    ["a list of lists", [["a"]], undefined],
  ])("%s is an issue that holds the value", (_what, declared, shell) => {
    const { issues, values } = read(shell === undefined ? {} : { wrapBuddyFlags: shell }, { wrapBuddyFlags: declared });
    expect(issues).toEqual([
      { kind: "wrong-attribute-type", attribute: "wrapBuddyFlags", expected: "words", found: declared },
    ]);
    expect(values.wrapBuddyFlags).toEqual([]);
  });

  test("all wrong attributes are found at once", () => {
    const file = { wrapBuddyFlags: 1, runtimeDependencies: true, wrapBuddyIgnoreMissing: { a: 1 } };
    expect(read({}, file).issues.map((issue) => "attribute" in issue && issue.attribute)).toEqual([
      "runtimeDependencies",
      "wrapBuddyIgnoreMissing",
      "wrapBuddyFlags",
    ]);
  });
});

describe("an attribute that is true, false or not set", () => {
  test.each<[string, ShellValue | undefined, boolean | undefined]>([
    ["not set, as null is", undefined, undefined],
    ["true", string("1"), true],
    ["false, which Nix makes an empty string of", string(""), false],
  ])("in a plain derivation: %s", (_what, value, expected) => {
    const { values, issues } = read(value === undefined ? {} : { wrapBuddyPin: value });
    expect([values.wrapBuddyPin, issues]).toEqual([expected, []]);
  });

  test.each<[string, Readonly<Record<string, unknown>>, ShellValue | undefined, boolean | undefined]>([
    ["not set", {}, undefined, undefined],
    ["null", { wrapBuddyPin: null }, undefined, undefined],
    ["null, which newer versions of Nix make an empty string of", { wrapBuddyPin: null }, string(""), undefined],
    ["true", { wrapBuddyPin: true }, string("1"), true],
    ["false", { wrapBuddyPin: false }, string(""), false],
    ["true, made false by a phase", { wrapBuddyPin: true }, string(""), false],
    ["false, made true by a phase", { wrapBuddyPin: false }, string("1"), true],
    ["not set, made true by a phase", {}, string("1"), true],
    ["not set, made false by a phase", {}, string(""), false],
  ])("with __structuredAttrs: %s", (_what, file, shell, expected) => {
    const { values, issues } = read(shell === undefined ? {} : { wrapBuddyPin: shell }, file);
    expect([values.wrapBuddyPin, issues]).toEqual([expected, []]);
  });

  test.each<[string, Readonly<Record<string, unknown>> | undefined, ShellValue, unknown]>([
    ["a word", undefined, string("no"), "no"],
    ["a list", undefined, list("1"), ["1"]],
    ["a number", { wrapBuddyPin: 1 }, string("1"), 1],
  ])("is wrong as %s, and counts as not set", (_what, file, shell, found) => {
    const { values, issues } = read({ wrapBuddyPin: shell }, file);
    expect(issues).toEqual([{ kind: "wrong-attribute-type", attribute: "wrapBuddyPin", expected: "toggle", found }]);
    expect(values.wrapBuddyPin).toBeUndefined();
  });
});

describe("the attributes' file", () => {
  const directory = temporaryDirectory();
  const path = join(directory, ".attrs.json");
  writeFileSync(path, '{ "a": [1] }');

  test("is the one that $NIX_ATTRS_JSON_FILE names", () => {
    expect(readAttributesFile({ NIX_ATTRS_JSON_FILE: path })).toEqual({ a: [1] });
  });

  test("is looked for in the build's directory where it is named by its path outside of the sandbox", () => {
    const variables = { NIX_ATTRS_JSON_FILE: "/nowhere/.attrs.json", NIX_BUILD_TOP: directory };
    expect(readAttributesFile(variables)).toEqual({ a: [1] });
  });

  test.each([{}, { NIX_ATTRS_JSON_FILE: "" }])("is none in a plain derivation", (variables) => {
    expect(readAttributesFile(variables)).toBeUndefined();
  });

  test("holds an object", () => {
    const other = join(directory, "list.json");
    writeFileSync(other, "[1]");
    expect(() => readAttributesFile({ NIX_ATTRS_JSON_FILE: other })).toThrow();
  });
});
