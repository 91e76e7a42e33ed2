import { existsSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { hasLeftovers, isThere, removeLeftovers } from "../../../../src/patch/write/leftovers.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

test.each(["~", "+", "-"])(
  "one file that a stopped run has left is something, and goes: .tool.wrapbuddy%s",
  (suffix) => {
    const path = `${temporaryDirectory()}/tool`;
    const [left, sidecar] = [suffix, ""].map((one) => path.replace(/tool$/, `.tool.wrapbuddy${one}`));
    if (left === undefined || sidecar === undefined) throw new Error("no names");
    writeFileSync(sidecar, "sidecar");
    expect(hasLeftovers(path)).toBe(false);
    writeFileSync(left, "half");
    expect(hasLeftovers(path)).toBe(true);
    removeLeftovers(path);
    expect([hasLeftovers(path), existsSync(sidecar)]).toEqual([false, true]);
  },
);

test("a symbolic link that leads nowhere is there", () => {
  const path = `${temporaryDirectory()}/link`;
  expect(isThere(path)).toBe(false);
  symlinkSync("/nowhere/at/all", path);
  expect(isThere(path)).toBe(true);
});
