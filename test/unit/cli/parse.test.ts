import { expect, test } from "vitest";
import { wrapOptions } from "../../../src/cli/options.ts";
import { parseWords } from "../../../src/cli/parse.ts";
import type { WrapValues } from "../../../src/cli/wrap-words.ts";

async function valuesOf(...words: readonly string[]): Promise<WrapValues> {
  const parsed = await parseWords(words, wrapOptions);
  if (parsed.kind !== "values") throw new Error(`not understood: ${JSON.stringify(parsed.issues)}`);
  return parsed.values;
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
