import { expect, test } from "vitest";
import { describeBug } from "../../../src/report/bug.ts";

test("a bug's report has the trace, the version and what to do with them", () => {
  const text = describeBug(new Error("index out of range"), "1.2.3");
  expect(text).toContain("  Error: index out of range\n");
  expect(text).toContain("this is a bug in wrap-buddy");
  expect(text).toMatch(/help: report it with these lines.*version 1\.2\.3/);
});

test("something thrown that is no Error is shown as text", () => {
  expect(describeBug("oops", "1.2.3")).toContain("  oops\n");
});
