import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CommandIo } from "../../../src/cli/output/io.ts";
import { version } from "../../../src/cli/version.ts";
import { reportSchema } from "../../../src/commands/wrap/outcome-schema.ts";
import { runCommand } from "../../support/run-command.ts";
import { createSmallStore, type SmallStore } from "../../support/simulated/small-store.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

/** Runs the command in the small store's directory. */
const wrap = (words: readonly string[], io: Partial<CommandIo> = {}) => runCommand("wrap", words, store.root, io);

const given = ["--interpreter", "glibc/lib/ld-linux-x86-64.so.2"];

test("the report has the article's lines, with paths as they were typed", async () => {
  store.executable("main", { needed: ["libfoo.so"], code: new Uint8Array(512).fill(0x90) });
  store.library("libfoo/libfoo.so", {});
  const { code, stdout, stderr } = await wrap(["--paths", "./main", "--libs", "./libfoo", ...given]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout.replaceAll(/\d+ bytes/g, "N bytes").replace(/N bytes \(padded.*/, "N bytes")).toMatchInlineSnapshot(`
    "Using interpreter: ./glibc/lib/ld-linux-x86-64.so.2
    Patching: ./main
      ELF class: 64-bit
      Original entry: 0x2000 (file offset: 0x1000)
      Available space at entry: N bytes
      Stub size: N bytes
      Wrote config to ./.main.wrapbuddy
      Overwrote N bytes at entry point
      Converted PT_INTERP to PT_NULL
    Patched: ./main
    1 wrapped
    "
  `);
});

test("a missing library is exit status 1, and the file is as it was", async () => {
  const path = store.executable("main", { needed: ["libz.so.1"] });
  const before = readFileSync(path);
  const ran = await wrap(["main", ...given]);
  expect(ran).toMatchInlineSnapshot(`
    {
      "code": 1,
      "stderr": "wrap-buddy: error: ./main: libz.so.1 not found in 2 library directories
      help: give the directory that holds it with --libs, or name it in --ignore-missing; with Nix: --libs $(nix build --no-link --print-out-paths 'nixpkgs#zlib^*')
    ",
      "stdout": "nothing written, 1 failed
    ",
    }
  `);
  expect(readFileSync(path)).toEqual(before);
});

test("a path that does not exist is exit status 1", async () => {
  const { code, stderr } = await wrap(["absent", ...given]);
  expect([code, stderr]).toMatchInlineSnapshot(`
    [
      1,
      "wrap-buddy: error: ./absent: no such file or directory
      help: check its spelling
    ",
    ]
  `);
});

test("an executable without an interpreter anywhere says what to pass", async () => {
  store.executable("main", { interpreter: "/lib64/ld-that-is-not-here.so.2" });
  const { code, stderr } = await wrap(["main"]);
  expect([code, stderr]).toMatchInlineSnapshot(`
    [
      1,
      "wrap-buddy: error: ./main: no 64-bit x86_64 dynamic linker is given or found (it names /lib64/ld-that-is-not-here.so.2)
      help: pass one with --interpreter, for example /nix/store/…-glibc-…/lib/ld-that-is-not-here.so.2
    ",
    ]
  `);
});

test("an unknown option is exit status 2, with the nearest one", async () => {
  expect(await wrap(["--path", "main"])).toMatchInlineSnapshot(`
    {
      "code": 2,
      "stderr": "wrap-buddy: error: unknown option --path
      help: did you mean --paths? wrap-buddy wrap --help lists every option
    ",
      "stdout": "",
    }
  `);
});

test("no path at all is exit status 2", async () => {
  const { code, stderr } = await wrap(["--dry-run"]);
  expect([code, stderr]).toMatchInlineSnapshot(`
    [
      2,
      "wrap-buddy: error: no path given
      help: name the executables or directories to wrap; wrap-buddy wrap --help lists every option
    ",
    ]
  `);
});

test("--quiet and --verbose together are exit status 2", async () => {
  expect((await wrap(["main", "-q", "-v"])).code).toBe(2);
});

test("a bad environment is exit status 2", async () => {
  const { code, stderr } = await wrap(["main"], { variables: { NIX_STORE: "store" } });
  expect([code, stderr]).toMatchInlineSnapshot(`
    [
      2,
      "wrap-buddy: error: environment variable NIX_STORE: "store" is not an absolute path
      help: set it to an absolute path, or unset it
    ",
    ]
  `);
});

test("everything wrong with command line and environment is said at once", async () => {
  const { stderr } = await wrap(["-q", "-v"], { variables: { NIX_STORE: "store" } });
  expect(stderr.match(/error:/g)).toHaveLength(3);
});

test("--json prints one JSON value of the published schema on standard output", async () => {
  store.executable("main", { needed: ["libz.so.1"] });
  const { code, stdout, stderr } = await wrap(["main", "--json", ...given]);
  const report = reportSchema.parse(JSON.parse(stdout));
  expect([code, report.ok, report.issues.map(({ kind }) => kind)]).toEqual([1, false, ["missing-library"]]);
  expect(stderr).toContain("libz.so.1 not found");
});

test("--json-schema prints a JSON schema", async () => {
  const { code, stdout } = await wrap(["--json-schema"]);
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { type: "object" }]);
});

test.each(["--help", "-h"])("%s prints every option, and needs no path", async (word) => {
  const { code, stdout } = await wrap([word]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/--runtime-dependencies +DIR…/)]);
});

test("--version among other options prints the version", async () => {
  expect(await wrap(["--version", "-v"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test("--completion prints a script", async () => {
  expect((await wrap(["--completion", "bash"])).stdout).toContain("complete -o filenames -F _wrap_buddy wrap-buddy");
});

test("-q prints nothing where all goes well", async () => {
  store.executable("main", {});
  expect(await wrap(["main", "-q", ...given])).toEqual({ code: 0, stdout: "", stderr: "" });
});

test.each([
  ["-v", {}],
  ["$NIX_DEBUG", { NIX_DEBUG: "1" }],
])("%s prints the load order", async (how, variables) => {
  store.executable("main", { needed: ["libc.so.6"] });
  const words = how === "-v" ? ["-v"] : [];
  expect((await wrap(["main", ...words, ...given], { variables })).stdout).toContain("  Load order:\n");
});

test("the dynamic linker of $NIX_BINTOOLS is used where none is given", async () => {
  store.executable("main", { needed: ["libc.so.6"] });
  store.text("bintools/nix-support/dynamic-linker", `${store.at("glibc/lib/ld-linux-x86-64.so.2")}\n`);
  const { stdout } = await wrap(["main"], { variables: { NIX_BINTOOLS: store.at("bintools") } });
  expect(stdout).toContain("Using interpreter: ./glibc/lib/ld-linux-x86-64.so.2\n");
});

test("errors are coloured on a terminal, unless NO_COLOR is set", async () => {
  const onTerminal = { errorIsTerminal: true };
  const { stderr } = await wrap(["absent"], onTerminal);
  const plain = await wrap(["absent"], { ...onTerminal, variables: { NO_COLOR: "1" } });
  expect([stderr.includes("\u001b["), plain.stderr.includes("\u001b[")]).toEqual([true, false]);
});

test("a usage error is coloured by the same rule", async () => {
  const plain = await wrap(["--nonsense"], { errorIsTerminal: true, variables: { NO_COLOR: "1" } });
  const { stderr } = await wrap(["--nonsense"], { errorIsTerminal: true });
  expect([stderr.includes("\u001b["), plain.stderr.includes("\u001b[")]).toEqual([true, false]);
});
