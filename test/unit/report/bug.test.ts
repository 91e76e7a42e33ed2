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
    const render = () => rendered;
    expect(reportFinished(render, () => run, "1.2.3")).toEqual(rendered);
  });

  test("says what was done before it says that it could not be made", () => {
    const list = Array.from({ length: 200_000 }, (_, index) => index);
    const render = () => ({ stdout: String(Math.max(...list)), stderr: "" });
    const { stdout, stderr } = reportFinished(render, () => run, "1.2.3");
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

  function stderrOf(finished: () => typeof run): string {
    const failing = (): never => {
      throw new Error("no words");
    };
    return reportFinished(failing, finished, "1.2.3").stderr;
  }

  test("says what was done where an issue has an address, for which JSON has no form", () => {
    const issue = { kind: "no-room", path: "/x", entry: 4096n };
    expect(stderrOf(() => ({ ...run, issues: [issue] }))).toContain(
      '  {"kind":"no-room","path":"/x","entry":"0x1000"}\n',
    );
  });

  test("says how it failed where even what was done cannot be said", () => {
    const stderr = stderrOf(() => {
      throw new Error("no summary");
    });
    expect(stderr).toMatch(/^wrap-buddy: warning: the report of this run could not be made.*\n {2}Error: no words\n/);
  });
});
