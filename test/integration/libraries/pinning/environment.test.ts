// Pins beside what a user sets: LD_LIBRARY_PATH and LD_PRELOAD.

import { describe, expect, it } from "vitest";
import { type Bundle, createBundle } from "../../../support/compiled/bundle.ts";
import type { Ran } from "../../../support/roots/sandbox.ts";
import { answers, bothWays, listsObjects, printed, printsAnswer } from "./both-ways.ts";

const users = "/nix/store/users/lib";

/** A program that prints 1 with its own library; the user has a library of the same name that answers 2. */
async function printer(bundle: Bundle, code = printsAnswer): Promise<string> {
  await bundle.library(`${users}/libanswer.so`, { code: answers(2) });
  const own = await bundle.library("lib/libanswer.so", { code: answers(1) });
  return bundle.executable("bin/tool", { code, needs: [own] });
}

/** What the program lists from the store, that of the bundle by its path there. */
function objects({ stdout }: Ran, { root }: Bundle): readonly string[] {
  const paths = stdout.split("\n").filter((line) => line.startsWith("/nix/store/"));
  return paths.map((path) => (path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path));
}

describe("LD_LIBRARY_PATH", () => {
  const environment = { LD_LIBRARY_PATH: users };

  it.each([
    ["before a DT_RUNPATH", "runpath", "2"],
    ["behind a DT_RPATH", "rpath", "1"],
  ])("comes %s, and behind pins", async (_, mode, unpinnedAnswer) => {
    const bundle = createBundle();
    const tool = await printer(bundle);
    const start = () => bundle.start(tool, { environment });
    const { unpinned, pinned } = await bothWays(bundle, tool, start, ["--run-path-mode", mode]);
    expect([unpinned, pinned]).toEqual([printed(unpinnedAnswer), printed("1")]);
  });

  it("does for a program that opens a library by name what it does without pins", async () => {
    const bundle = createBundle();
    const own = await bundle.library("lib/libown.so", { code: "int own;" });
    await bundle.library(`${users}/libextra.so`, { code: answers(3) });
    const code = `#include <dlfcn.h>\n#include <stdio.h>
int main(void) {
  int (*answer)(void) = (int (*)(void))dlsym(dlopen("libextra.so", RTLD_NOW), "answer");
  printf("%d\\n", answer());
  return 0;
}`;
    const tool = await bundle.executable("bin/tool", { code, needs: [own] });
    const { unpinned, pinned } = await bothWays(bundle, tool, () => bundle.start(tool, { environment }));
    expect([unpinned, pinned]).toEqual([printed("3"), printed("3")]);
  });
});

describe("LD_PRELOAD", () => {
  it("of another soname goes before all others, whose order stays", async () => {
    const bundle = createBundle();
    const environment = { LD_PRELOAD: await bundle.library(`${users}/libhook.so`, { code: answers(4) }) };
    const tool = await printer(bundle, listsObjects);
    const { unpinned, pinned } = await bothWays(bundle, tool, () => bundle.start(tool, { environment }));
    expect(objects(unpinned, bundle)).toEqual([
      `${users}/libhook.so`,
      "lib/libanswer.so",
      `${bundle.glibc.directory}/libc.so.6`,
      bundle.glibc.interpreter,
    ]);
    expect(pinned).toEqual(unpinned);
  });

  it("of another soname is what symbols are taken from", async () => {
    const bundle = createBundle();
    const environment = { LD_PRELOAD: await bundle.library(`${users}/libhook.so`, { code: answers(4) }) };
    const tool = await printer(bundle);
    const { unpinned, pinned } = await bothWays(bundle, tool, () => bundle.start(tool, { environment }));
    expect([unpinned, pinned]).toEqual([printed("4"), printed("4")]);
  });

  describe("of the same soname", () => {
    const environment = { LD_PRELOAD: `${users}/libanswer.so` };

    it("is what symbols are taken from", async () => {
      const bundle = createBundle();
      const tool = await printer(bundle);
      const { unpinned, pinned } = await bothWays(bundle, tool, () => bundle.start(tool, { environment }));
      expect([unpinned, pinned]).toEqual([printed("2"), printed("2")]);
    });

    it("stands in for the program's own library, which pins load beside it", async () => {
      const bundle = createBundle();
      const tool = await printer(bundle, listsObjects);
      const { unpinned, pinned } = await bothWays(bundle, tool, () => bundle.start(tool, { environment }));
      const others = [`${bundle.glibc.directory}/libc.so.6`, bundle.glibc.interpreter];
      expect(objects(unpinned, bundle)).toEqual([`${users}/libanswer.so`, ...others]);
      expect(objects(pinned, bundle)).toEqual([`${users}/libanswer.so`, "lib/libanswer.so", ...others]);
    });
  });

  it("of the very file that is pinned loads it once", async () => {
    const bundle = createBundle();
    const tool = await printer(bundle, listsObjects);
    bundle.link(`${users}/alias.so`, `${bundle.root}/lib/libanswer.so`);
    const environment = { LD_PRELOAD: `${users}/alias.so` };
    const { unpinned, pinned } = await bothWays(bundle, tool, () => bundle.start(tool, { environment }));
    expect(objects(unpinned, bundle).filter((path) => path.endsWith("libanswer.so"))).toEqual([]);
    expect(pinned).toEqual(unpinned);
  });
});
