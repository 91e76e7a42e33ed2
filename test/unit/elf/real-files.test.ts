// The reader against readelf, on the executables of the machine that runs the tests.

import { spawnSync } from "node:child_process";
import { closeSync, fstatSync, openSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ElfFile } from "../../../src/elf/elf-file.ts";
import { isElf } from "../../../src/elf/headers/file-header.ts";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { fileSource } from "../../../src/elf/source.ts";

function withElf<T>(path: string, use: (elf: ElfFile) => T): T | undefined {
  const descriptor = openSync(path, "r");
  try {
    const source = fileSource(descriptor, fstatSync(descriptor).size);
    if (source.size < 4 || !isElf(source.read(0, 4))) return undefined;
    return use(parseElf(source));
  } finally {
    closeSync(descriptor);
  }
}

function filesIn(directory: string): readonly string[] {
  const entries = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ name }) => `${directory}/${name}`).sort();
}

/** What readelf says of the dynamic section, in our words. */
function readelfFacts(path: string) {
  const { stdout } = spawnSync("readelf", ["-ldVW", path], { encoding: "utf8", env: { LC_ALL: "C" } });
  const all = (pattern: RegExp) => [...stdout.matchAll(pattern)].map((match) => match[1] ?? "");
  return {
    interpreter: all(/Requesting program interpreter: (.*)\]/g)[0],
    needed: all(/\(NEEDED\)\s+Shared library: \[(.*)\]/g),
    soname: all(/\(SONAME\)\s+Library soname: \[(.*)\]/g)[0],
    rpath: all(/\(RPATH\)\s+Library rpath: \[(.*)\]/g)[0],
    runpath: all(/\(RUNPATH\)\s+Library runpath: \[(.*)\]/g)[0],
    versions: all(/0x[0-9a-f]+:\s+Name: (\S+)\s+Flags: \S+\s+Version: /g),
  };
}

function ourFacts(elf: ElfFile) {
  const dynamic = elf.dynamic();
  return {
    interpreter: elf.interpreter(),
    needed: dynamic?.needed ?? [],
    soname: dynamic?.soname,
    rpath: dynamic?.rpath,
    runpath: dynamic?.runpath,
    versions: elf.versionNeeds().map(({ version }) => version),
  };
}

describe("the executables in /usr/bin", () => {
  const executables = filesIn("/usr/bin").filter((path) => withElf(path, () => true) === true);

  test("are there to be read", () => {
    expect(executables.length).toBeGreaterThan(20);
  });

  test("are all read to the end without a defect", () => {
    for (const path of executables) {
      withElf(path, (elf) => {
        elf.versionDefinitions();
        elf.notes();
        elf.sections();
        elf.dynamicSymbol("main");
        return ourFacts(elf);
      });
    }
  });

  test("say of a sample what readelf says", () => {
    const step = Math.ceil(executables.length / 40);
    const versions: string[] = [];
    for (const path of executables.filter((_, i) => i % step === 0)) {
      const facts = readelfFacts(path);
      expect({ path, ...withElf(path, ourFacts) }).toEqual({ path, ...facts });
      versions.push(...facts.versions);
    }
    // That readelf's text is still understood.
    expect(versions).toContain("GLIBC_2.34");
  });
});

test("the C library has its symbols and versions", () => {
  const facts = withElf("/lib/x86_64-linux-gnu/libc.so.6", (elf) => ({
    soname: elf.dynamic()?.soname,
    hasPuts: elf.dynamicSymbol("puts") !== undefined,
    hasNonsense: elf.dynamicSymbol("puts_nonsense") !== undefined,
    hasVersion: elf.versionDefinitions().includes("GLIBC_2.2.5"),
  }));
  expect(facts).toEqual({ soname: "libc.so.6", hasPuts: true, hasNonsense: false, hasVersion: true });
});
