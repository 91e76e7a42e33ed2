// Run paths of the executable and of its libraries: what they find without pins is what is loaded with them.

import { describe, expect, it } from "vitest";
import { type Bundle, createBundle } from "../../../support/compiled/bundle.ts";
import { tracedPaths } from "../../../support/simulated/real-linker.ts";
import { answers, bothWays, printed, printsAnswer } from "./both-ways.ts";

const rpath = (entries: string): string => `-Wl,--disable-new-dtags,-rpath,${entries}`;
const runpath = (entries: string): string => `-Wl,--enable-new-dtags,-rpath,${entries}`;

const asksInner = "int inner(void); int answer(void) { return inner(); }";

/** What the program prints, and the paths of its libraries in order. */
async function startAndTrace(bundle: Bundle, tool: string) {
  const traced = await bundle.start(tool, { environment: { LD_TRACE_LOADED_OBJECTS: "1" } });
  return { run: await bundle.start(tool), paths: tracedPaths(traced.stdout) };
}

/** bin/tool needs lib/libouter.so, which needs own/libinner.so (42). There is a libinner.so that answers 1 in lib/. */
async function nested(bundle: Bundle, outer: readonly string[], tool: readonly string[] = []): Promise<string> {
  const inner = await bundle.library("own/libinner.so", { code: "int inner(void) { return 42; }" });
  await bundle.library("lib/libinner.so", { code: "int inner(void) { return 1; }" });
  const library = await bundle.library("lib/libouter.so", { code: asksInner, needs: [inner], flags: outer });
  return bundle.executable("bin/tool", { code: printsAnswer, needs: [library], flags: tool });
}

describe("a library that is found by", () => {
  it.each([
    ["the executable's DT_RPATH", [], [rpath("$ORIGIN/../own:$ORIGIN/../lib")], true],
    ["its loader's own DT_RUNPATH", [runpath("$ORIGIN/../own")], [], true],
    // Asked for by the executable, its children would not inherit that search: it keeps its name.
    ["its loader's own DT_RPATH", [rpath("$ORIGIN/../own")], [], false],
  ])("%s is the one that pins load", async (_, outer, flags, isPinned) => {
    const bundle = createBundle();
    const tool = await nested(bundle, outer, flags);
    const { unpinned, pinned, pins } = await bothWays(bundle, tool, () => startAndTrace(bundle, tool));
    expect(unpinned.run).toEqual(printed("42"));
    expect(pinned).toEqual(unpinned);
    expect(pins.filter((pin) => pin.endsWith("own/libinner.so"))).toHaveLength(isPinned ? 1 : 0);
    expect(pins.filter((pin) => pin.endsWith("lib/libouter.so"))).toHaveLength(1);
  });
});

describe("two libraries of one soname, each on the run path of another library", () => {
  it("are one in the process, the one that is asked for first, with pins as without", async () => {
    for (const [order, value] of [
      [["left", "right"], 1],
      [["right", "left"], 2],
    ] as const) {
      const bundle = createBundle();
      const made = new Map<string, string>();
      for (const [side, number] of [
        ["left", 1],
        ["right", 2],
      ] as const) {
        const inner = await bundle.library(`${side}/libinner.so`, { code: answers(number) });
        const code = `int ${side};`;
        const flags = [runpath("$ORIGIN")];
        made.set(side, await bundle.library(`${side}/lib${side}.so`, { code, needs: [inner], flags }));
      }
      const needs = order.map((side) => made.get(side) ?? "");
      const code = printsAnswer.replace("answer())", '((int (*)(void))dlsym(0, "answer"))())');
      const tool = await bundle.executable("bin/tool", { code: `#include <dlfcn.h>\n${code}`, needs });
      const { unpinned, pinned } = await bothWays(bundle, tool, () => startAndTrace(bundle, tool));
      expect(unpinned.run).toEqual(printed(`${value}`));
      expect(pinned).toEqual(unpinned);
    }
  });
});

describe("$ORIGIN in the run path of a library that is reached by a symbolic link", () => {
  it("means the directory of the link, with pins as without", async () => {
    const bundle = createBundle();
    const inner = await bundle.library("links/libinner.so", { code: "int inner(void) { return 42; }" });
    await bundle.library("files/libinner.so", { code: "int inner(void) { return 1; }" });
    const library = await bundle.library("files/libouter-1.so", {
      code: asksInner,
      needs: [inner],
      soname: "libouter.so",
      flags: [runpath("$ORIGIN")],
    });
    bundle.link("links/libouter.so", "../files/libouter-1.so");
    const tool = await bundle.executable("bin/tool", { code: printsAnswer, needs: [library] });
    const { unpinned, pinned } = await bothWays(bundle, tool, () => startAndTrace(bundle, tool));
    expect(unpinned.run).toEqual(printed("42"));
    expect(pinned).toEqual(unpinned);
  });
});
