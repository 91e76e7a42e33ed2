import { expect, test } from "vitest";
import { wrapOptions } from "../../../../src/cli/options/options.ts";
import { parseWords } from "../../../../src/cli/options/parse.ts";
import type { UsageIssue } from "../../../../src/cli/options/usage-message.ts";
import type { WrapValues } from "../../../../src/cli/wrap-words.ts";

async function valuesOf(...words: readonly string[]): Promise<WrapValues> {
  const parsed = await parseWords(words, wrapOptions);
  if (parsed.kind !== "values") throw new Error(`not understood: ${JSON.stringify(parsed.issues)}`);
  return parsed.values;
}

async function issuesOf(...words: readonly string[]): Promise<readonly UsageIssue[]> {
  const parsed = await parseWords(words, wrapOptions);
  return parsed.kind === "issues" ? parsed.issues : [];
}

const lists = [
  "paths",
  "libs",
  "runtime-dependencies",
  "ignore-missing",
  "needed",
  "exclude",
  "interpreter",
  "append-run-path",
] as const;

test.each(lists)("--%s takes several words, is repeated, and takes --x=y, in the order given", async (name) => {
  const values = await valuesOf(`--${name}`, "a", "b", `--${name}=c`, "--json", `--${name}`, "d");
  expect(values[name]).toEqual(["a", "b", "c", "d"]);
});

test.each(lists)("--%s without words is empty", async (name) => {
  expect((await valuesOf(`--${name}`, "--json"))[name]).toEqual([]);
});

test("the article's command line means one path and two library directories", async () => {
  const values = await valuesOf("--paths", "./main", "--libs", "./libfoo", "./libbar");
  expect([values.paths, values.libs]).toEqual([["./main"], ["./libfoo", "./libbar"]]);
});

test("words that belong to no option are paths, in the order given", async () => {
  const { paths } = await valuesOf("a", "--libs=l", "b", "--dry-run", "c", "--paths", "d", "--", "-e", "f");
  expect(paths).toEqual(["a", "b", "c", "d", "-e", "f"]);
});

test("values that look like numbers stay as they were typed", async () => {
  expect((await valuesOf("--paths", "1.50", "0x10", "1e3")).paths).toEqual(["1.50", "0x10", "1e3"]);
});

test("a value keeps what follows a second equals sign, dots and spaces", async () => {
  expect((await valuesOf("--libs=/a=b/c.d e")).libs).toEqual(["/a=b/c.d e"]);
});

test("the last of several values counts", async () => {
  const values = await valuesOf("--loader-dir-path", "a", "--loader-dir-path=b", "--run-path-mode=rpath");
  expect([values["loader-dir-path"], values["run-path-mode"]]).toEqual(["b", "rpath"]);
});

test("without options every default holds", async () => {
  const values = await valuesOf("a");
  expect(values).toMatchObject({
    recurse: true,
    pin: undefined,
    "run-path-mode": "auto",
    "loader-dir-path": undefined,
    "dry-run": false,
    quiet: false,
    verbose: 0,
    completion: undefined,
  });
});

test("--no-recurse, --pin and --no-pin set what they say", async () => {
  const values = await Promise.all([valuesOf("--no-recurse"), valuesOf("--pin"), valuesOf("--pin", "--no-pin")]);
  expect(values.map(({ recurse, pin }) => [recurse, pin])).toEqual([
    [false, undefined],
    [true, true],
    [true, false],
  ]);
});

test("-v counts, -vv counts twice, -q is --quiet", async () => {
  const values = await Promise.all([valuesOf("-v"), valuesOf("-vv"), valuesOf("-v", "--verbose"), valuesOf("-q")]);
  expect(values.map(({ verbose, quiet }) => [verbose, quiet])).toEqual([
    [1, false],
    [2, false],
    [2, false],
    [0, true],
  ]);
});

test("a name that is not UTF-8 passes through", async () => {
  expect((await valuesOf("caf\udce9")).paths).toEqual(["caf\udce9"]);
});

test("a list may be empty, as shells expand empty arrays", async () => {
  expect(await issuesOf("--libs", "--paths", "a")).toEqual([]);
});

