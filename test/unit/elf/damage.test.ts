import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ElfError } from "../../../src/elf/error.ts";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { buildElf } from "../../support/elf/elf-builder.ts";
import { elfQuestions } from "../../support/elf/elf-questions.ts";
import { applyDamage, damageTo } from "../../support/elf/mutations.ts";

const spec = {
  needed: ["libm.so.6", "libc.so.6"],
  runpath: "/lib",
  soname: "tool",
  imports: ["puts"],
  symbols: [
    { name: "alpha", value: 1n },
    { name: "beta", value: 2n },
  ],
  versionNeeds: [{ file: "libc.so.6", versions: [{ name: "GLIBC_2.34" }, { name: "GLIBC_2.2.5" }] }],
  versionDefinitions: ["tool", "TOOL_1"],
  notes: [{ name: "GNU", type: 3, description: Uint8Array.of(1, 2, 3, 4) }],
};
const formats = [
  { name: "x86_64", elfClass: 64, byteOrder: "little", machine: 62, hash: "gnu" },
  { name: "i386", elfClass: 32, byteOrder: "little", machine: 3, hash: "sysv" },
  { name: "s390x", elfClass: 64, byteOrder: "big", machine: 22, hash: "sysv" },
  { name: "powerpc", elfClass: 32, byteOrder: "big", machine: 20, hash: "gnu" },
] as const;

const questions = elfQuestions("beta");

/** The answer, or the ElfError; anything else is thrown on. */
function answer<T>(ask: () => T): T | ElfError {
  try {
    return ask();
  } catch (error) {
    if (error instanceof ElfError) return error;
    throw error;
  }
}

describe.each(formats)("a damaged $name file", (format) => {
  const good = buildElf({ ...spec, ...format });

  test("throws an ElfError or is read, and never takes long", () => {
    // fast-check prints the seed and the path of a failure.
    fc.assert(
      fc.property(damageTo(good), (damage) => {
        const bytes = applyDamage(good, damage);
        const start = performance.now();
        const elf = answer(() => parseElf(bufferSource(bytes)));
        if (!(elf instanceof ElfError)) for (const question of questions) answer(() => question(elf));
        expect(performance.now() - start).toBeLessThan(1000);
      }),
      { numRuns: 1500 },
    );
  });
});

test("of the damaged files some are read and some are not, so that both ways are tested", () => {
  const good = buildElf(spec);
  const outcomes = fc.sample(damageTo(good), 300).map((damage) => {
    const elf = answer(() => parseElf(bufferSource(applyDamage(good, damage))));
    return elf instanceof ElfError ? "refused" : questions.some((q) => answer(() => q(elf)) instanceof ElfError);
  });
  expect(new Set(outcomes)).toEqual(new Set(["refused", true, false]));
});
