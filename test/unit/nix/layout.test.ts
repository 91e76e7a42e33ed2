// The layout of the Nix expressions. nixfmt cannot be installed everywhere the tests run, so what it does is held here as
// far as lines show it; `nix fmt` does the rest. Source: NixOS RFC 166, "Nix formatting".

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const files = ["flake.nix", ...["nix", "test/nix"].flatMap(nixFilesIn)];

function nixFilesIn(folder: string): readonly string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".nix")).map((name) => join(folder, name));
}

interface Line {
  readonly number: number;
  readonly text: string;
  /** It begins inside of a string of several lines, whose layout is its own. */
  readonly isText: boolean;
}

function linesOf(file: string): readonly Line[] {
  let isText = false;
  return readFileSync(`${root}/${file}`, "utf8")
    .split("\n")
    .map((text, index) => {
      const line = { number: index + 1, text, isText };
      // Two quotes that neither escape a dollar sign nor a quote begin or end such a string.
      const marks = text.match(/''(?!['$\\])/g)?.length ?? 0;
      if (marks % 2 === 1) isText = !isText;
      return line;
    });
}

/** The elements of a list that stands in one line; undefined when its end does not. */
function elementsAfter(text: string): number | undefined {
  let depth = 0;
  let count = 0;
  let isBetween = true;
  let isQuoted = false;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    if (!isQuoted && (character === "]" || character === ")" || character === "}")) depth--;
    if (depth < 0) return count;
    if (character === " " && depth === 0 && !isQuoted) {
      isBetween = true;
    } else if (isBetween) {
      isBetween = false;
      count++;
    }
    if (!isQuoted && (character === "[" || character === "(" || character === "{")) depth++;
  }
  return undefined;
}

test("all expressions are looked at", () => {
  expect(files).toContain("flake.nix");
  expect(files).toContain("nix/hook.nix");
  expect(files).toContain("test/nix/consumer/packages.nix");
});

describe.each(files)("%s", (file) => {
  const lines = linesOf(file);
  const code = lines.filter(({ isText, text }) => !isText && text !== "" && !text.trimStart().startsWith("#"));

  test("ends with one newline, and has no blank line twice and no blank at a line's end", () => {
    expect(lines.at(-1)?.text).toBe("");
    expect(lines.at(-2)?.text).not.toBe("");
    const wrong = lines.filter(
      ({ text }, index) => /[ \t]$|\t/.test(text) || (text === "" && lines[index + 1]?.text === ""),
    );
    expect(wrong).toEqual([]);
  });

  test("is indented by two spaces, never by more than one step at once", () => {
    const indentation = code.map(({ text }) => text.length - text.trimStart().length);
    const wrong = code.filter((_line, index) => {
      const before = indentation[index - 1] ?? 0;
      const here = indentation[index] ?? 0;
      return here % 2 === 1 || here > before + 4;
    });
    expect(wrong).toEqual([]);
  });

  test("has no line of code longer than 100 characters, except a string that cannot be broken", () => {
    expect(code.filter(({ text }) => text.length > 100 && !text.includes('"'))).toEqual([]);
  });

  test("has a list of several elements on several lines", () => {
    const wrong = code.filter(({ text }) =>
      [...text.matchAll(/(?<=^|\s)\[ /g)].some(({ index }) => (elementsAfter(text.slice(index + 2)) ?? 0) > 1),
    );
    expect(wrong).toEqual([]);
  });
});
