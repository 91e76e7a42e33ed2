// The order in which libraries are loaded, searched for symbols, initialised and finalised: with pins it is the one
// that the program has without them.

import { beforeAll, describe, expect, it } from "vitest";
import { type Bundle, createBundle } from "../../../support/compiled/bundle.ts";
import type { Ran } from "../../../support/roots/sandbox.ts";
import { tracedPaths } from "../../../support/simulated/real-linker.ts";
import { answers, type BothWays, bothWays, listsObjects, printed, printsAnswer } from "./both-ways.ts";

/** What each library needs; those of the program are beside it. */
const needs: readonly (readonly [name: string, needs: readonly string[]])[] = [
  ["deep", []],
  ["left", ["deep"]],
  ["shared", ["deep"]],
  ["right", ["shared", "left"]],
  ["wide", ["shared"]],
  ["upper", ["right", "wide"]],
  ["last", []],
];

/** Says when it is initialised and when it is finalised. */
const speaks = `
#include <stdio.h>
__attribute__((constructor)) static void start(void) { puts("start " NAME); }
__attribute__((destructor)) static void stop(void) { puts("stop " NAME); }`;

/** A program that wants some of the libraries itself, each of which lies in a directory of its own. */
async function diamond(bundle: Bundle): Promise<string> {
  const made = new Map<string, string>();
  const paths = (names: readonly string[]) => names.map((name) => made.get(name) ?? "");
  for (const [name, wanted] of needs) {
    const flags = [`-DNAME="${name}"`];
    made.set(name, await bundle.library(`${name}/lib${name}.so`, { code: speaks, needs: paths(wanted), flags }));
  }
  const wanted = paths(["upper", "left", "last"]);
  return bundle.executable("bin/tool", { code: listsObjects, needs: wanted, flags: ["-lm"] });
}

/** "scope 0: OBJECT OBJECT …" of every object, and what is searched on whose behalf. */
function scopes({ stderr }: Ran): readonly string[] {
  return [...stderr.matchAll(/^\s*\d+:\s+(object=.*|\s*scope \d+:.*)$/gm)].map(([, line = ""]) => line.trim());
}

/** The names that directories were searched for. */
function searched({ stderr }: Ran): readonly string[] {
  return [...stderr.matchAll(/find library=(\S+)/g)].map(([, name = ""]) => name);
}

describe("the objects of a process whose libraries need each other", () => {
  let seen: BothWays<{ readonly run: Ran; readonly traced: Ran; readonly debugged: Ran }>;
  beforeAll(async () => {
    const bundle = createBundle();
    const tool = await diamond(bundle);
    seen = await bothWays(bundle, tool, async () => ({
      run: await bundle.start(tool),
      traced: await bundle.start(tool, { environment: { LD_TRACE_LOADED_OBJECTS: "1" } }),
      debugged: await bundle.start(tool, { environment: { LD_DEBUG: "scopes,libs" } }),
    }));
  });

  it("are pinned in the order of the load, the dynamic linker by its name in its place", () => {
    expect(seen.pins.map((pin) => pin.replace(/^.*\//, ""))).toEqual([
      ...["libupper.so", "libleft.so", "liblast.so", "libm.so.6", "libc.so.6"],
      ...["libright.so", "libwide.so", "libdeep.so", "ld-linux-x86-64.so.2", "libshared.so"],
    ]);
    expect(seen.pins.filter((pin) => !pin.startsWith("/nix/store/"))).toEqual(["ld-linux-x86-64.so.2"]);
  });

  it("stand in the link map in the same order", () => {
    const objects = ({ run }: { readonly run: Ran }) =>
      run.stdout.split("\n").filter((line) => !/^(?:start|stop) /.test(line));
    expect(objects(seen.unpinned).filter((path) => path.startsWith("/nix/store/"))).toHaveLength(10);
    expect(objects(seen.pinned)).toEqual(objects(seen.unpinned));
  });

  it("are initialised and finalised in the same order", () => {
    const spoken = ({ run }: { readonly run: Ran }) => run.stdout.match(/^(?:start|stop) .*$/gm);
    expect(spoken(seen.unpinned)).toHaveLength(2 * needs.length);
    expect(spoken(seen.pinned)).toEqual(spoken(seen.unpinned));
  });

  it("are listed in the same order by LD_TRACE_LOADED_OBJECTS", () => {
    expect(tracedPaths(seen.unpinned.traced.stdout)).toHaveLength(10);
    expect(tracedPaths(seen.pinned.traced.stdout)).toEqual(tracedPaths(seen.unpinned.traced.stdout));
  });

  it("are searched for symbols in the same order", () => {
    expect(scopes(seen.unpinned.debugged).length).toBeGreaterThan(10);
    expect(scopes(seen.pinned.debugged)).toEqual(scopes(seen.unpinned.debugged));
  });

  it("are found without a search", () => {
    expect(searched(seen.unpinned.debugged)).toHaveLength(9);
    expect(searched(seen.pinned.debugged)).toEqual([]);
  });
});

describe("a symbol that two libraries define", () => {
  it("is that of the library that is needed first", async () => {
    for (const [first, second, value] of [
      ["one", "two", 1],
      ["two", "one", 2],
    ] as const) {
      const bundle = createBundle();
      const made = {
        one: await bundle.library("z/libone.so", { code: answers(1) }),
        two: await bundle.library("a/libtwo.so", { code: answers(2) }),
      };
      const tool = await bundle.executable("bin/tool", { code: printsAnswer, needs: [made[first], made[second]] });
      const { unpinned, pinned } = await bothWays(bundle, tool, () => bundle.start(tool));
      expect([unpinned, pinned]).toEqual([printed(`${value}`), printed(`${value}`)]);
    }
  });

  it("is that of the nearer library, not that of the one whose directory is searched first", async () => {
    const bundle = createBundle();
    const far = await bundle.library("a/libfar.so", { code: answers(1) });
    const first = await bundle.library("b/libfirst.so", { code: "int first;", needs: [far] });
    const near = await bundle.library("c/libnear.so", { code: answers(2) });
    const tool = await bundle.executable("bin/tool", { code: printsAnswer, needs: [first, near] });
    const { unpinned, pinned } = await bothWays(bundle, tool, () => bundle.start(tool));
    expect([unpinned, pinned]).toEqual([printed("2"), printed("2")]);
  });

  it("is the executable's own before that of any library", async () => {
    const bundle = createBundle();
    const asks = await bundle.library("lib/libasks.so", {
      code: `${answers(1)} int ask(void) { return answer(); }`,
    });
    const code = `#include <stdio.h>\n${answers(2)}\nint ask(void);\nint main(void) { printf("%d\\n", ask()); return 0; }`;
    const tool = await bundle.executable("bin/tool", { code, needs: [asks], flags: ["-rdynamic"] });
    const { unpinned, pinned } = await bothWays(bundle, tool, () => bundle.start(tool));
    expect([unpinned, pinned]).toEqual([printed("2"), printed("2")]);
  });
});
