// Real executables, wrapped in one way after another and restored: SHA-256, mode and size are the original's. Those
// that npm ci installs, Debian's of this machine, and those that npm run setup fetches for other architectures;
// test/corpus has all, and larger ones.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { debianRoot, machines } from "../../support/compiled/machines.ts";
import { foreign } from "../../support/foreign/debian-programs.ts";
import { interpreterName } from "../../support/roots/store.ts";
import { fuzzSeed } from "../../support/vitest/fuzz-time.ts";
import { copyExecutables, filesIn, goThereAndBack } from "../../support/writing/way-back.ts";

const modules = fileURLToPath(new URL("../../../node_modules/", import.meta.url));
const native = "/lib64/ld-linux-x86-64.so.2";

const isOneOfEight = (_path: string, index: number): boolean => index % 8 === fuzzSeed % 8;

describe("after all ways to wrap them, restoring gives the original:", () => {
  it("executables from npm packages", () => {
    const executables = [
      "sass-embedded-linux-x64/dart-sass/src/dart",
      "@biomejs/cli-linux-x64/biome",
      "lightningcss-cli-linux-x64-gnu/lightningcss",
      "@dprint/linux-x64-glibc/dprint",
    ];
    const tree = copyExecutables(executables.map((path) => join(modules, path)));
    expect(goThereAndBack(tree, [native])).toEqual({ wrapped: executables.length, complaints: [] });
  });

  it("an eighth of this machine's executables", () => {
    const found = filesIn("/usr/bin", "/usr/sbin").filter(isOneOfEight);
    const { wrapped, complaints } = goThereAndBack(copyExecutables(found), [native]);
    console.info(`${wrapped} of ${found.length} files (seed ${fuzzSeed})`);
    expect(complaints).toEqual([]);
    expect(wrapped).toBeGreaterThan(50);
  });

  it.each(machines.filter(foreign))("an eighth of some executables of Debian for $name", (machine) => {
    const root = debianRoot(machine.name);
    const directories = ["bin", "usr/bin", "usr/sbin"].map((directory) => join(root, directory));
    const found = filesIn(...directories).filter(isOneOfEight);
    const interpreter = `${root}/usr/lib/${machine.libraries}/${interpreterName(machine.name)}`;
    const { wrapped, complaints } = goThereAndBack(copyExecutables(found), [interpreter]);
    console.info(`${machine.name}: ${wrapped} of ${found.length} files (seed ${fuzzSeed})`);
    expect(complaints).toEqual([]);
    expect(wrapped).toBeGreaterThan(10);
  });
});
