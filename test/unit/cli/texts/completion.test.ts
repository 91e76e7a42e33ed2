import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { wrapOptions } from "../../../../src/cli/options/options.ts";
import { completionScript } from "../../../../src/cli/texts/completion.ts";

const commands = [{ name: "inspect", summary: "shows what's there" }];

/** What bash offers at the end of these words. */
function completeInBash(...words: readonly string[]): readonly string[] {
  const script = [
    completionScript("bash", wrapOptions, commands),
    'COMP_WORDS=(wrap-buddy "$@"); COMP_CWORD=$#; COMPREPLY=()',
    '_wrap_buddy; printf "%s\\n" "${COMPREPLY[@]}"',
  ].join("\n");
  const output = execFileSync("bash", ["-euc", script, "bash", ...words], { encoding: "utf8", cwd: "/" });
  return output.split("\n").filter((line) => line !== "");
}

test("bash completes an option", () => {
  expect(completeInBash("--run-p")).toEqual(["--run-path-mode"]);
});

test("bash offers both forms of a toggle", () => {
  expect([...completeInBash("--pin"), ...completeInBash("--no-")].sort()).toEqual([
    "--no-defaults",
    "--no-embedded",
    "--no-gc-roots",
    "--no-pin",
    "--no-recurse",
    "--no-relocatable",
    "--no-strict",
    "--pin",
  ]);
});

test("bash offers the choices of an option", () => {
  expect(completeInBash("--run-path-mode", "")).toEqual(["auto", "runpath", "rpath"]);
});

test("bash offers directories where directories are wanted", () => {
  expect(completeInBash("--libs", "/et")).toEqual(["/etc"]);
});

test("bash offers the commands as the first word only", () => {
  expect([completeInBash("insp"), completeInBash("--json", "insp")]).toEqual([["inspect"], []]);
});

test.each(["fish", "zsh"] as const)("every option stands in the completion for %s", (shell) => {
  const script = completionScript(shell, wrapOptions, commands);
  const names = Object.keys(wrapOptions).map((name) =>
    ["recurse", "defaults", "embedded"].includes(name) ? `no-${name}` : name,
  );
  expect(names.filter((name) => !new RegExp(`(-l |--)${name}\\b`).test(script))).toEqual([]);
});

test("a quotation mark in a description ends no word", () => {
  expect(completionScript("fish", wrapOptions, commands)).toContain("'shows what'\\''s there'");
});
