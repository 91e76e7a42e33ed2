// Symbol versions: a program asks for them by the soname of a library, which stands behind the pins.

import { describe, expect, it } from "vitest";
import { type Bundle, createBundle } from "../../../support/compiled/bundle.ts";
import { hostPath } from "../../../support/roots/store.ts";
import { bothWays, printed, printsAnswer } from "./both-ways.ts";

/** A library in which `answer` has these versions, the last one as the default; it returns their numbers. */
function versioned(bundle: Bundle, path: string, versions: readonly [number, ...number[]]): Promise<string> {
  const nodes = versions.map((version, index) => {
    const inherited = index === 0 ? "" : ` ANSWERS_${versions[index - 1]}`;
    return `ANSWERS_${version} { ${index === 0 ? "global: answer; local: *;" : ""} }${inherited};`;
  });
  const script = hostPath(bundle.store, bundle.text(`${path}.map`, nodes.join("\n")));
  const functions = versions.map((version, index) => {
    const at = index === versions.length - 1 ? "@@" : "@";
    return `__attribute__((symver("answer${at}ANSWERS_${version}"))) int answer_${version}(void) { return ${version}; }`;
  });
  return bundle.library(path, { code: functions.join("\n"), flags: [`-Wl,--version-script=${script}`] });
}

describe("a symbol with versions", () => {
  it("is that of the version the program was linked with, in a library that has several", async () => {
    const bundle = createBundle();
    const old = await versioned(bundle, "/nix/store/old/libanswer.so", [1]);
    await versioned(bundle, "lib/libanswer.so", [1, 2]);
    const tool = await bundle.executable("bin/tool", { code: printsAnswer, needs: [old] });
    const { unpinned, pinned, pins } = await bothWays(bundle, tool, () => bundle.start(tool));
    expect([unpinned, pinned]).toEqual([printed("1"), printed("1")]);
    expect(pins).toContain(`${bundle.root}/lib/libanswer.so`);
  });

  it("is not that of a library in front which has the symbol in another version", async () => {
    const bundle = createBundle();
    const first = await bundle.library("/nix/store/old/libfirst.so", { code: "int nothing;" });
    const second = await versioned(bundle, "lib/libanswer.so", [2]);
    const tool = await bundle.executable("bin/tool", { code: printsAnswer, needs: [first, second] });
    await versioned(bundle, "lib/libfirst.so", [1]);
    const { unpinned, pinned } = await bothWays(bundle, tool, () => bundle.start(tool));
    expect([unpinned, pinned]).toEqual([printed("2"), printed("2")]);
  });

  it("is missing with pins as without, where the build let that through", async () => {
    const bundle = createBundle();
    const newer = await versioned(bundle, "/nix/store/newer/libanswer.so", [2]);
    await versioned(bundle, "lib/libanswer.so", [1]);
    const tool = await bundle.executable("bin/tool", { code: printsAnswer, needs: [newer] });
    const { unpinned, pinned } = await bothWays(bundle, tool, () => bundle.start(tool), [
      ...["--ignore-missing", "libanswer.so:ANSWERS_2"],
    ]);
    expect(unpinned).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("version `ANSWERS_2' not found") });
    expect(pinned).toEqual(unpinned);
  });
});
