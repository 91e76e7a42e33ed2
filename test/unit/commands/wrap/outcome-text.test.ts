import { describe, expect, test } from "vitest";
import { renderOutcome } from "../../../../src/commands/wrap/outcome-text.ts";
import type { FileOutcome, RunOutcome } from "../../../../src/commands/wrap/run-outcome.ts";
import { colourPaint, plainPaint } from "../../../../src/report/colour.ts";
import type { Issue } from "../../../../src/report/issue.ts";
import type { RenderOptions, Verbosity } from "../../../../src/report/render.ts";
import { cliContext, hookContext, outcomeOf, sampleFacts, sampleResolution, wrappedFile } from "./sample-outcome.ts";

function render(outcome: RunOutcome, verbosity: Verbosity = 0, rest: Partial<RenderOptions> = {}) {
  return renderOutcome(outcome, { context: cliContext, verbosity, paint: plainPaint, errorPaint: plainPaint, ...rest });
}

const skipped: readonly FileOutcome[] = [
  { kind: "skipped", path: "/home/me/README", reason: "not-elf" },
  { kind: "skipped", path: "/home/me/libfoo/libfoo.so", reason: "shared-library" },
  { kind: "skipped", path: "/home/me/libbar/libbar.so", reason: "shared-library" },
  { kind: "skipped", path: "/home/me/busybox", reason: "static" },
];

test("a wrapped executable is reported in the lines of the article", () => {
  expect(render(outcomeOf([wrappedFile])).stdout).toMatchInlineSnapshot(`
    "Using interpreter: /nix/store/gggg-glibc-2.42/lib/ld-linux-x86-64.so.2
    Patching: ./main
      ELF class: 64-bit
      Original entry: 0x11a0 (file offset: 0x11a0)
      Available space at entry: 569 bytes
      Stub size: 202 bytes (padded to 208)
      Wrote config to ./.main.wrapbuddy
      Overwrote 208 bytes at entry point
      Converted PT_INTERP to PT_NULL
    Patched: ./main
    1 wrapped
    "
  `);
});

test("a dry run says what would be done, and that nothing was", () => {
  expect(render({ ...outcomeOf([wrappedFile]), dryRun: true }).stdout).toMatchInlineSnapshot(`
    "Using interpreter: /nix/store/gggg-glibc-2.42/lib/ld-linux-x86-64.so.2
    Patching: ./main
      ELF class: 64-bit
      Original entry: 0x11a0 (file offset: 0x11a0)
      Available space at entry: 569 bytes
      Stub size: 202 bytes (padded to 208)
      Would write config to ./.main.wrapbuddy
      Would overwrite 208 bytes at entry point
      Would convert PT_INTERP to PT_NULL
    Would patch: ./main
    1 to wrap; dry run: nothing was written
    "
  `);
});

test("a dry run with something to do ends with what to type to do it", () => {
  const rest = { toDoIt: "wrap-buddy ./main" };
  const dry = { ...outcomeOf([wrappedFile]), dryRun: true };
  expect(render(dry, 0, rest).stdout.split("\n").slice(-2)).toEqual(["to do it: wrap-buddy ./main", ""]);
  const idle = [{ ...dry, files: skipped }, { ...dry, ok: false }, outcomeOf([wrappedFile])];
  expect(idle.filter((outcome) => render(outcome, 0, rest).stdout.includes("to do it"))).toEqual([]);
});

test("a file found in a directory has one line, and the article's lines with -v", () => {
  const found = { ...wrappedFile, path: "/home/me/bin/tool", isNamed: false };
  expect(render(outcomeOf([found, { ...found, replacedByCopy: true }])).stdout).toMatchInlineSnapshot(`
    "Using interpreter: /nix/store/gggg-glibc-2.42/lib/ld-linux-x86-64.so.2
    wrapped ./bin/tool
    wrapped ./bin/tool, as a copy: its other names, outside the given paths, stay as they are
    2 wrapped
    "
  `);
  expect(render({ ...outcomeOf([found]), dryRun: true }).stdout).toContain("\nwould wrap ./bin/tool\n");
  expect(render(outcomeOf([found]), 1).stdout).toContain("  Converted PT_INTERP to PT_NULL\n");
});

test.each([
  ["given", undefined],
  ["built-in", "the one built into this wrap-buddy"],
  ["nix-ld", "the one that $NIX_LD names"],
  ["bintools", "the one that $NIX_BINTOOLS has recorded"],
  ["node", "the one that the running node was linked with"],
  ["own", "the one that the file names, which is here"],
] as const)("the line below the dynamic linker's says why it was chosen: %s", (interpreterOrigin, why) => {
  const [, second] = render(outcomeOf([{ ...wrappedFile, interpreterOrigin }])).stdout.split("\n");
  expect(second).toBe(why === undefined ? "Patching: ./main" : `  ${why}`);
});

