import { describe, expect, test } from "vitest";
import { asFileOffset } from "../../../src/elf/address.ts";
import { ElfError } from "../../../src/elf/error.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { openStringTable } from "../../../src/elf/string-table.ts";

/** A table of these bytes, and how many bytes of it have been asked for. */
function tableOf(text: string) {
  const source = bufferSource(Buffer.from(text, "latin1"));
  let asked = 0;
  const counted = {
    size: source.size,
    read(offset: number, length: number, what?: string) {
      asked += length;
      return source.read(offset, length, what);
    },
  };
  const table = openStringTable(counted, asFileOffset(0), source.size, "table");
  return { table, asked: () => asked };
}

/** The string, or the kind of the defect. */
function at({ table }: ReturnType<typeof tableOf>, index: number): string {
  try {
    return table.at(index);
  } catch (error) {
    if (error instanceof ElfError) return error.defect.kind;
    throw error;
  }
}

const size = 100_000;

describe("a string table", () => {
  test("has strings, and tails of strings, up to its last NUL", () => {
    const some = tableOf("\0alpha\0beta\0rest");
    expect([0, 1, 3, 7, 12, 14, 16, 99].map((index) => at(some, index))).toEqual([
      "",
      "alpha",
      "pha",
      "beta",
      ...Array<string>(4).fill("bad-string"),
    ]);
    expect(at(some, 8)).toBe("eta");
  });

  test.each([
    ["forwards", Array.from({ length: 1000 }, (_, index) => index)],
    ["backwards", Array.from({ length: 1000 }, (_, index) => size - 1 - 100 * index)],
  ])("without a NUL is searched once, and not for each of a thousand entries: %s", (_, indexes) => {
    const endless = tableOf("x".repeat(size));
    for (const index of indexes) expect(at(endless, index)).toBe("bad-string");
    expect(endless.asked()).toBeLessThan(4 * size);
  });

  test("with one string is not read for each of a thousand entries that are tails of it", () => {
    const long = tableOf(`${"x".repeat(size - 1)}\0`);
    for (let index = 0; index < 1000; index++) at(long, index);
    expect(at(long, 999)).toBe("bad-string");
    expect(long.asked()).toBeLessThan(12 * size);
  });
});
