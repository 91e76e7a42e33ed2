// What a tool leaves of a library in place when it drops the bytes that are in no section.

import { expect, test } from "vitest";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import { hasLostRunPath } from "../../../../src/patch/in-place/lost-run-path.ts";
import { type BuiltElf, buildElf, type ElfSpec, withField } from "../../../support/elf/elf-builder.ts";

const library = (spec: ElfSpec): BuiltElf => buildElf({ interpreter: null, needed: ["libz.so.1"], ...spec });
const isLost = (bytes: Uint8Array): boolean => hasLostRunPath(parseElf(bufferSource(bytes)));

/** Bytes of its string table, and how far after that table's start its first segment ends. */
function distances({ bytes }: BuiltElf) {
  const { programHeaders, dynamic } = parseElf(bufferSource(bytes));
  const value = (wanted: bigint) => dynamic()?.entries.find(({ tag }) => tag === wanted)?.value ?? 0n;
  const first = programHeaders.find(({ type }) => type === 1);
  if (first === undefined) throw new Error("no segment");
  const start = value(5n);
  return { size: value(10n), end: first.virtualAddress + BigInt(first.fileSize) - start, start, first };
}

test.each([
  ["DT_RUNPATH", { runpath: "/old" }],
  ["DT_RPATH", { rpath: "/old" }],
])("a %s that leads to the end of the string table or after it is a lost run path", (name, spec) => {
  const built = library(spec);
  const { size, end } = distances(built);
  expect(isLost(built.bytes)).toBe(false);
  for (const [value, expected] of [
    [size - 1n, false],
    [size, true],
    [end + 100n, true],
  ] as const) {
    expect([value, isLost(withField(built, `${name}.d_un`, value))]).toEqual([value, expected]);
  }
});

test("one that leads to where no texts are ever put is damage of another kind", () => {
  const built = library({ runpath: "/old" });
  const { end } = distances(built);
  // The last address that a segment can have grown to, and the next one; the other segments end far before it.
  const largestPage = 0x10000n;
  const texts = parseElf(bufferSource(built.bytes)).programHeaders.filter(
    ({ type, flags }) => type === 1 && flags !== 6,
  );
  const last = texts.at(-1);
  const { start } = distances(built);
  if (last === undefined) throw new Error("no segment");
  const limit = last.virtualAddress + BigInt(last.fileSize) + largestPage - start;
  expect(limit > end).toBe(true);
  expect(isLost(withField(built, "DT_RUNPATH.d_un", limit - 1n))).toBe(true);
  expect(isLost(withField(built, "DT_RUNPATH.d_un", limit))).toBe(false);
});

test("an address before every segment is none where texts are put", () => {
  const built = library({ runpath: "/old", base: 0x40_0000n });
  const { start } = distances(built);
  const before = 2n ** 64n - start;
  expect(isLost(withField(built, "DT_RUNPATH.d_un", before))).toBe(false);
});

test("a needed name outside of the string table is damage of another kind", () => {
  const built = library({ runpath: "/old" });
  expect(isLost(withField(built, "DT_NEEDED[0].d_un", distances(built).size + 8n))).toBe(false);
});

test.each(["DT_STRTAB", "DT_STRSZ"])("without %s nothing is known to be lost", (tag) => {
  const built = library({ runpath: "/old" });
  const lost = { ...built, bytes: withField(built, "DT_RUNPATH.d_un", distances(built).size + 8n) };
  expect(isLost(lost.bytes)).toBe(true);
  expect(isLost(withField(lost, `${tag}.d_tag`, 9))).toBe(false);
});
