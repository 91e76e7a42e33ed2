// `wrap-buddy unwrap`: the original byte for byte, and no sidecar that nothing uses.

import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { helloSource, lld, type Source } from "../../support/compiled/compile.ts";
import { buildProgram, failsToStart, type Program, start, wrap } from "../../support/compiled/program.ts";
import { type Ran, runInStore, type SandboxOptions, wrapBuddy } from "../../support/roots/sandbox.ts";
import { hostPath, type Store } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const hello: Ran = { stdout: "hello\n", stderr: "", exitCode: 0 };

/** What unwrap promises: SHA-256, mode and size of every file in a directory. */
function facts(directory: string): Record<string, readonly [string, number, number]> {
  return Object.fromEntries(
    readdirSync(directory).map((name) => {
      const bytes = readFileSync(join(directory, name));
      const { mode, size } = statSync(join(directory, name));
      return [name, [createHash("sha256").update(bytes).digest("hex"), mode & 0o7777, size]];
    }),
  );
}

const directoryOf = (program: Program): string => dirname(hostPath(program.store, program.path));

function unwrap(store: Store, args: readonly string[], options?: SandboxOptions): Promise<Ran> {
  return wrapBuddy(store, ["unwrap", ...args], options);
}

/** A wrapped hello world in a directory outside the store, with the directory's facts from before. */
async function wrapOutsideStore() {
  const program = await buildProgram({ files: helloSource });
  const directory = join(temporaryDirectory(), "app");
  mkdirSync(directory);
  copyFileSync(hostPath(program.store, program.path), join(directory, "program"));
  const before = facts(directory);
  const wrapped = await wrapBuddy(program.store, [directory, "--interpreter", program.glibc.interpreter]);
  expect(wrapped).toMatchObject({ exitCode: 0, stderr: "" });
  return { store: program.store, interpreter: program.glibc.interpreter, directory, before };
}

const sources: { readonly [title: string]: Source } = {
  "of gcc and GNU ld": { files: helloSource },
  "of clang and lld": { files: helloSource, ...lld },
  "without position independence": { files: helloSource, flags: ["-O2", "-no-pie"] },
};

