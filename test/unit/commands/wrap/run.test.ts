import { chmodSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { run } from "../../../../src/commands/wrap/run.ts";
import type { RunOutcome } from "../../../../src/commands/wrap/run-outcome.ts";
import type { WrapRequest } from "../../../../src/planning/wrap-request.ts";
import { buildElf, withField } from "../../../support/elf/elf-builder.ts";
import { createSmallStore, type SmallStore } from "../../../support/simulated/small-store.ts";
import { wrapRequestOf } from "../../../support/simulated/wrap-request.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

const linker = (): string => store.at("glibc/lib/ld-linux-x86-64.so.2");

/** Wraps with the small store's linker; the store's own directory is another, so that sidecars lie beside. */
function wrap(paths: readonly string[], changes: Partial<WrapRequest> = {}): RunOutcome {
  return run(
    wrapRequestOf(
      paths.map((path) => store.at(path)),
      { interpreters: [linker()], ...changes },
    ),
  );
}

function kindsOf(outcome: RunOutcome): Record<string, string> {
  return Object.fromEntries(
    outcome.files.map((file) => [
      file.path.slice(store.root.length + 1),
      file.kind === "skipped" ? file.reason : file.kind,
    ]),
  );
}

const issueKinds = (outcome: RunOutcome): readonly string[] => outcome.issues.map(({ kind }) => kind);
const bytesOf = (path: string): Buffer => readFileSync(store.at(path));
const executable = (path: string, needed: readonly string[] = ["libc.so.6"]): string =>
  store.executable(path, { needed });

test("an executable is wrapped, and its sidecar lies beside it", () => {
  executable("bundle/tool");
  const outcome = wrap(["bundle/tool"]);
  expect(outcome.ok).toBe(true);
  expect(outcome.files).toMatchObject([{ kind: "wrapped", sidecarPath: store.at("bundle/.tool.wrapbuddy") }]);
  expect(statSync(store.at("bundle/.tool.wrapbuddy")).size).toBeGreaterThan(1024);
});

test("a second run changes nothing and says so", () => {
  executable("bundle/tool");
  wrap(["bundle"]);
  const before = [bytesOf("bundle/tool"), bytesOf("bundle/.tool.wrapbuddy")];
  const outcome = wrap(["bundle"]);
  expect(kindsOf(outcome)).toEqual({ "bundle/tool": "already-wrapped" });
  expect([bytesOf("bundle/tool"), bytesOf("bundle/.tool.wrapbuddy")]).toEqual(before);
});

test("an executable that only its interpreter tells from a library is known again when that is gone", () => {
  const path = executable("bundle/tool");
  const plain = withField(buildElf({ needed: ["libc.so.6"] }), "DT_DEBUG.d_tag", 9);
  writeFileSync(path, plain);
  expect(kindsOf(wrap(["bundle"]))).toEqual({ "bundle/tool": "wrapped" });
  expect(kindsOf(wrap(["bundle"]))).toEqual({ "bundle/tool": "already-wrapped" });
});

test("a run with other options plans again from the original bytes", () => {
  const original = readFileSync(executable("bundle/tool"));
  wrap(["bundle"]);
  const outcome = wrap(["bundle"], { runtimeDependencies: ["/run/opengl-driver/lib"] });
  expect(outcome.files).toMatchObject([
    { kind: "wrapped", rewrapped: true, facts: { runPath: ["/run/opengl-driver/lib"] } },
  ]);
  expect(bytesOf("bundle/.tool.wrapbuddy").includes(original.subarray(0x1000, 0x1010))).toBe(true);
});

test("a dry run writes nothing, also where nothing could be written", () => {
  const path = executable("bundle/tool");
  chmodSync(path, 0o555);
  const before = readFileSync(path);
  const outcome = wrap(["bundle"], { dryRun: true });
  expect([outcome.dryRun, outcome.ok, kindsOf(outcome)]).toEqual([true, true, { "bundle/tool": "wrapped" }]);
  expect(readFileSync(path)).toEqual(before);
  expect(() => bytesOf("bundle/.tool.wrapbuddy")).toThrow("ENOENT");
});

test("a set-user-ID executable is wrapped with a warning, again too", () => {
  chmodSync(executable("bundle/tool"), 0o4755);
  expect(issueKinds(wrap(["bundle"]))).toEqual(["privileges-refused"]);
  const outcome = wrap(["bundle"]);
  expect([outcome.ok, issueKinds(outcome)]).toEqual([true, ["privileges-refused"]]);
  expect(statSync(store.at("bundle/tool")).mode & 0o7777).toBe(0o4755);
});

test("an error in one file keeps every file from being written", () => {
  const good = executable("bundle/a-good");
  executable("bundle/b-bad", ["libabsent.so.1"]);
  const before = readFileSync(good);
  const outcome = wrap(["bundle"]);
  expect([outcome.ok, kindsOf(outcome)]).toEqual([false, { "bundle/a-good": "unchanged", "bundle/b-bad": "failed" }]);
  expect(readFileSync(good)).toEqual(before);
});

test("the missing libraries of all files are reported together", () => {
  executable("bundle/a", ["libone.so", "libtwo.so"]);
  executable("bundle/b", ["libone.so"]);
  const { issues } = wrap(["bundle"]);
  expect(
    issues.map((issue) => (issue.kind === "missing-library" ? `${issue.executable} ${issue.name}` : issue)),
  ).toEqual([
    `${store.at("bundle/a")} libone.so`,
    `${store.at("bundle/a")} libtwo.so`,
    `${store.at("bundle/b")} libone.so`,
  ]);
});

test("a library that may be missing is no error", () => {
  executable("bundle/tool", ["libabsent.so.1"]);
  const outcome = wrap(["bundle"], { ignoreMissing: ["libabsent*"] });
  expect([outcome.ok, kindsOf(outcome)]).toEqual([true, { "bundle/tool": "wrapped" }]);
});

test("a library of the tree is found without a library directory, and is not changed", () => {
  executable("bundle/bin/tool", ["libmine.so"]);
  const library = store.library("bundle/lib/libmine.so", {});
  const before = readFileSync(library);
  const outcome = wrap(["bundle"]);
  expect(kindsOf(outcome)).toEqual({ "bundle/bin/tool": "wrapped", "bundle/lib/libmine.so": "shared-library" });
  expect(readFileSync(library)).toEqual(before);
});

test("a path that does not exist is an error, never nothing to do", () => {
  const outcome = wrap(["absent"]);
  expect([outcome.ok, issueKinds(outcome)]).toEqual([false, ["no-such-path"]]);
});

test("a directory that holds nothing to wrap is no error", () => {
  store.text("bundle/README", "nothing here");
  const outcome = wrap(["bundle"]);
  expect([outcome.ok, kindsOf(outcome)]).toEqual([true, { "bundle/README": "not-elf" }]);
});

test("a symlink that is named is followed", () => {
  executable("bundle/tool");
  store.link("start", "bundle/tool");
  expect(kindsOf(wrap(["start"]))).toEqual({ "bundle/tool": "wrapped" });
});

test("a library directory that is not there is a warning", () => {
  executable("bundle/tool");
  const outcome = wrap(["bundle"], { libraryDirectories: [store.at("absent"), store.text("file", "")] });
  expect([outcome.ok, outcome.issues]).toMatchObject([
    true,
    [
      { kind: "bad-library-directory", code: "ENOENT" },
      { kind: "bad-library-directory", code: "ENOTDIR" },
    ],
  ]);
});

test("a damaged file is skipped in a tree", () => {
  store.text("bundle/broken", buildElf().bytes.slice(0, 100).toString());
  writeFileSync(store.at("bundle/broken"), withField(buildElf(), "ehdr.e_phoff", 0xffff_ffffn));
  const outcome = wrap(["bundle"]);
  expect([outcome.ok, kindsOf(outcome)]).toEqual([true, { "bundle/broken": "damaged" }]);
});

test("a damaged file that is named is an error that says what is damaged", () => {
  store.text("broken", "");
  writeFileSync(store.at("broken"), withField(buildElf(), "ehdr.e_phoff", 0xffff_ffffn));
  const outcome = wrap(["broken"]);
  expect([outcome.ok, kindsOf(outcome), outcome.issues]).toMatchObject([
    false,
    { broken: "failed" },
    [{ kind: "damaged-elf", defect: { kind: "past-end-of-file" } }],
  ]);
});

test("a script, a static program and a library that are named are errors", () => {
  store.text("script", "#!/bin/sh\n");
  store.executable("static", { interpreter: null, dynamic: false, type: 2 });
  store.library("libmine.so", {});
  expect(wrap(["script", "static", "libmine.so"]).issues).toMatchObject([
    { kind: "cannot-wrap-named-file", reason: "static" },
    { kind: "cannot-wrap-named-file", reason: "shared-library" },
    { kind: "not-elf", reason: "not-elf" },
  ]);
});

test("an AppImage is skipped in a tree, and an error where it is named", () => {
  const path = executable("bundle/tool");
  const bytes = readFileSync(path);
  bytes.set([0x41, 0x49, 2], 8);
  writeFileSync(path, bytes);
  expect(kindsOf(wrap(["bundle"]))).toEqual({ "bundle/tool": "appimage" });
  expect(wrap(["bundle/tool"]).issues).toMatchObject([{ kind: "cannot-wrap-named-file", reason: "appimage" }]);
  expect(bytesOf("bundle/tool")).toEqual(bytes);
});

test("a file that is named and excluded is skipped", () => {
  executable("bundle/tool");
  const outcome = wrap(["bundle/tool"], { exclude: ["tool"] });
  expect([outcome.ok, kindsOf(outcome)]).toEqual([true, { "bundle/tool": "excluded" }]);
});

test("an executable that names a store interpreter already is skipped, even if it is named", () => {
  store.executable("bundle/tool", { interpreter: linker() });
  const outcome = wrap(["bundle/tool"], { storeDirectory: store.root });
  expect([outcome.ok, kindsOf(outcome)]).toEqual([true, { "bundle/tool": "already-nix" }]);
});

test("two names of one file in the tree are one file", () => {
  linkSync(executable("bundle/a"), store.at("bundle/b"));
  expect(kindsOf(wrap(["bundle"]))).toEqual({ "bundle/a": "wrapped" });
});

test("a name outside the tree keeps the original", () => {
  const path = executable("bundle/tool");
  linkSync(path, store.at("cached"));
  const before = bytesOf("cached");
  const outcome = wrap(["bundle"]);
  expect(outcome.files).toMatchObject([{ kind: "wrapped", replacedByCopy: true }]);
  expect(bytesOf("cached")).toEqual(before);
});

test("in the store the sidecar is named by its absolute path", () => {
  executable("bundle/tool");
  const outcome = wrap(["bundle"], { storeDirectory: store.root });
  expect(outcome.files).toMatchObject([{ kind: "wrapped", facts: { naming: "absolute" } }]);
});

test("a wrapped executable whose sidecar is gone is an error", () => {
  executable("bundle/tool");
  wrap(["bundle"]);
  rmSync(store.at("bundle/.tool.wrapbuddy"));
  const outcome = wrap(["bundle"]);
  expect([outcome.ok, issueKinds(outcome)]).toEqual([false, ["sidecar-damaged"]]);
});

test("a file that cannot be written is an error, and the others are not begun", () => {
  executable("bundle/a/tool");
  executable("bundle/b/tool");
  // The sidecar's temporary name is taken by a directory: no permission can be taken away from root.
  store.directory("bundle/a/.tool.wrapbuddy~");
  const outcome = wrap(["bundle"]);
  expect([outcome.ok, kindsOf(outcome), issueKinds(outcome)]).toEqual([
    false,
    { "bundle/a/tool": "failed", "bundle/b/tool": "unchanged" },
    ["system-call-failed"],
  ]);
});

test("libraries are pinned where that is asked for, and by default in the store only", () => {
  const pinned = (changes: Partial<WrapRequest>): boolean => {
    executable("bundle/tool", ["libmine.so"]);
    rmSync(store.at("bundle/.tool.wrapbuddy"), { force: true });
    store.library("lib/libmine.so", {});
    const [file] = wrap(["bundle"], { libraryDirectories: [store.at("lib")], ...changes }).files;
    return file?.kind === "wrapped" && file.facts.neededFirst.length > 0;
  };
  const storeDirectory = store.root;
  expect([
    pinned({ pin: "never", storeDirectory }),
    pinned({ pin: "always" }),
    pinned({ pin: "auto" }),
    pinned({ pin: "auto", storeDirectory }),
  ]).toEqual([false, true, false, true]);
});

test("of a directory, executables without an execute bit are left alone, with a warning where programs lie", () => {
  for (const path of ["bundle/testdata/elf-amd64", "bundle/bin/tool"]) chmodSync(executable(path), 0o644);
  executable("bundle/bin/other");
  const before = bytesOf("bundle/testdata/elf-amd64");
  const outcome = wrap(["bundle"]);
  expect(kindsOf(outcome)).toEqual({
    "bundle/bin/other": "wrapped",
    "bundle/bin/tool": "no-execute-bit",
    "bundle/testdata/elf-amd64": "no-execute-bit",
  });
  expect(outcome.ok).toBe(true);
  expect(outcome.issues).toEqual([{ kind: "program-without-execute-bit", path: store.at("bundle/bin/tool") }]);
  expect(bytesOf("bundle/testdata/elf-amd64")).toEqual(before);
});

test("an executable without an execute bit is wrapped where it is named, and is known again when its directory is", () => {
  chmodSync(executable("bundle/tool"), 0o644);
  expect(kindsOf(wrap(["bundle/tool"]))).toEqual({ "bundle/tool": "wrapped" });
  expect(kindsOf(wrap(["bundle"]))).toEqual({ "bundle/tool": "already-wrapped" });
});
