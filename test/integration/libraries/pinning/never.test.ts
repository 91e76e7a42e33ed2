// What is never pinned, because its place is only known when the program starts, or because a path would load it twice.

import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { createBundle } from "../../../support/compiled/bundle.ts";
import { hostPath } from "../../../support/roots/store.ts";
import { tracedPaths } from "../../../support/simulated/real-linker.ts";
import { answers, bothWays, listsObjects, printed, printsAnswer, wrapWith } from "./both-ways.ts";

const build = "/nix/store/build/lib";

describe("a library of a graphics driver", () => {
  it("that only the machine has on which the program runs is found there", async () => {
    const bundle = createBundle();
    const machines = await bundle.library("/nix/store/driver/lib/libcuda.so.1", { code: answers(42) });
    const own = await bundle.library("lib/libown.so", { code: "int own;" });
    const tool = await bundle.executable("bin/tool", { code: printsAnswer, needs: [machines, own] });
    const binds = [[dirname(hostPath(bundle.store, machines)), "/run/opengl-driver/lib"]] as const;
    const { unpinned, pinned, pins } = await bothWays(bundle, tool, () => bundle.start(tool, { binds }), [
      ...["--ignore-missing", "libcuda.so.1", "--append-run-path", "/run/opengl-driver/lib"],
    ]);
    expect([unpinned, pinned]).toEqual([printed("42"), printed("42")]);
    expect(pins.slice(0, 2)).toEqual(["libcuda.so.1", `${bundle.root}/lib/libown.so`]);
  });

  it.each(["libEGL.so.1", "libvulkan.so.1", "libcuda.so.1", "libnvidia-ml.so.1", "libOpenCL.so.1", "libgbm.so.1"])(
    "keeps its name, and is the one of LD_LIBRARY_PATH: %s",
    async (name) => {
      const bundle = createBundle();
      const library = await bundle.library(`${build}/${name}`, { code: answers(1) });
      await bundle.library(`/nix/store/driver/lib/${name}`, { code: answers(2) });
      const tool = await bundle.executable("bin/tool", { code: printsAnswer, needs: [library] });
      expect(await wrapWith(bundle, ["--pin", "--libs", build])).toEqual([name, `${bundle.glibc.directory}/libc.so.6`]);
      const environment = { LD_LIBRARY_PATH: "/nix/store/driver/lib" };
      expect(await bundle.start(tool)).toEqual(printed("1"));
      expect(await bundle.start(tool, { environment })).toEqual(printed("2"));
    },
  );
});

describe("a library with variants for newer processors", () => {
  it("is the variant for the processor that the program starts on", async () => {
    const bundle = createBundle();
    const library = await bundle.library(`${build}/libanswer.so`, { code: answers(1) });
    // Every processor of the last fifteen years is one of these.
    await bundle.library(`${build}/glibc-hwcaps/x86-64-v2/libanswer.so`, { code: answers(2) });
    const tool = await bundle.executable("bin/tool", { code: printsAnswer, needs: [library] });
    const { unpinned, pinned, pins } = await bothWays(bundle, tool, () => bundle.start(tool), ["--libs", build]);
    expect([unpinned, pinned]).toEqual([printed("2"), printed("2")]);
    expect(pins).toEqual(["libanswer.so", `${bundle.glibc.directory}/libc.so.6`]);
  });
});

describe("a library whose DT_SONAME is not the name it is needed by", () => {
  it("keeps that name, and is loaded once", async () => {
    const bundle = createBundle();
    const library = await bundle.library("/nix/store/link/libanswer.so", { code: answers(1) });
    await bundle.library("lib/libanswer.so", { code: answers(42), soname: "libanswer.so.7" });
    const tool = await bundle.executable("bin/tool", { code: listsObjects, needs: [library] });
    const { unpinned, pinned, pins } = await bothWays(bundle, tool, () => bundle.start(tool));
    expect(unpinned.stdout.match(/libanswer/g)).toHaveLength(1);
    expect(pinned).toEqual(unpinned);
    expect(pins).toEqual(["libanswer.so", `${bundle.glibc.directory}/libc.so.6`]);
  });
});

describe("the dynamic linker", () => {
  it("is not named by a path, and is in the process once, where it was", async () => {
    const bundle = createBundle();
    const library = await bundle.library("lib/libanswer.so", { code: answers(1) });
    const needs = [`${bundle.glibc.interpreter}`, library];
    const tool = await bundle.executable("bin/tool", { code: listsObjects, needs, flags: ["-lm"] });
    const { unpinned, pinned, pins } = await bothWays(bundle, tool, async () => ({
      run: await bundle.start(tool),
      traced: tracedPaths((await bundle.start(tool, { environment: { LD_TRACE_LOADED_OBJECTS: "1" } })).stdout),
    }));
    expect(pins.slice(0, 2)).toEqual(["ld-linux-x86-64.so.2", `${bundle.root}/lib/libanswer.so`]);
    expect(unpinned.traced[0]).toBe(bundle.glibc.interpreter);
    expect(pinned).toEqual(unpinned);
  });
});