test("a file that was replaced by a copy because of its other names says so", () => {
  const { stdout } = render(outcomeOf([{ ...wrappedFile, replacedByCopy: true }]));
  expect(stdout).toContain("  Replaced by a copy: its other names, outside the given paths, stay as they are\n");
});

test("a file that was wrapped in another way before says so", () => {
  const { stdout } = render(outcomeOf([{ ...wrappedFile, rewrapped: true }]));
  expect(stdout).toContain("Patching: ./main\n  Wrapped before, in another way: planned from its original bytes\n");
});

test("the interpreter is named again only where it changes", () => {
  const other = { ...wrappedFile, facts: { ...sampleFacts, interpreter: "/nix/store/iiii-glibc/lib/ld-linux.so.2" } };
  const { stdout } = render(outcomeOf([wrappedFile, wrappedFile, other]));
  expect(stdout.match(/Using interpreter: .*/g)).toEqual([
    "Using interpreter: /nix/store/gggg-glibc-2.42/lib/ld-linux-x86-64.so.2",
    "Using interpreter: /nix/store/iiii-glibc/lib/ld-linux.so.2",
  ]);
});

test("-v adds run path, load order with provenance, and skipped files of note", () => {
  expect(render(outcomeOf([wrappedFile, ...skipped]), 1).stdout).toMatchInlineSnapshot(`
    "Using interpreter: /nix/store/gggg-glibc-2.42/lib/ld-linux-x86-64.so.2
    Patching: ./main
      ELF class: 64-bit
      Original entry: 0x11a0 (file offset: 0x11a0)
      Available space at entry: 569 bytes
      Stub size: 202 bytes (padded to 208)
      Wrote config to ./.main.wrapbuddy
      Overwrote 208 bytes at entry point
      Converted PT_INTERP to PT_NULL
      Run path: DT_RUNPATH, the default
        ./libfoo
        ./libbar
      Load order:
        libfoo.so            => ./libfoo/libfoo.so (DT_RUNPATH of ./main)
        libc.so.6            => /nix/store/gggg-glibc-2.42/lib/libc.so.6 (default directory)
        ld-linux-x86-64.so.2 => /nix/store/gggg-glibc-2.42/lib/ld-linux-x86-64.so.2 (the interpreter)
    Patched: ./main
    skipped ./busybox: it is statically linked and starts as it is
    1 wrapped, 4 skipped (2 shared libraries, 1 not ELF, 1 static)
    "
  `);
});

test("-v says why DT_RPATH was chosen, what is pinned and what is added", () => {
  const facts = { ...sampleFacts, runPathTag: "rpath" } as const;
  const added = { neededFirst: ["/a/libq.so"], neededLast: ["libx.so"] };
  const resolution = { ...sampleResolution, ...added, runPathReason: "bundled-needs-inherited-search" } as const;
  const { stdout } = render(outcomeOf([{ ...wrappedFile, facts, resolution }]), 1);
  expect(stdout.split("\n").filter((line) => /Run path:|Pinned|Needed/.test(line))).toMatchInlineSnapshot(`
    [
      "  Run path: DT_RPATH, libraries that come with it need an inherited search",
      "  Pinned: 1 library",
      "  Needed entries added: libx.so",
    ]
  `);
});

test("-v says what is damaged in a damaged file", () => {
  const defect = { kind: "bad-string", what: "PT_INTERP", offset: 0x318 } as const;
  const { stdout } = render(outcomeOf([{ kind: "skipped", path: "/x", reason: "damaged", defect }]), 1);
  expect(stdout.split("\n")[0]).toMatchInlineSnapshot(
    `"skipped /x: it is damaged (PT_INTERP at 0x318: no NUL byte before the end of the string table)"`,
  );
});

test("-v says that there is no run path", () => {
  const facts = { ...sampleFacts, runPath: [] };
  expect(render(outcomeOf([{ ...wrappedFile, facts }]), 1).stdout).toContain("\n  Run path: none\n");
});

test("-vv lists every file that was skipped", () => {
  const { stdout } = render(outcomeOf(skipped), 2);
  expect(stdout.match(/^skipped /gm)).toHaveLength(skipped.length);
});

test("what may have been meant to be wrapped and is not is named", () => {
  const files: readonly FileOutcome[] = [
    { kind: "skipped", path: "/home/me/a", reason: "damaged" },
    { kind: "skipped", path: "/home/me/b", reason: "no-interpreter-for-it", detail: "/lib/ld-linux.so.2" },
    ...skipped,
  ];
  expect(render(outcomeOf(files)).stdout.match(/^skipped .*/gm)).toEqual([
    "skipped ./a: it is damaged",
    "skipped ./b: it has no dynamic linker of its machine and class among those given (/lib/ld-linux.so.2)",
  ]);
});

