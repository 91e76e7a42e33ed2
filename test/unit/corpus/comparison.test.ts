import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  comparisonSummary,
  readComparison,
  type Verdict,
  verdictOf,
  withComparison,
  withPatchelfCell,
} from "../../corpus/comparison.ts";
import { corpus } from "../../support/foreign/corpus.ts";

const rows = readComparison();

test.each([
  ["test/corpus/README.md has the table of the results", "test/corpus/README.md", withComparison],
  ["README.md says how many programs patchelf breaks", "README.md", withPatchelfCell],
] as const)("%s (npm run update:readme)", (_title, name, update) => {
  const path = new URL(`../../../${name}`, import.meta.url);
  if (process.env["UPDATE_README"] !== undefined) writeFileSync(path, update(readFileSync(path, "utf8"), rows));
  const page = readFileSync(path, "utf8");
  expect(page).toBe(update(page, rows));
});

test("every program of the corpus for this architecture has a result, of its version", () => {
  const named = corpus.flatMap(({ architecture, package: name, version }) =>
    architecture === undefined ? [`${name} ${version}`] : [],
  );
  expect(rows.map((row) => `${row.package} ${row.version}`).toSorted()).toEqual(named.toSorted());
});

test("output, exit status and files make the verdict, and a signal at the first step is no start", () => {
  const done = (exitCode: number, stdout: string, made = {}) => ({ steps: [{ exitCode, stdout }], made, stderr: "" });
  const expected = done(0, "42\n");
  expect(verdictOf({ ...expected, stderr: "12 ms" }, expected)).toBe("same");
  expect(verdictOf(done(0, "bun 1.4\n"), expected)).toBe("other output");
  expect(verdictOf(done(0, "42\n", { "page.png": "absent" }), expected)).toBe("other output");
  expect(verdictOf(done(139, ""), expected)).toBe("does not start");
  expect(verdictOf(done(124, ""), expected)).toBe("does not end");
});

test("the summary counts verdicts", () => {
  const row = (wrapped: Verdict, inPlace: Verdict | "refused", older: Verdict, newer: Verdict | "fails") => ({
    ...{ name: "tool", package: "tool", version: "1", toolchain: "C", megabytes: 1, does: "work" },
    ...{ wrapped, inPlace, patchelf: { "0.14": older, "0.18": newer } },
  });
  expect(
    comparisonSummary([
      row("same", "same", "same", "same"),
      row("same", "refused", "same", "does not start"),
      row("does not end", "other output", "does not start", "fails"),
      row("same", "refused", "same", "other output"),
    ]),
  ).toMatchInlineSnapshot(`
    "Of 4 programs 3 do the same as their originals when they are wrapped.
    2 can be wrapped in place: 1 of these do the same.
    After patchelf 0.14: 3 the same, 1 that do not start, 0 with other output.
    After patchelf 0.18: 1 the same, 2 that do not start, 1 with other output."
  `);
});
