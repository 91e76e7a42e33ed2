import { expect, test } from "vitest";
import { sidecarModeNeeded } from "../../../../src/patch/sidecar/readers.ts";

const needed = (mode: number, owner: readonly [number, number]): string =>
  sidecarModeNeeded({ mode, uid: 1000, gid: 1000 }, { uid: owner[0], gid: owner[1] }).toString(8);

test("a sidecar of the same owner and group needs r where the executable has x", () => {
  expect([0o700, 0o750, 0o755, 0o4710].map((mode) => needed(mode, [1000, 1000]))).toEqual(["400", "440", "444", "440"]);
});

test("one of another owner has to be readable by everybody, for its executable's owner may be anybody", () => {
  expect([0o700, 0o750].map((mode) => needed(mode, [0, 1000]))).toEqual(["444", "444"]);
});

test("one of another group has to be readable by everybody where the group, or others, may execute", () => {
  expect([0o700, 0o750, 0o701].map((mode) => needed(mode, [1000, 0]))).toEqual(["400", "444", "444"]);
});

test("an owner, or a group, that may not execute it does not count", () => {
  expect(needed(0o010, [0, 1000])).toBe("440");
  expect(needed(0o700, [1000, 0])).toBe("400");
});
