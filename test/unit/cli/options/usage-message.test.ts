import { expect, test } from "vitest";
import { describeUsageIssue, type UsageIssue } from "../../../../src/cli/options/usage-message.ts";
import { plainPaint } from "../../../../src/report/colour.ts";
import { renderMessages } from "../../../../src/report/render.ts";

function say(issue: UsageIssue, command = ""): string {
  return renderMessages([describeUsageIssue(issue, command)], plainPaint).trimEnd();
}

test("an unknown option comes with the nearest one", () => {
  expect(say({ kind: "unknown-option", name: "--lib", nearest: "--libs" })).toMatchInlineSnapshot(`
    "wrap-buddy: error: unknown option --lib
      help: did you mean --libs? wrap-buddy --help lists every option"
  `);
});

test("an unknown option without a near one points to the help", () => {
  expect(say({ kind: "unknown-option", name: "--frobnicate", nearest: undefined })).toMatchInlineSnapshot(`
    "wrap-buddy: error: unknown option --frobnicate
      help: wrap-buddy --help lists every option"
  `);
});

test("an unknown option that other commands have names them, and the help is the command's own", () => {
  const issue = { kind: "unknown-option", name: "--libs", nearest: undefined, of: ["wrap", "bundle"] } as const;
  expect(say(issue, "verify")).toMatchInlineSnapshot(`
    "wrap-buddy: error: unknown option --libs
      help: it is an option of wrap and bundle; wrap-buddy verify --help lists every option"
  `);
});

test("an empty path is told from a missing one", () => {
  expect(say({ kind: "empty-path" })).toMatchInlineSnapshot(`
    "wrap-buddy: error: a path is empty
      help: check the variable that it comes from; this directory is ."
  `);
});

test("a missing value is shown where it has to stand", () => {
  expect(say({ kind: "missing-value", option: "--loader-dir-path", placeholder: "DIR" })).toMatchInlineSnapshot(`
    "wrap-buddy: error: --loader-dir-path: value missing
      help: write --loader-dir-path DIR"
  `);
});

test("a value that is not taken is quoted", () => {
  expect(say({ kind: "unexpected-value", option: "--dry-run", value: "yes" })).toMatchInlineSnapshot(`
    "wrap-buddy: error: --dry-run: takes no value, got "yes"
      help: write --dry-run alone"
  `);
});

test("a bad value comes with the good ones", () => {
  const issue = {
    kind: "bad-value",
    option: "--run-path-mode",
    value: "maybe",
    expected: ["auto", "runpath", "rpath"],
  } as const;
  expect(say(issue)).toMatchInlineSnapshot(`
    "wrap-buddy: error: --run-path-mode: "maybe" is not a value of it
      help: give auto, runpath or rpath"
  `);
});

test("options that contradict each other are both named", () => {
  expect(say({ kind: "conflicting-options", options: ["--quiet", "--verbose"] })).toMatchInlineSnapshot(`
    "wrap-buddy: error: --quiet and --verbose contradict each other
      help: give one of them"
  `);
});

test("a command line without a path says what to name", () => {
  expect(say({ kind: "no-paths", purpose: "wrap" })).toMatchInlineSnapshot(`
    "wrap-buddy: error: no path given
      help: name the executables or directories to wrap; wrap-buddy --help lists every option"
  `);
});

test("a bad variable of the environment is named with its value", () => {
  const issue = { kind: "bad-variable", variable: "NIX_STORE", value: "store", expected: "an absolute path" } as const;
  expect(say(issue)).toMatchInlineSnapshot(`
    "wrap-buddy: error: environment variable NIX_STORE: "store" is not an absolute path
      help: set it to an absolute path, or unset it"
  `);
});

test("a path that a list has taken is named, with the line to type", () => {
  const taken = { command: "wrap", path: "./tool", option: "--libs", others: ["lib"] };
  expect(say({ kind: "no-paths", purpose: "wrap", taken })).toMatchInlineSnapshot(`
    "wrap-buddy: error: no path given: --libs has taken ./tool too, since it takes every word up to the next option
      help: if ./tool is what to wrap, put it first: wrap-buddy wrap ./tool --libs lib"
  `);
});

test("an option that a command cannot do without is named with its value", () => {
  expect(say({ kind: "option-missing", option: "output", placeholder: "DIR" })).toMatchInlineSnapshot(`
    "wrap-buddy: error: --output is missing
      help: give --output DIR; wrap-buddy --help lists every option"
  `);
});

test("a command that is nearly another says which", () => {
  expect(say({ kind: "unknown-command", name: "unwarp", nearest: "unwrap" })).toMatchInlineSnapshot(`
    "wrap-buddy: error: unwarp: no such command, and no such file
      help: did you mean unwrap? wrap-buddy --help lists every command"
  `);
});
