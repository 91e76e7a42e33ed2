import { expect, test } from "vitest";
import type { LibraryIssue } from "../../../../src/linker/solve/library-issue.ts";
import { toldOnce } from "../../../../src/linker/solve/told-once.ts";

type MissingLibrary = Extract<LibraryIssue, { readonly kind: "missing-library" }>;

function missing(executable: string, rest: Partial<MissingLibrary> = {}): MissingLibrary {
  const name = "libz.so.1";
  return {
    kind: "missing-library",
    severity: "error",
    executable,
    name,
    neededBy: executable,
    searched: 1,
    nearMisses: [],
    ...rest,
  };
}

test("what a library misses is told once, whoever loads it", () => {
  const neededBy = "/lib/libq.so";
  const issues = ["/bin/a", "/bin/b", "/bin/c"].map((executable) => missing(executable, { neededBy }));
  expect(toldOnce(issues)).toEqual([issues[0]]);
});

test("a library under two paths is one", () => {
  const neededByFile = "/lib/libq.so.1";
  const issues = [
    missing("/bin/a", { neededBy: "/bin/../lib/libq.so", neededByFile }),
    missing("/bin/b", { neededBy: neededByFile }),
  ];
  expect(toldOnce(issues)).toEqual([issues[0]]);
});

test("what executables miss themselves, and other names, stay", () => {
  const neededBy = "/lib/libq.so";
  const issues = [
    missing("/bin/a"),
    missing("/bin/b"),
    missing("/bin/a", { neededBy, name: "liby.so" }),
    missing("/bin/a", { neededBy }),
  ];
  expect(toldOnce(issues)).toEqual(issues);
});

test("the most severe of them counts, in the first one's place", () => {
  const neededBy = "/lib/libq.so";
  const of = (severity: MissingLibrary["severity"]) => missing(`/bin/${severity}`, { neededBy, severity });
  const other: LibraryIssue = { kind: "duplicate-soname", severity: "note", name: "x", taken: "/a", notTaken: ["/b"] };
  expect(toldOnce([of("warning"), other, of("note"), of("error")])).toEqual([of("error"), other]);
});

test("an entry that leads to this machine alone is told once, with all that is found by it", () => {
  const only = (executable: string, libraries: readonly string[]): LibraryIssue => ({
    kind: "only-on-this-machine",
    severity: libraries.length > 0 ? "warning" : "note",
    executable,
    neededBy: executable,
    entry: "run-path",
    path: "/usr/lib/vendor",
    libraries,
    count: 1,
  });
  expect(toldOnce([only("/bin/a", []), only("/bin/b", ["libx.so"]), only("/bin/c", ["liby.so", "libx.so"])])).toEqual([
    { ...only("/bin/a", ["libx.so", "liby.so"]), count: 3 },
  ]);
});

test("a library that opens others by a path of before is told once, as the most severe, with how many load it", () => {
  const opens = (executable: string, severity: "warning" | "note"): LibraryIssue => ({
    kind: "opens-by-old-path",
    severity,
    executable,
    path: "/lib/x.so",
    directories: ["/y"],
    count: 1,
  });
  expect(toldOnce([opens("/bin/a", "note"), opens("/bin/b", "warning"), opens("/bin/c", "note")])).toEqual([
    { ...opens("/bin/b", "warning"), count: 3 },
  ]);
});