test("a mistyped option is named with the nearest one", async () => {
  expect(await issuesOf("--lib", "a")).toEqual([{ kind: "unknown-option", name: "--lib", nearest: "--libs" }]);
});

test("an option that is like no other has no nearest one", async () => {
  expect(await issuesOf("--frobnicate")).toEqual([
    { kind: "unknown-option", name: "--frobnicate", nearest: undefined },
  ]);
});

test("every mistake of a command line is reported", async () => {
  expect((await issuesOf("--lib", "a", "--dryrun", "-Z")).map(({ kind }) => kind)).toEqual([
    "unknown-option",
    "unknown-option",
    "unknown-option",
  ]);
});

test("a toggle that is mistyped in its negative form is recognised", async () => {
  expect(await issuesOf("--no-recurs")).toEqual([
    { kind: "unknown-option", name: "--no-recurs", nearest: "--no-recurse" },
  ]);
});

test("an option that is no toggle has no negative form", async () => {
  expect(await issuesOf("--no-paths")).toMatchObject([{ kind: "unknown-option", name: "--no-paths" }]);
});

test("the names of an object's own methods are no options", async () => {
  expect(await issuesOf("--constructor")).toMatchObject([{ kind: "unknown-option" }]);
});

test("a flag takes no value", async () => {
  expect(await issuesOf("--dry-run=yes")).toEqual([{ kind: "unexpected-value", option: "--dry-run", value: "yes" }]);
});

test("an option with a value wants one, and takes no other option for it", async () => {
  const issue = { kind: "missing-value", option: "--loader-dir-path", placeholder: "DIR" };
  expect([await issuesOf("--loader-dir-path"), await issuesOf("--loader-dir-path", "--json")]).toEqual([
    [issue],
    [issue],
  ]);
});

test("an empty value is a missing one", async () => {
  expect(await issuesOf("--libs=")).toEqual([{ kind: "missing-value", option: "--libs", placeholder: "DIR…" }]);
});

test("an empty word in a list is a missing value, not the working directory", async () => {
  expect(await issuesOf("--libs", "a", "")).toEqual([{ kind: "missing-value", option: "--libs", placeholder: "DIR…" }]);
});

test("an empty path is no path", async () => {
  expect(await issuesOf("")).toEqual([{ kind: "empty-path" }]);
});

test("a choice takes one of its words only", async () => {
  expect(await issuesOf("--run-path-mode", "maybe")).toEqual([
    { kind: "bad-value", option: "--run-path-mode", value: "maybe", expected: ["auto", "runpath", "rpath"] },
  ]);
});

test.each(["-q", "-v", "-vv", "-h"])("%s is known", async (word) => {
  expect(await issuesOf(word)).toEqual([]);
});

test("one unknown letter among known ones is found", async () => {
  expect(await issuesOf("-vz")).toMatchObject([{ kind: "unknown-option", name: "-vz" }]);
});

test("a negative number is a name, as yargs has it", async () => {
  expect((await valuesOf("--libs", "-5")).libs).toEqual(["-5"]);
});

test("a bad choice and an unknown option are reported together", async () => {
  const issues = await issuesOf("--run-path-mode", "maybe", "--lib", "a", "--dry-run=1");
  expect(issues.map(({ kind }) => kind).sort()).toEqual(["bad-value", "unexpected-value", "unknown-option"]);
});

test.each([
  [["--gc-roots", "./tool"], true],
  [["--gc-roots=", "./tool"], true],
  [["./tool", "--gc-roots=DIR"], "DIR"],
  [["./tool", "--no-gc-roots"], false],
  [["./tool", "--gc-roots=DIR", "--no-gc-roots"], false],
  [["./tool"], undefined],
] as const)("of an option with a value that may be left out, the next word is none: %j", async (words, value) => {
  const { paths, "gc-roots": roots } = await valuesOf(...words);
  expect([paths, roots]).toEqual([["./tool"], value]);
});

test("its opposite takes no value", async () => {
  expect(await issuesOf("./tool", "--no-gc-roots=DIR")).toMatchObject([
    { kind: "unexpected-value", option: "--no-gc-roots", value: "DIR" },
  ]);
});
