import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeUnexpected } from "../../../src/report/unexpected.ts";

function systemError(code: string, facts: { readonly syscall: string; readonly path?: string }): Error {
  return Object.assign(new Error(`${code}: ${facts.syscall}`), { code, ...facts });
}

test("too few descriptors, memory or room are errors that say what helps, not bugs", () => {
  expect(describeUnexpected(systemError("EMFILE", { syscall: "open", path: "/a\nb" }), "1.2.3")).toEqual({
    text:
      "wrap-buddy: error: /a\\nb: open failed: too many open files (EMFILE)\n" +
      "  help: let it open more files (ulimit -n), then run it again\n",
    code: 1,
  });
  expect(describeUnexpected(systemError("ENOMEM", { syscall: "scandir" }), "1.2.3").text).toContain(
    "wrap-buddy: error: scandir failed: not enough memory (ENOMEM)\n",
  );
});

test("a working directory that is gone is named as what is missing", () => {
  expect(describeUnexpected(systemError("ENOENT", { syscall: "uv_cwd" }), "1.2.3")).toEqual({
    text:
      "wrap-buddy: error: the working directory: no such file or directory (ENOENT)\n" +
      "  help: change to a directory that is there\n",
    code: 1,
  });
});

test("any other error of a system call, and everything else that is thrown, is a bug", () => {
  let absent: unknown;
  try {
    readFileSync("/absent");
  } catch (error) {
    absent = error;
  }
  for (const thrown of [absent, new TypeError("undefined is not a function"), "text"]) {
    const { text, code } = describeUnexpected(thrown, "1.2.3");
    expect([code, text]).toEqual([70, expect.stringContaining("this is a bug in wrap-buddy")]);
  }
});
