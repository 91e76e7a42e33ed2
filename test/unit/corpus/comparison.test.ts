import { expect, test } from "vitest";
import { readComparison, verdictOf, withComparison } from "../../corpus/comparison.ts";
import { corpus } from "../../support/corpus.ts";

test("the corpus' README has the table of results.json (UPDATE_CORPUS=1 npm run test:corpus)", () => {
  const { rows, readme } = readComparison();
  expect(withComparison(readme, rows)).toBe(readme);
});

test("every program of the corpus for this architecture has a row, of its version", () => {
  const named = corpus.flatMap(({ architecture, package: name, version }) =>
    architecture === undefined ? [`${name} ${version}`] : [],
  );
  expect(readComparison().rows.map((row) => `${row.package} ${row.version}`)).toEqual(named.sort());
});

test("output and exit status make the verdict, and a signal is no start", () => {
  const expected = { exitCode: 0, stdout: "42\n", stderr: "" };
  expect(verdictOf({ ...expected, stderr: "12 ms" }, expected)).toBe("same");
  expect(verdictOf({ ...expected, stdout: "bun 1.4\n" }, expected)).toBe("other output");
  expect(verdictOf({ ...expected, exitCode: 139, stdout: "" }, expected)).toBe("does not start");
});
