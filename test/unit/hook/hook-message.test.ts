import { expect, test } from "vitest";
import {
  describeEmptyDependency,
  describeHookIssue,
  describeNothingToWrap,
  describeUnstrippable,
  type HookIssue,
} from "../../../src/hook/hook-message.ts";
import { plainPaint } from "../../../src/report/colour.ts";
import type { Message } from "../../../src/report/messages/message.ts";
import { renderMessages } from "../../../src/report/render.ts";

const context = { surface: "hook", shownRoots: [{ directory: "/nix/store/x-tool", shownAs: "out" }] } as const;
const render = (message: Message): string => renderMessages([message], plainPaint);
const words = (issue: HookIssue): string => render(describeHookIssue(issue, context));

test("an attribute of the wrong type is named with the form that is expected", () => {
  expect(
    words({ kind: "wrong-attribute-type", attribute: "wrapBuddyFlags", expected: "words", found: { a: 1 } }),
  ).toMatchInlineSnapshot(`
    "wrap-buddy: error: wrapBuddyFlags: expected a list of strings, got the set {"a":1}
      help: write wrapBuddyFlags = [ "one" "two" ];
    "
  `);
  expect(
    words({ kind: "wrong-attribute-type", attribute: "runtimeDependencies", expected: "paths", found: true }),
  ).toMatchInlineSnapshot(`
    "wrap-buddy: error: runtimeDependencies: expected a list of packages or absolute paths, got true
      help: write runtimeDependencies = [ libGL ];
    "
  `);
  expect(
    words({ kind: "wrong-attribute-type", attribute: "wrapBuddyIgnoreMissing", expected: "patterns", found: [3] }),
  ).toMatchInlineSnapshot(`
    "wrap-buddy: error: wrapBuddyIgnoreMissing: expected a list of strings, or true, got the list [3]
      help: write wrapBuddyIgnoreMissing = [ "libcuda.so.*" ];
    "
  `);
});

test("an attribute that is neither true nor false is named with what it is", () => {
  expect(
    words({ kind: "wrong-attribute-type", attribute: "wrapBuddyPin", expected: "toggle", found: "no" }),
  ).toMatchInlineSnapshot(`
    "wrap-buddy: error: wrapBuddyPin: expected true or false, got "no"
      help: write wrapBuddyPin = false;
    "
  `);
});

test("a word that an attribute does not take is named beside those that it takes", () => {
  const choices = ["stub", "in-place", "auto"];
  expect(words({ kind: "wrong-choice", attribute: "wrapBuddyForm", found: "inplace", choices })).toMatchInlineSnapshot(`
    "wrap-buddy: error: wrapBuddyForm: expected stub, in-place or auto, got "inplace"
      help: write wrapBuddyForm = "auto";
    "
  `);
});

test("a long value is cut off", () => {
  const found = Array.from({ length: 100 }, () => [1]);
  expect(
    words({ kind: "wrong-attribute-type", attribute: "wrapBuddyFlags", expected: "words", found }),
  ).toMatchInlineSnapshot(`
    "wrap-buddy: error: wrapBuddyFlags: expected a list of strings, got the list [[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1]…
      help: write wrapBuddyFlags = [ "one" "two" ];
    "
  `);
});

test("every other issue says what to write", () => {
  expect(
    words({ kind: "relative-attribute-path", attribute: "runtimeDependencies", path: "lib" }),
  ).toMatchInlineSnapshot(`
    "wrap-buddy: error: runtimeDependencies: expected a list of packages or absolute paths, got "lib"
      help: write a package, or a path that begins with a slash
    "
  `);
  expect(
    words({
      kind: "bad-flag",
      attribute: "wrapBuddyFlags",
      issue: { kind: "unknown-option", name: "--keep-lib", nearest: "--keep-libc" },
    }),
  ).toMatchInlineSnapshot(`
    "wrap-buddy: error: wrapBuddyFlags: unknown option --keep-lib
      help: did you mean --keep-libc? wrap-buddy --help lists every option
    "
  `);
  expect(words({ kind: "stray-word", attribute: "wrapBuddyFlags", word: "bin/tool" })).toMatchInlineSnapshot(`
    "wrap-buddy: error: wrapBuddyFlags: "bin/tool" belongs to no option
      help: what to wrap is said by calling wrapBuddy PATH… in postFixup
    "
  `);
  expect(words({ kind: "unknown-argument", command: "wrapBuddy", argument: "--all" })).toMatchInlineSnapshot(`
    "wrap-buddy: error: wrapBuddy: unknown option --all
      help: wrapBuddy [--no-recurse] [--] PATH…; every other option goes into wrapBuddyFlags
    "
  `);
  expect(words({ kind: "no-arguments", command: "addWrapBuddySearchPath" })).toMatchInlineSnapshot(`
    "wrap-buddy: error: addWrapBuddySearchPath: no path given
      help: addWrapBuddySearchPath [--no-recurse] [--] DIR…
    "
  `);
  expect(words({ kind: "bad-search-directory", path: "/nix/store/x-tool/opt", code: "ENOENT" })).toMatchInlineSnapshot(`
    "wrap-buddy: error: out/opt: no such file or directory (ENOENT)
      help: addWrapBuddySearchPath was called with it; it has to be there when the outputs are wrapped
    "
  `);
});

test("notes and warnings name the file", () => {
  expect(render(describeUnstrippable("/nix/store/x-tool/bin/app", 4096, context))).toMatchInlineSnapshot(`
    "wrap-buddy: note: out/bin/app: not stripped, 4096 bytes outside its sections would be lost
    "
  `);
  expect(render(describeNothingToWrap(["out", "lib"]))).toMatchInlineSnapshot(`
    "wrap-buddy: note: no executable to wrap in out, lib
      help: set dontWrapBuddy = true, or take wrapBuddy out of nativeBuildInputs, if that is as it should be
    "
  `);
  expect(render(describeEmptyDependency("/nix/store/x-openssl-bin"))).toMatchInlineSnapshot(`
    "wrap-buddy: warning: runtimeDependencies: /nix/store/x-openssl-bin holds no library, nor has it a lib directory
      help: of a package with several outputs its first one is taken; write (lib.getLib PACKAGE)
    "
  `);
});
