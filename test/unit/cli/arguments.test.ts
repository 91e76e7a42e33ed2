import { expect, test } from "vitest";
import { normaliseWords } from "../../../src/cli/arguments.ts";
import { wrapOptions } from "../../../src/cli/options.ts";
import type { UsageIssue } from "../../../src/cli/usage-message.ts";

function wordsOf(...words: readonly string[]): readonly string[] {
  return normaliseWords(words, wrapOptions).words;
}

function issuesOf(...words: readonly string[]): readonly UsageIssue[] {
  return normaliseWords(words, wrapOptions).issues;
}

test("a word before every option is a path", () => {
  expect(wordsOf("a", "b")).toEqual(["--paths", "a", "b"]);
});

test("a word behind --libs=DIR is a path, not a second library directory", () => {
  expect(wordsOf("--libs=lib", "./tool")).toEqual(["--libs=lib", "--paths", "./tool"]);
});

test("words behind --libs DIR are library directories", () => {
  expect(wordsOf("--libs", "a", "b")).toEqual(["--libs", "a", "b"]);
});

test("a word behind a flag is a path, even if it is called true", () => {
  expect(wordsOf("--dry-run", "true")).toEqual(["--dry-run", "--paths", "true"]);
});

test("an option with one value takes one word", () => {
  expect(wordsOf("--loader-dir-path", "d", "tool")).toEqual(["--loader-dir-path", "d", "--paths", "tool"]);
});

test("what follows -- is left as it is", () => {
  expect(wordsOf("-q", "--", "--libs", "-x")).toEqual(["-q", "--", "--libs", "-x"]);
});

test("a list may be empty, as shells expand empty arrays", () => {
  expect(issuesOf("--libs", "--paths", "a")).toEqual([]);
});

test("a mistyped option is named with the nearest one", () => {
  expect(issuesOf("--lib", "a")).toEqual([{ kind: "unknown-option", name: "--lib", nearest: "--libs" }]);
});

test("an option that is like no other has no nearest one", () => {
  expect(issuesOf("--frobnicate")).toEqual([{ kind: "unknown-option", name: "--frobnicate", nearest: undefined }]);
});

test("every mistake of a command line is reported", () => {
  expect(issuesOf("--lib", "a", "--dryrun", "-Z").map(({ kind }) => kind)).toEqual([
    "unknown-option",
    "unknown-option",
    "unknown-option",
  ]);
});

test("a toggle that is mistyped in its negative form is recognised", () => {
  expect(issuesOf("--no-recurs")).toEqual([{ kind: "unknown-option", name: "--no-recurs", nearest: "--no-recurse" }]);
});

test("an option that is no toggle has no negative form", () => {
  expect(issuesOf("--no-paths")).toMatchObject([{ kind: "unknown-option", name: "--no-paths" }]);
});

test("the names of an object's own methods are no options", () => {
  expect(issuesOf("--constructor")).toMatchObject([{ kind: "unknown-option" }]);
});

test("a flag takes no value", () => {
  expect(issuesOf("--dry-run=yes")).toEqual([{ kind: "unexpected-value", option: "--dry-run", value: "yes" }]);
});

test("an option with a value wants one, and takes no other option for it", () => {
  const issue = { kind: "missing-value", option: "--loader-dir-path", placeholder: "DIR" };
  expect([issuesOf("--loader-dir-path"), issuesOf("--loader-dir-path", "--json")]).toEqual([[issue], [issue]]);
});

test("an empty value is a missing one", () => {
  expect(issuesOf("--libs=")).toEqual([{ kind: "missing-value", option: "--libs", placeholder: "DIR…" }]);
});

test("an empty word in a list is a missing value, not the working directory", () => {
  expect(issuesOf("--libs", "a", "")).toEqual([{ kind: "missing-value", option: "--libs", placeholder: "DIR…" }]);
});

test("an empty path is a missing value", () => {
  expect(issuesOf("")).toEqual([{ kind: "missing-value", option: "--paths", placeholder: "PATH…" }]);
});

test("a choice takes one of its words only", () => {
  expect(issuesOf("--run-path-mode", "maybe")).toEqual([
    { kind: "bad-value", option: "--run-path-mode", value: "maybe", expected: ["auto", "runpath", "rpath"] },
  ]);
});

test.each(["-q", "-v", "-vv", "-h"])("%s is known", (word) => {
  expect(issuesOf(word)).toEqual([]);
});

test("one unknown letter among known ones is found", () => {
  expect(issuesOf("-vz")).toMatchObject([{ kind: "unknown-option", name: "-vz" }]);
});

test("a negative number is an option that does not exist, not a value", () => {
  expect(issuesOf("--libs", "-5")).toMatchObject([{ kind: "unknown-option", name: "-5" }]);
});
