import { expect, test } from "vitest";
import { separateWords } from "../../../../src/cli/options/arguments.ts";
import { wrapOptions } from "../../../../src/cli/options/options.ts";

function wordsOf(...words: readonly string[]): readonly string[] {
  return separateWords(words, wrapOptions).words;
}

test("a word before every option is a path", () => {
  expect(wordsOf("a", "b")).toEqual(["--paths", "a", "b"]);
});

test("a word after --libs=DIR is a path, not a second library directory", () => {
  expect(wordsOf("--libs=lib", "./tool")).toEqual(["--libs=lib", "--paths", "./tool"]);
});

test("words after --libs DIR are library directories", () => {
  expect(wordsOf("--libs", "a", "b")).toEqual(["--libs", "a", "b"]);
});

test("a word after a flag is a path, even if it is called true", () => {
  expect(wordsOf("--dry-run", "true")).toEqual(["--dry-run", "--paths", "true"]);
});

test("an option with one value takes one word", () => {
  expect(wordsOf("--loader-dir-path", "d", "tool")).toEqual(["--loader-dir-path", "d", "--paths", "tool"]);
});

test("what follows -- is left as it is", () => {
  expect(wordsOf("-q", "--", "--libs", "-x")).toEqual(["-q", "--", "--libs", "-x"]);
});

test("a dash alone is a file of that name: none is dropped without a word", () => {
  expect(separateWords(["tool", "-", "--libs", "-"], wrapOptions).words).toEqual([
    ...["--paths", "tool", "./-", "--libs", "./-"],
  ]);
});