describe.each(Object.entries(sources))("an executable %s", (_title, source) => {
  it("is the original again, byte for byte, and its sidecar is gone", async () => {
    const program = await buildProgram(source);
    chmodSync(hostPath(program.store, program.path), 0o555);
    const before = facts(directoryOf(program));
    await wrap(program);
    expect(facts(directoryOf(program))).not.toEqual(before);
    expect(await start(program)).toEqual(hello);
    expect(await unwrap(program.store, [program.path])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(facts(directoryOf(program))).toEqual(before);
    expect(failsToStart(await start(program))).toBe(true);
  });
});

it("says what it did", async () => {
  const program = await buildProgram({ files: helloSource });
  await wrap(program);
  expect((await unwrap(program.store, [dirname(program.path)])).stdout).toMatchInlineSnapshot(`
    "restored /nix/store/0123456789abcdfghijklmnpqrsvwxyz-tool/bin/program
    1 restored
    "
  `);
  expect((await unwrap(program.store, [program.path])).stdout).toMatchInlineSnapshot(`
    "not wrapped /nix/store/0123456789abcdfghijklmnpqrsvwxyz-tool/bin/program
    nothing to restore, 1 not wrapped
    "
  `);
});

it("--dry-run needs no write access, says what would be done, and changes nothing", async () => {
  const program = await buildProgram({ files: helloSource });
  await wrap(program);
  const before = facts(directoryOf(program));
  const ran = await unwrap(program.store, [program.path, "--dry-run"], { readOnlyStore: true });
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  expect(ran.stdout).toMatchInlineSnapshot(`
    "would restore /nix/store/0123456789abcdfghijklmnpqrsvwxyz-tool/bin/program
      would remove /nix/store/0123456789abcdfghijklmnpqrsvwxyz-tool/bin/.program.wrapbuddy
    1 to restore; dry run: nothing was written
    to do it: wrap-buddy unwrap /nix/store/0123456789abcdfghijklmnpqrsvwxyz-tool/bin/program
    "
  `);
  expect(facts(directoryOf(program))).toEqual(before);
});

it("a tree is searched, and --no-recurse looks at a directory's own files only", async () => {
  const { store, directory, interpreter } = await wrapOutsideStore();
  mkdirSync(join(directory, "deeper"));
  copyFileSync(
    hostPath(store, "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-tool/bin/program"),
    join(directory, "deeper/second"),
  );
  const before = facts(join(directory, "deeper"));
  await wrapBuddy(store, [directory, "--interpreter", interpreter]);
  expect((await unwrap(store, [directory, "--no-recurse"])).stdout).toContain("1 restored");
  expect(facts(join(directory, "deeper"))).not.toEqual(before);
  expect((await unwrap(store, [directory])).stdout).toContain("1 restored");
  expect(facts(join(directory, "deeper"))).toEqual(before);
});

it("a renamed executable is restored, and the sidecar of its old name goes", async () => {
  const { store, directory, before } = await wrapOutsideStore();
  renameSync(join(directory, "program"), join(directory, "renamed"));
  expect(await unwrap(store, [join(directory, "renamed")])).toMatchObject({ exitCode: 0 });
  expect(facts(directory)).toEqual({ renamed: before["program"] });
});

it("a sidecar stays as long as a copy of the executable uses it", async () => {
  const { store, directory, before } = await wrapOutsideStore();
  copyFileSync(join(directory, "program"), join(directory, "second"));
  const first = await unwrap(store, [join(directory, "program")]);
  expect(first.stdout).toContain("another file uses it");
  expect(await runInStore(store, ["/app/second"], { binds: [[directory, "/app"]] })).toEqual(hello);
  expect(await unwrap(store, [directory])).toMatchObject({ exitCode: 0 });
  expect(facts(directory)).toEqual({ program: before["program"], second: before["program"] });
});

it("the sidecar of a store executable stays when a copy elsewhere is restored", async () => {
  const program = await buildProgram({ files: helloSource });
  const before = facts(directoryOf(program));
  await wrap(program);
  const other = temporaryDirectory();
  copyFileSync(hostPath(program.store, program.path), join(other, "copy"));
  expect(await unwrap(program.store, [other])).toMatchObject({ exitCode: 0, stderr: "" });
  expect(facts(other)["copy"]?.[0]).toBe(before["program"]?.[0]);
  expect(await start(program)).toEqual(hello);
});

it("a name outside the given paths stays wrapped", async () => {
  const { store, directory, before } = await wrapOutsideStore();
  const other = join(dirname(directory), "other");
  mkdirSync(other);
  linkSync(join(directory, "program"), join(other, "program"));
  copyFileSync(join(directory, ".program.wrapbuddy"), join(other, ".program.wrapbuddy"));
  const ran = await unwrap(store, [directory]);
  expect(ran.stdout).toContain(", as a copy: its other names, outside the given paths, stay as they are");
  expect(facts(directory)).toEqual(before);
  expect(await runInStore(store, ["/other/program"], { binds: [[other, "/other"]] })).toEqual(hello);
});

it("a file that cannot be restored is reported, and the others are restored", async () => {
  const { store, directory, interpreter, before } = await wrapOutsideStore();
  copyFileSync(hostPath(store, "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-tool/bin/program"), join(directory, "bad"));
  await wrapBuddy(store, [directory, "--interpreter", interpreter]);
  renameSync(join(directory, ".bad.wrapbuddy"), join(directory, "elsewhere"));
  const ran = await unwrap(store, [directory]);
  expect(ran.exitCode).toBe(1);
  expect(ran.stderr.replaceAll(directory, "DIR")).toMatchInlineSnapshot(`
    "wrap-buddy: error: DIR/bad: wrapped, but its sidecar DIR/.bad.wrapbuddy cannot be used: it is not there
      help: copy it there too, or restore the original executable and wrap it again
    "
  `);
  expect(ran.stdout).toContain("1 restored, 1 failed");
  expect(facts(directory)["program"]).toEqual(before["program"]);
});

it("a path that does not exist is exit status 1", async () => {
  const { store } = await wrapOutsideStore();
  expect((await unwrap(store, ["/nonexistent"])).exitCode).toBe(1);
});

it("a file that was never wrapped is nothing to do", async () => {
  const program = await buildProgram({ files: helloSource });
  const ran = await unwrap(program.store, [program.path]);
  expect(ran).toEqual({
    stdout: `not wrapped ${program.path}\nnothing to restore, 1 not wrapped\n`,
    stderr: "",
    exitCode: 0,
  });
});
