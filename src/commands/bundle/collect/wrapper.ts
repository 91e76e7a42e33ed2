// The wrappers of nixpkgs' makeBinaryWrapper: executables that set variables, add arguments and start another one by its
// absolute path. What each does stands in it as text, the command line that it was made by.
// Source: nixpkgs, pkgs/build-support/setup-hooks/make-binary-wrapper/make-binary-wrapper.sh, docstring and formatArgs.

import { textOfBytes } from "../../../base/text.ts";
import { readIfThere } from "../../../patch/write/write-file.ts";
import type { Called, VariableChange } from "../make/launcher.ts";

/** What a wrapper does. Values and paths are those of before. */
export interface Wrapper {
  /** What it starts. */
  readonly target: string;
  readonly variables: readonly VariableChange[];
  readonly called: Called;
  readonly arguments: readonly string[];
}

/** One that does what a launcher cannot (--chdir), or is made with an option that is not known. */
export interface OtherWrapper {
  readonly target: string;
  readonly called?: undefined;
}

/** Bytes: such a wrapper has some 20 KB, and the text that it carries. */
const largestWrapper = 1 << 20;

/** The wrapper at `path`; undefined for any other file. */
export function readWrapper(path: string, size: number): Wrapper | OtherWrapper | undefined {
  if (size > largestWrapper) return undefined;
  const bytes = readIfThere(path);
  const start = bytes?.indexOf("makeCWrapper ") ?? -1;
  if (bytes === undefined || start === -1) return undefined;
  const end = bytes.indexOf("\n\n", start);
  if (end === -1) return undefined;
  return parseWrapper(textOfBytes(bytes.subarray(start, end)));
}

/** What `makeCWrapper EXECUTABLE OPTION…` means; undefined where it names no executable. */
export function parseWrapper(command: string): Wrapper | OtherWrapper | undefined {
  const [, target, ...words] = shellWords(command);
  if (target === undefined) return undefined;
  const variables: VariableChange[] = [];
  const added: string[] = [];
  let called: Called = { kind: "given", text: target };
  for (let at = 0; at < words.length; ) {
    const [option, first = "", second = "", third = ""] = words.slice(at, at + 4);
    switch (option) {
      case "--set":
      case "--set-default":
        variables.push({ does: option === "--set" ? "set" : "set-default", name: first, value: second });
        at += 3;
        break;
      case "--unset":
        variables.push({ does: "unset", name: first });
        at += 2;
        break;
      case "--prefix":
      case "--suffix":
        variables.push({
          does: option === "--prefix" ? "prefix" : "suffix",
          name: first,
          separator: second,
          value: third,
        });
        at += 4;
        break;
      case "--add-flags":
        for (const word of first.split(/\s+/)) if (word !== "") added.push(word);
        at += 2;
        break;
      case "--add-flag":
        added.push(first);
        at += 2;
        break;
      case "--argv0":
        called = { kind: "given", text: first };
        at += 2;
        break;
      case "--inherit-argv0":
        called = { kind: "own" };
        at += 1;
        break;
      default:
        return { target };
    }
  }
  return { target, variables, called, arguments: added };
}

/** Words as bash's `${word@Q}` writes them, with lines that go on after a backslash. */
function shellWords(text: string): readonly string[] {
  const pattern = /\s+|\\\n|'([^']*)'|\\(.)|([^\s'\\]+)/gs;
  const words: string[] = [];
  let word: string | undefined;
  for (const [whole, quoted, escaped, plain] of text.matchAll(pattern)) {
    const part = quoted ?? escaped ?? plain;
    if (part !== undefined) word = (word ?? "") + part;
    else if (whole !== "\\\n" && word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

/** The values that may name something: what is started, variables, arguments. */
export function valuesOf({ target, variables, arguments: added }: Wrapper): readonly string[] {
  return [target, ...variables.flatMap((change) => (change.does === "unset" ? [] : [change.value])), ...added];
}
