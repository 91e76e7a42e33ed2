import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { runOnPaths } from "../../../../src/patch/write/run-on-paths.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("GNU's programs for many files", () => {
  it.each([["empty"], ["/nowhere"]])("are found where $PATH is %s", (path) => {
    vi.stubEnv("PATH", path === "empty" ? "" : path);
    const directory = temporaryDirectory();
    const groups = ["a", "b c"].map((name) => [join(directory, name), join(directory, `copy of ${name}`)]);
    for (const [from = ""] of groups) writeFileSync(from, from);
    expect(runOnPaths(["cp"], groups.flat(), 2)).toBeUndefined();
    for (const [from = "", to = ""] of groups) expect(readFileSync(to, "utf8")).toBe(from);
  });

  it("have their own words returned where one of them fails", () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "to"));
    expect(runOnPaths(["cp"], [join(directory, "absent"), join(directory, "to")], 2)).toContain("absent");
  });
});