describe("a tree of a thousand executables", () => {
  const paths = Array.from({ length: 1000 }, (_, at) => `/home/me/tool${at}`);
  const files = paths.map((path) => ({ ...wrappedFile, path }));
  const damaged = paths.map((path): FileOutcome => ({ kind: "skipped", path, reason: "damaged" }));
  const missing = paths.map(
    (path, at): Issue => ({
      kind: "missing-library",
      severity: at % 2 === 0 ? "error" : "warning",
      executable: path,
      name: `lib${at}.so`,
      neededBy: path,
      searched: at,
      nearMisses: ["liba.so"],
    }),
  );
  const gone = paths.map((path): Issue => ({ kind: "no-such-path", path }));

  test.each([
    ["wrapped", outcomeOf(files)],
    ["wrapped, with what is left alone", outcomeOf([...files, ...damaged])],
    ["with as many libraries missing", { ...outcomeOf(damaged, [...missing, ...gone]), ok: false }],
    ["wrapped all the same", outcomeOf(files, missing)],
  ])("%s takes 40 lines, and all of them with -v", (_, outcome) => {
    const linesOf = (verbosity: Verbosity) => {
      const { stdout, stderr } = render(outcome, verbosity);
      return (stdout + stderr).trimEnd().split("\n");
    };
    expect(linesOf(0)).toHaveLength(40);
    expect(linesOf(-1).length).toBeLessThanOrEqual(40);
    const whole = linesOf(1).join("\n");
    for (const path of ["./tool0", "./tool500", "./tool999"]) expect(whole).toContain(path);
  });

  test("has a line for each file as far as there is room", () => {
    expect(render(outcomeOf(files)).stdout.split("\n").slice(-5)).toMatchInlineSnapshot(`
      [
        "wrapped ./tool36",
        "wrapped ./tool37",
        "and 962 more files: -v names them",
        "1000 wrapped",
        "",
      ]
    `);
  });
});

test("-q prints nothing where all went well", () => {
  expect(render(outcomeOf([wrappedFile, ...skipped]), -1)).toEqual({ stdout: "", stderr: "" });
});

test("the last line counts files, skipped ones by reason, most frequent first", () => {
  const files: readonly FileOutcome[] = [
    wrappedFile,
    { kind: "already-wrapped", path: "/home/me/old", facts: sampleFacts },
    ...skipped,
  ];
  expect(render(outcomeOf(files)).stdout.trimEnd().split("\n").at(-1)).toMatchInlineSnapshot(
    `"1 wrapped, 1 already wrapped, 4 skipped (2 shared libraries, 1 not ELF, 1 static)"`,
  );
});

test("a run that finds nothing to wrap says so", () => {
  expect(render(outcomeOf(skipped)).stdout).toMatchInlineSnapshot(`
    "nothing to wrap, 4 skipped (2 shared libraries, 1 not ELF, 1 static)
    "
  `);
});

test("a run that finds no ELF file says so", () => {
  const text: FileOutcome = { kind: "skipped", path: "/home/me/text", reason: "not-elf" };
  expect(render(outcomeOf([text])).stdout).toBe("nothing to wrap: no ELF file found, 1 skipped (1 not ELF)\n");
  expect(render(outcomeOf([])).stdout).toBe("nothing to wrap: no ELF file found\n");
});

test("a run that failed says that nothing was written", () => {
  const issue: Issue = { kind: "no-such-path", path: "/home/me/x" };
  const files: readonly FileOutcome[] = [
    { kind: "failed", path: "/home/me/a" },
    { kind: "unchanged", path: "/home/me/b" },
  ];
  expect(render({ dryRun: false, ok: false, files, issues: [issue] }).stdout).toMatchInlineSnapshot(`
    "nothing written, 1 failed, 1 left as it was
    "
  `);
});

test("errors and warnings go to standard error, notes to standard output and only with -v", () => {
  const note: Issue = {
    kind: "rejected-candidate",
    severity: "note",
    name: "libc.so",
    path: "/a/libc.so",
    reason: "not-elf",
  };
  const outcome: RunOutcome = { ...outcomeOf([], [{ kind: "no-such-path", path: "/x" }, note]), ok: false };
  expect(render(outcome).stdout).not.toContain("/a/libc.so");
  expect(render(outcome, 1).stdout).toContain("wrap-buddy: note: /a/libc.so");
  expect(render(outcome, 1).stderr).toMatch(/^wrap-buddy: error: \/x: /);
});

