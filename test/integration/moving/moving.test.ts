// Wrapped executables that are renamed, moved with their directory, linked and copied: beside /proc/self/exe everywhere,
// by absolute path in the store.

import { copyFileSync, linkSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { articleOutput, buildArticle, fileOf } from "../../support/compiled/article.ts";
import { helloSource } from "../../support/compiled/compile.ts";
import { buildProgram, failsToStart, start, wrap } from "../../support/compiled/program.ts";
import { type Ran, runInStore, wrapBuddy } from "../../support/roots/sandbox.ts";
import { hostPath, type Store } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const hello: Ran = { stdout: "hello\n", stderr: "", exitCode: 0 };

/** A wrapped hello world in a directory outside the store. */
async function wrapOutsideStore(): Promise<{ readonly store: Store; readonly directory: string }> {
  const program = await buildProgram({ files: helloSource });
  const directory = join(temporaryDirectory(), "app");
  mkdirSync(directory);
  copyFileSync(hostPath(program.store, program.path), join(directory, "program"));
  const before = await runInStore(program.store, ["/app/program"], { binds: [[directory, "/app"]] });
  expect(failsToStart(before)).toBe(true);
  const wrapped = await wrapBuddy(program.store, [directory, "--interpreter", program.glibc.interpreter]);
  expect(wrapped).toMatchObject({ exitCode: 0, stderr: "" });
  return { store: program.store, directory };
}

describe("outside the store a wrapped executable starts", () => {
  it("in another directory", async () => {
    const { store, directory } = await wrapOutsideStore();
    expect(await runInStore(store, ["/elsewhere/program"], { binds: [[directory, "/elsewhere"]] })).toEqual(hello);
  });

  it("under another name", async () => {
    const { store, directory } = await wrapOutsideStore();
    renameSync(join(directory, "program"), join(directory, "renamed"));
    expect(await runInStore(store, ["/app/renamed"], { binds: [[directory, "/app"]] })).toEqual(hello);
  });

  it("through a symlink in another directory", async () => {
    const { store, directory } = await wrapOutsideStore();
    const links = temporaryDirectory();
    symlinkSync("/app/program", join(links, "link"));
    const binds = [
      [directory, "/app"],
      [links, "/links"],
    ] as const;
    expect(await runInStore(store, ["/links/link"], { binds })).toEqual(hello);
  });

  it("through a hard link in its directory", async () => {
    const { store, directory } = await wrapOutsideStore();
    linkSync(join(directory, "program"), join(directory, "second"));
    expect(await runInStore(store, ["/app/second"], { binds: [[directory, "/app"]] })).toEqual(hello);
  });

  it("not without /proc, and says which file it looked for", async () => {
    const { store, directory } = await wrapOutsideStore();
    const ran = await runInStore(store, ["/app/program"], { binds: [[directory, "/app"]], proc: false });
    expect(ran).toEqual({ stdout: "", stderr: "cannot load /proc/self/.program.wrapbuddy\n", exitCode: 127 });
  });
});

describe("in the store a wrapped executable starts", () => {
  it("as a copy in another place", async () => {
    const program = await buildProgram({ files: helloSource });
    await wrap(program);
    const other = temporaryDirectory();
    copyFileSync(hostPath(program.store, program.path), join(other, "copy"));
    expect(await runInStore(program.store, ["/other/copy"], { binds: [[other, "/other"]] })).toEqual(hello);
  });

  it("without /proc", async () => {
    const program = await buildProgram({ files: helloSource });
    await wrap(program);
    expect(await start(program, [], { proc: false })).toEqual(hello);
  });
});

describe("--relocatable", () => {
  it("makes a tree that starts in another place, with its own libraries and no loader.bin", async () => {
    const article = await buildArticle();
    const tree = temporaryDirectory();
    for (const [path, directory] of [
      [article.main, "bin"],
      [`${article.libfoo}/libfoo.so`, "lib/foo"],
      [`${article.libbar}/libbar.so`, "lib/bar"],
    ] as const) {
      mkdirSync(join(tree, directory), { recursive: true });
      copyFileSync(fileOf(article, path), join(tree, directory, path.slice(path.lastIndexOf("/") + 1)));
    }
    const at = (place: string) => runInStore(article.store, [`${place}/bin/main`], { binds: [[tree, place]] });
    expect(failsToStart(await at("/first"))).toBe(true);
    const ran = await wrapBuddy(article.store, [tree, "--relocatable", "--interpreter", article.interpreter]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await at("/first")).toMatchObject({ stdout: articleOutput });
    expect(await at("/second/place")).toMatchObject({ stdout: articleOutput });
  });
});

describe("--loader-dir-path", () => {
  const loaders = new URL("../../../dist/blobs/x86_64", import.meta.url).pathname;

  it("uses the loader.bin there, and the sidecar is found beside the executable", async () => {
    const program = await buildProgram({ files: helloSource });
    const shared = join(dirname(hostPath(program.store, program.path)), "..", "lib");
    mkdirSync(shared);
    copyFileSync(join(loaders, "loader.bin"), join(shared, "loader.bin"));
    const directory = `${dirname(dirname(program.path))}/lib`;
    expect(failsToStart(await start(program))).toBe(true);
    expect(await wrap(program, ["--loader-dir-path", directory])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await start(program)).toEqual(hello);
    const traced = await start(program, [], { environment: { WRAP_BUDDY_TRACE: "1" } });
    expect(traced.stderr).toContain("jump to interpreter");
  });

  it("says where the loader is when the directory has none", async () => {
    const program = await buildProgram({ files: helloSource });
    const ran = await wrap(program, ["--loader-dir-path", dirname(program.path)]);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain("loader.bin");
    expect(failsToStart(await start(program))).toBe(true);
  });

  it("refuses a loader of another version", async () => {
    const program = await buildProgram({ files: helloSource });
    writeFileSync(join(dirname(hostPath(program.store, program.path)), "loader.bin"), "older");
    const ran = await wrap(program, ["--loader-dir-path", dirname(program.path)]);
    expect(ran.exitCode).toBe(1);
    expect(failsToStart(await start(program))).toBe(true);
  });
});
