import { expect, test } from "vitest";
import { renderVerifyJson } from "../../../../src/commands/verify/verify-json.ts";
import type {
  FoundIssue,
  VerifyIssue,
  VerifyOutcome,
  VerifyReport,
} from "../../../../src/commands/verify/verify-report.ts";
import { verifyReportSchema } from "../../../../src/commands/verify/verify-schema.ts";
import { renderVerifyReport } from "../../../../src/commands/verify/verify-text.ts";
import { plainPaint } from "../../../../src/report/colour.ts";
import { cliContext, everyIssue } from "../wrap/sample-outcome.ts";

const path = "/home/me/tool";
const sidecarPath = "/home/me/.tool.wrapbuddy";

const everyKind: { readonly [Kind in VerifyIssue["kind"]]: Extract<VerifyIssue, { readonly kind: Kind }> } = {
  "not-wrapped": { kind: "not-wrapped", path },
  "nothing-wrapped": { kind: "nothing-wrapped", path: "/home/me/out", hasExecutables: true },
  "wrapping-unfinished": { kind: "wrapping-unfinished", path, before: "interpreter-header" },
  "stub-gone": { kind: "stub-gone", path },
  "stub-differs": { kind: "stub-differs", path, offset: 0x11b3 },
  "sidecar-size": { kind: "sidecar-size", path, sidecarPath, size: 100, wanted: 4711 },
  "sidecar-differs": { kind: "sidecar-differs", path, sidecarPath },
  "sidecar-mode": { kind: "sidecar-mode", path, sidecarPath, mode: 0o600, wanted: 0o444 },
  "interpreter-changed": { kind: "interpreter-changed", path, interpreter: "/home/me/ld.so" },
  "run-path-entry-gone": { kind: "run-path-entry-gone", path, entry: "/nix/store/zzzz-zlib/lib" },
  "sidecar-unused": { kind: "sidecar-unused", path: sidecarPath },
  "gc-root-gone": {
    kind: "gc-root-gone",
    path: "/home/me/node_modules",
    root: "/home/me/.wrap-buddy/node_modules/gggg-glibc-2.42",
    storePath: "/nix/store/gggg-glibc-2.42",
  },
  "sidecar-of-other": { kind: "sidecar-of-other", path, sidecarPath: "/home/me/.bun.wrapbuddy", owner: "/home/me/bun" },
  "odd-header": {
    kind: "odd-header",
    path,
    defect: { kind: "bad-value", what: "file header", field: "e_type", offset: 16, value: 2n, expected: "3 (DYN)" },
  },
  leftover: { kind: "leftover", path: `${sidecarPath}~` },
};

const files: readonly VerifyOutcome[] = [
  { kind: "fine", path: "/home/me/a", sidecarPath: "/home/me/.a.wrapbuddy", interpreter: "/ld.so", libraries: 12 },
  { kind: "fine", path: "/home/me/b", sidecarPath: "/home/me/.b.wrapbuddy", interpreter: "/ld.so", libraries: 1 },
  { kind: "fine", path: "/home/me/c", sidecarPath: "/home/me/.c.wrapbuddy", interpreter: "/ld.so", libraries: 0 },
  { kind: "failed", path: "/home/me/d" },
  { kind: "not-wrapped", path: "/home/me/e", isNamed: false },
  { kind: "not-wrapped", path: "/home/me/f", isNamed: true },
];

function render(report: Partial<VerifyReport>, verbosity: -1 | 0 | 1 = 0) {
  const context = cliContext;
  return renderVerifyReport(
    { files: [], issues: [], ok: true, ...report },
    { context, verbosity, paint: plainPaint, errorPaint: plainPaint },
  );
}

function say(...issues: readonly FoundIssue[]): string {
  return render({ issues }).stderr.trimEnd();
}

test("each file that is fine has a line, and the last line counts all", () => {
  expect(render({ files }).stdout).toMatchInlineSnapshot(`
    "./a: fine, 12 libraries
    ./b: fine, 1 library
    ./c: fine, no libraries
    3 fine, 1 failed, 2 not wrapped
    "
  `);
});

test("-v adds what is not wrapped, and notes", () => {
  const issues = everyIssue.filter(({ kind }) => kind === "duplicate-soname");
  const { stdout, stderr } = render({ files, issues }, 1);
  expect([stdout.match(/e: not wrapped|f: not wrapped|note:/g), stderr]).toEqual([["e: not wrapped", "note:"], ""]);
});

test("of a thousand files and messages 40 lines are printed, and all of them with -v", () => {
  const paths = Array.from({ length: 1000 }, (_, at) => `/home/me/tool${at}`);
  const many = {
    files: paths.map((path) => ({ kind: "fine-library", path }) as const),
    issues: paths.map((path) => ({ kind: "stub-gone", path }) as const),
  };
  const linesOf = (verbosity: 0 | 1) => {
    const { stdout, stderr } = render(many, verbosity);
    return (stdout + stderr).trimEnd().split("\n");
  };
  expect([linesOf(0).length, linesOf(1).length]).toEqual([40, 3001]);
});

test("-q leaves the messages only", () => {
  expect(render({ files, issues: [everyKind["stub-gone"]] }, -1)).toMatchObject({
    stdout: "",
    stderr: expect.stringContaining("error"),
  });
});