test("a build that succeeds ends with what its programs may open and would not find", () => {
  const named = (name: string): Issue => ({
    kind: "opened-by-name",
    severity: "note",
    executable: "/nix/store/aaaa-tool-1.0/bin/tool",
    neededBy: "/nix/store/aaaa-tool-1.0/bin/tool",
    alternatives: [name],
  });
  const lastLine = (names: readonly string[], ok = true, context = hookContext) =>
    render({ ...outcomeOf([wrappedFile], names.map(named)), ok }, 0, { context })
      .stdout.split("\n")
      .at(-2);
  expect(lastLine(["libGL.so.1", "libudev.so.1", "libEGL.so.1"])).toMatchInlineSnapshot(
    `"opens libudev.so.1, libGL.so.1 and libEGL.so.1 at run time? add udev and libGL to runtimeDependencies"`,
  );
  expect(
    lastLine(["libz.so.1", "libGL.so.1", "libudev.so.1", "libX11.so.6", "libXi.so.6", "libXext.so.6", "libcups.so.2"]),
  ).toMatchInlineSnapshot(
    `"opens libudev.so.1, libGL.so.1, libX11.so.6, libXi.so.6, libcups.so.2 and 2 others at run time? add udev, libGL, xorg.libX11, xorg.libXi and cups to runtimeDependencies (-v in wrapBuddyFlags names all)"`,
  );
  expect(lastLine(["libGL.so.1"], false)).not.toContain("libGL");
  expect(lastLine(["libGL.so.1"], true, cliContext)).not.toContain("libGL");
});

test("a build that succeeds ends with what its plug-ins miss", () => {
  const missing = (name: string): Issue => ({
    kind: "missing-library",
    severity: "warning",
    executable: "/nix/store/aaaa-tool-1.0/bin/tool",
    name,
    neededBy: "/nix/store/aaaa-tool-1.0/lib/plugin.so",
    searched: 3,
    nearMisses: [],
  });
  const lastLine = (names: readonly string[], ok = true) =>
    render({ ...outcomeOf([wrappedFile], names.map(missing)), ok }, 0, { context: hookContext })
      .stdout.split("\n")
      .at(-2);
  expect(lastLine(["liba.so", "libb.so", "liba.so"])).toBe(
    "plug-ins miss liba.so and libb.so; wrapBuddyStrict = true makes that an error",
  );
  expect(lastLine(Array.from({ length: 30 }, (_, at) => `lib${at}.so`))).toBe(
    "plug-ins miss lib0.so, lib1.so, lib2.so, lib3.so, lib4.so and 25 others; wrapBuddyStrict = true makes that an error",
  );
  expect([lastLine([]), lastLine(["liba.so"], false)]).toEqual(["1 wrapped", "1 wrapped"]);
});

test("-q still prints errors", () => {
  const outcome: RunOutcome = { ...outcomeOf([], [{ kind: "no-such-path", path: "/x" }]), ok: false };
  expect(render(outcome, -1).stderr).toContain("wrap-buddy: error: /x: no such file or directory");
});

test("each stream is coloured by itself", () => {
  const outcome: RunOutcome = { ...outcomeOf([], [{ kind: "no-such-path", path: "/x" }]), ok: false };
  const { stdout, stderr } = render(outcome, 0, { errorPaint: colourPaint });
  expect([stdout.includes("\u001b["), stderr.includes("\u001b[")]).toEqual([false, true]);
});

test.each([
  ["segment-tail", "  Stub size: 202 bytes (padded to 208), reaching into the unused rest of the segment's last page"],
  ["before-entry", "  Stub size: 202 bytes, at file offset 0x11a0, with a jump to it at entry point"],
] as const)("a stub placed %s is reported with its place", (kind, line) => {
  const facts = { ...sampleFacts, placement: { ...sampleFacts.placement, kind } };
  expect(render(outcomeOf([{ ...wrappedFile, facts }])).stdout.split("\n")).toContain(line);
});

test("a symbol version with a line of its own in its name does not forge one", () => {
  const issue: Issue = {
    kind: "missing-version",
    severity: "error",
    executable: "/home/me/main",
    neededBy: "/home/me/main",
    library: "libc.so.6",
    libraryPath: "/lib/libc.so.6",
    version: "A\nwrap-buddy: all is well\u001b[2K",
    newestProvided: "B\r",
  };
  const { stderr } = render({ ...outcomeOf([]), issues: [issue], ok: false });
  expect(stderr).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./main needs A\\nwrap-buddy: all is well\\x1b[2K from libc.so.6, /lib/libc.so.6 has up to B\\x0d
      help: give the interpreter of a newer C library with --interpreter, or list libc.so.6:A\\nwrap-buddy: all is well\\x1b[2K in --ignore-missing
    "
  `);
});
