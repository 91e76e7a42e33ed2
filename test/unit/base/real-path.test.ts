import { mkdirSync, realpathSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { absolutePath, realPathOf } from "../../../src/base/real-path.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

let top: string;
beforeAll(() => {
  top = realpathSync(temporaryDirectory());
  for (const directory of ["work", "store/foo@1/foo"]) mkdirSync(join(top, directory), { recursive: true });
  symlinkSync("../store/foo@1/foo", join(top, "work/foo"));
  symlinkSync("nowhere", join(top, "work/broken"));
  for (const file of ["tool", "work/tool", "store/foo@1/tool", "store/tool"]) writeFileSync(join(top, file), "");
});

test("the real path of what is not there is undefined", () => {
  expect(realPathOf(join(top, "work/broken"))).toBeUndefined();
  expect(realPathOf(join(top, "work/foo"))).toBe(join(top, "store/foo@1/foo"));
});

describe("an absolute path", () => {
  test.each([
    "tool",
    "./tool",
    "../tool",
    "foo/../tool",
    "./foo/../../tool",
    "foo/../../../tool",
    "../work/foo/../tool",
    "foo/..",
    "..",
  ])("leads where the kernel finds the relative one: %s", (path) => {
    const work = join(top, "work");
    expect(statSync(absolutePath(work, path)).ino).toBe(statSync(`${work}/${path}`).ino);
    const absolute = `${work}/${path}`;
    expect(statSync(absolutePath("/", absolute)).ino).toBe(statSync(absolute).ino);
  });

  test("keeps the symbolic links that no .. leads out of", () => {
    expect(absolutePath(join(top, "work"), "./foo/tool")).toBe(join(top, "work/foo/tool"));
    expect(absolutePath(join(top, "work"), "foo/../foo/tool")).toBe(join(top, "store/foo@1/foo/tool"));
  });

  test("is made by the text where there is nothing to follow", () => {
    expect(absolutePath("/a/b", "absent/../tool")).toBe("/a/b/tool");
    expect(absolutePath("/a/b", "/../tool")).toBe("/tool");
    expect(absolutePath("/a/b", "")).toBe("/a/b");
  });
});