test("says that a named file is not wrapped, and why where it cannot be", () => {
  expect(
    say(
      everyKind["not-wrapped"],
      { kind: "not-wrapped", path, reason: "static" },
      { kind: "not-wrapped", path, sidecarPath },
    ),
  ).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: not wrapped
    wrap-buddy: error: ./tool: not wrapped, though ./.tool.wrapbuddy is beside it
      help: wrap it: wrap-buddy ./tool
    wrap-buddy: error: ./tool: not wrapped: it is statically linked and starts as it is
      help: it needs no wrapping: leave it out"
  `);
});

test("says that a directory has nothing wrapped in it, and leads to wrapping only where that would wrap something", () => {
  expect(
    say(everyKind["nothing-wrapped"], { kind: "nothing-wrapped", path: "/home/me/static", hasExecutables: false }),
  ).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./out: no wrapped executable in it
      help: wrap what is in it: wrap-buddy ./out
    wrap-buddy: error: ./static: no wrapped executable in it, and none to wrap
      help: leave it out, unless wrap-buddy ./static patches a library in it"
  `);
});

test("says where a run was stopped, and the two ways out", () => {
  expect(
    say(everyKind["wrapping-unfinished"], { kind: "wrapping-unfinished", path, before: "interpreter-header" }),
  ).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: the run that wrapped it was stopped before it cleared the program header of the interpreter
    wrap-buddy: error: ./tool: the run that wrapped it was stopped before it cleared the program header of the interpreter
      help: wrap it again, which finishes the work, or go back: wrap-buddy unwrap ./tool"
  `);
});

test("says that there is neither interpreter nor stub", () => {
  expect(say(everyKind["stub-gone"])).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: names no interpreter, and has no whole stub at its entry point
      help: restore the original executable, then wrap it again"
  `);
});

test("says where the stub is not what it should be", () => {
  expect(say(everyKind["stub-differs"])).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: the stub is damaged, or of another version: byte 0x11b3 of the file is not what this version writes
      help: wrap it again: what differs is written from the original bytes"
  `);
});

test("names the two sizes of a sidecar that disagree", () => {
  expect(say(everyKind["sidecar-size"])).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: its stub is for a sidecar of 4711 bytes, but ./.tool.wrapbuddy has 100
      help: wrap it again: what differs is written from the original bytes"
  `);
});

test("says whose loader is not what it should be", () => {
  expect(say(everyKind["sidecar-differs"])).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: the loader in its sidecar ./.tool.wrapbuddy is damaged, or of another version
      help: wrap it again: what differs is written from the original bytes"
  `);
});

test("says which mode a sidecar needs", () => {
  expect(say(everyKind["sidecar-mode"])).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: not everyone who may execute it may read its sidecar ./.tool.wrapbuddy: mode 600, but 444 is needed
      help: chmod 644 ./.tool.wrapbuddy"
  `);
});

test("says that a dynamic linker has been replaced", () => {
  expect(say(everyKind["interpreter-changed"])).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: its dynamic linker ./ld.so is not the one it was wrapped for
      help: wrap it again: what differs is written from the original bytes"
  `);
});

test("says which field of its headers keeps it from starting", () => {
  expect(say(everyKind["odd-header"])).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: does not start with its headers: file header at 0x10: e_type is 0x2, expected 3 (DYN)
      help: undo what another tool has changed in it, or fetch the executable again and wrap that"
  `);
});

test("says which run path entry is gone", () => {
  expect(say(everyKind["run-path-entry-gone"])).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: run path entry /nix/store/zzzz-zlib/lib is not there
      help: get it back into the store, or wrap it again with what is there"
  `);
});

test("warns of what nobody uses", () => {
  expect(say(everyKind["sidecar-unused"], everyKind.leftover)).toMatchInlineSnapshot(`
    "wrap-buddy: warning: ./.tool.wrapbuddy: no executable beside it uses this sidecar
      help: remove it if its executable is gone for good
    wrap-buddy: warning: ./.tool.wrapbuddy~: left by a run that was stopped
      help: wrap again, which removes it"
  `);
});

test("other issues follow in the words that they have elsewhere", () => {
  const [other] = everyIssue;
  if (other === undefined) throw new Error("no issue");
  expect(say(other, everyKind["stub-gone"])).toMatch(/^wrap-buddy: error: .\/tool: names no.*\n.*\nwrap-buddy:/);
});

test("a report with every kind of file and issue fits the published schema, once printed and read again", () => {
  const issues = [...Object.values(everyKind), ...everyIssue];
  const printed: unknown = JSON.parse(renderVerifyJson({ files, issues, ok: false }));
  expect(verifyReportSchema.parse(printed)).toEqual(printed);
  expect(printed).toMatchObject({ issues: { length: issues.length, 0: { severity: "error" } } });
});

test("says whose sidecar a copy uses, and how it gets its own", () => {
  expect(say(everyKind["sidecar-of-other"])).toMatchInlineSnapshot(`
    "wrap-buddy: warning: ./tool: its sidecar ./.bun.wrapbuddy belongs to ./bun, which it was copied from or made by
      help: give it its own, or none: wrap-buddy ./tool, or wrap-buddy unwrap ./tool"
  `);
});
