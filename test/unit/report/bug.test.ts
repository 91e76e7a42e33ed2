import { describe, expect, test } from "vitest";
import { describeBug, reportFinished } from "../../../src/report/bug.ts";

test("a bug's report has the trace, the version and what to do with them", () => {
  const text = describeBug(new Error("index out of range"), "1.2.3");
  expect(text).toContain("  Error: index out of range\n");
  expect(text).toContain("this is a bug in wrap-buddy");
  expect(text).toMatch(/help: report it with these lines.*version 1\.2\.3/);
});

test("something thrown that is no Error is shown as text", () => {
  expect(describeBug("oops", "1.2.3")).toContain("  oops\n");
});

describe("the report of a run that is over", () => {
  const run = { summary: "2 wrapped", issues: [{ kind: "no-such-path", path: "/x\ny" }] };

  test("is what is rendered", () => {
    const rendered = { stdout: "2 wrapped\n", stderr: "" };
    expect(reportFinished(() => rendered, run, "1.2.3")).toEqual(rendered);
  });

  test("says what was done before it says that it could not be made", () => {
    const list = Array.from({ length: 200_000 }, (_, index) => index);
    const { stdout, stderr } = reportFinished(() => ({ stdout: String(Math.max(...list)), stderr: "" }), run, "1.2.3");
    const lines = stderr.split("\n");
    expect(stdout).toBe("");
    expect(lines.slice(0, 4)).toEqual([
      "wrap-buddy: 2 wrapped",
      '  {"kind":"no-such-path","path":"/x\\ny"}',
      "wrap-buddy: warning: the report of this run could not be made: a bug in wrap-buddy, but the run is finished",
      "  RangeError: Maximum call stack size exceeded",
    ]);
    expect(stderr).toMatch(/help: report it with these lines.*version 1\.2\.3/);
    expect(stderr).not.toContain("this is a bug");
  });
});
