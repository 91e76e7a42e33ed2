import { expect, test } from "vitest";
import { exitCodeOf } from "../../../src/report/exit-code.ts";
import { outcomeOf } from "../commands/wrap/sample-outcome.ts";

test("a run that went well exits with 0", () => {
  expect(exitCodeOf(outcomeOf([]))).toBe(0);
});

test("a run with an error exits with 1", () => {
  expect(exitCodeOf({ ...outcomeOf([]), ok: false })).toBe(1);
});
