// What a program opens by itself, where pins have loaded the same library by its path.

import { describe, expect, it } from "vitest";
import { type Bundle, createBundle } from "../../../support/compiled/bundle.ts";
import { bothWays, printed } from "./both-ways.ts";

/** Counts in a variable of its own how often it is initialised, so that a second copy would begin again. */
const counts =
  "static int calls; __attribute__((constructor)) static void start(void) { calls++; } int count(void) { return ++calls; }";

/**
 * A program that calls `count` of its own library, opens what `opens` says and calls `count` of that: 2 and 3 for the
 * same copy, 2 and 2 for another.
 */
async function counter(bundle: Bundle, opens: string): Promise<string> {
  const library = await bundle.library("lib/libcount.so", { code: counts });
  const code = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
int count(void);
int main(void) {
  printf("%d ", count());
  void *opened = ${opens};
  if (!opened) return puts(dlerror()), 1;
  printf("%d\\n", ((int (*)(void))dlsym(opened, "count"))());
  return 0;
}`;
  return bundle.executable("bin/tool", { code, needs: [library] });
}

describe("a pinned library", () => {
  it.each([
    ["by its soname", (_: Bundle) => '"libcount.so", RTLD_NOW'],
    ["by its soname, only if it is loaded", (_: Bundle) => '"libcount.so", RTLD_NOW | RTLD_NOLOAD'],
    ["by its path", ({ root }: Bundle) => `"${root}/lib/libcount.so", RTLD_NOW`],
    ["by its path from $ORIGIN", (_: Bundle) => '"$ORIGIN/../lib/libcount.so", RTLD_NOW'],
    ["by another spelling of its path", ({ root }: Bundle) => `"${root}/bin/..//lib/./libcount.so", RTLD_NOW`],
    ["by a symbolic link with another name", ({ root }: Bundle) => `"${root}/link/libother.so.1", RTLD_NOW`],
  ])("is the same when it is opened %s", async (_, opens) => {
    const bundle = createBundle();
    bundle.link("link/libother.so.1", "../lib/libcount.so");
    const tool = await counter(bundle, `dlopen(${opens(bundle)})`);
    const { unpinned, pinned } = await bothWays(bundle, tool, () => bundle.start(tool));
    expect([unpinned, pinned]).toEqual([printed("2 3"), printed("2 3")]);
  });

  it("is loaded again into a namespace of its own, where it is asked for by its soname", async () => {
    const bundle = createBundle();
    const tool = await counter(bundle, 'dlmopen(LM_ID_NEWLM, "libcount.so", RTLD_NOW)');
    // There it needs a C library again too, which it inherits the search for.
    const { unpinned, pinned } = await bothWays(bundle, tool, () => bundle.start(tool), ["--run-path-mode", "rpath"]);
    expect([unpinned, pinned]).toEqual([printed("2 2"), printed("2 2")]);
  });

  it("is another than a library of the same soname that is opened by its path", async () => {
    const bundle = createBundle();
    await bundle.library("/nix/store/other/lib/libcount.so", { code: counts });
    const tool = await counter(bundle, 'dlopen("/nix/store/other/lib/libcount.so", RTLD_NOW)');
    const { unpinned, pinned } = await bothWays(bundle, tool, () => bundle.start(tool));
    // A path is compared with paths and files only.
    expect([unpinned, pinned]).toEqual([printed("2 2"), printed("2 2")]);
  });

  it("is what a plug-in gets that needs its soname, even where the plug-in has a copy beside itself", async () => {
    const bundle = createBundle();
    const copy = await bundle.library("/nix/store/plug-in/libcount.so", { code: counts });
    const plugIn = await bundle.library("/nix/store/plug-in/plug-in.so", {
      code: "int count(void); int counted(void) { return count(); }",
      needs: [copy],
      flags: ["-Wl,--enable-new-dtags,-rpath,$ORIGIN"],
    });
    const tool = await counter(bundle, `dlopen("${plugIn}", RTLD_NOW)`);
    const { unpinned, pinned } = await bothWays(bundle, tool, () => bundle.start(tool));
    expect([unpinned, pinned]).toEqual([printed("2 3"), printed("2 3")]);
  });
});

describe("a library that no needed entry names", () => {
  it("is found by the run path when it is opened by its name, with pins as without", async () => {
    const bundle = createBundle();
    const answer = "int count(void) { return 42; }";
    await bundle.library("/nix/store/extra/lib/libextra.so", { code: answer });
    const tool = await counter(bundle, 'dlopen("libextra.so", RTLD_NOW)');
    const { unpinned, pinned } = await bothWays(bundle, tool, () => bundle.start(tool), [
      ...["--run-path-mode", "runpath", "--runtime-dependencies", "/nix/store/extra/lib"],
    ]);
    expect([unpinned, pinned]).toEqual([printed("2 42"), printed("2 42")]);
  });
});
