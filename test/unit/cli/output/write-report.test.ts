import { expect, test } from "vitest";
import { type ReportWords, writeReport } from "../../../../src/cli/output/write-report.ts";

const environment = {
  storeDirectory: "/nix/store",
  isNixBuild: false,
  bintools: undefined,
  debugLevel: 0,
  noColour: false,
  forcedColour: undefined,
  terminal: undefined,
} as const;

const words: ReportWords = {
  text: () => ({ stdout: "fine\n", stderr: "warned\n" }),
  json: () => "{}\n",
  finished: () => ({ summary: "1 fine", issues: [] }),
};

function fails(): never {
  throw new Error("no words");
}

/** What was written, in its order, each with its stream. */
function written(changed: Partial<ReportWords>, json = false): readonly string[] {
  const all: string[] = [];
  writeReport({ ...words, ...changed }, { quiet: false, verbose: 0, json }, environment, {
    writeOutput: (text) => all.push(`1:${text}`),
    writeError: (text) => all.push(`2:${text}`),
    variables: {},
    workingDirectory: "/",
    outputIsTerminal: false,
    errorIsTerminal: false,
    columns: 80,
    words: [],
  });
  return all;
}

test("the summary is written last, or the errors where the command says so", () => {
  expect(written({})).toEqual(["2:warned\n", "1:fine\n"]);
  expect(written({ last: "errors" })).toEqual(["1:fine\n", "2:warned\n"]);
});

test("where the words cannot be made, what was found is said without them", () => {
  expect(written({ text: fails })[0]).toMatch(/^2:wrap-buddy: 1 fine\nwrap-buddy: warning: the report of this run/);
});

test("--json is whole where the words cannot be made, and the words are where JSON cannot be", () => {
  const [errors, output] = written({ text: fails }, true);
  expect([errors, output]).toEqual([expect.stringContaining("Error: no words"), "1:{}\n"]);
  expect(written({ json: fails }, true)).toEqual([
    expect.stringMatching(/^2:warned\nwrap-buddy: 1 fine\nwrap-buddy: warning: the report of this run/),
    "1:",
  ]);
});
