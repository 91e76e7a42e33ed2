import { describe, expect, test } from "vitest";
import {
  addressSpaceOf,
  encodeU32,
  type Layout,
  viewOf,
  type Writer,
  wordSizeOf,
  writerOf,
} from "../../../src/elf/codec.ts";

const bytes = Uint8Array.of(0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef);

/** What `write` leaves of `size` zeros. */
function written(layout: Layout, size: number, write: (writer: Writer) => void): Uint8Array {
  const target = new Uint8Array(size);
  write(writerOf(layout, target));
  return target;
}

const wordBytes = (layout: Layout, value: bigint) =>
  written(layout, wordSizeOf(layout), (writer) => writer.word(0, value));

describe.each<Layout & { u16: number; u32: number; u64: bigint; word: bigint }>([
  { elfClass: 32, byteOrder: "little", u16: 0x2301, u32: 0x67452301, u64: 0xefcdab8967452301n, word: 0x67452301n },
  { elfClass: 32, byteOrder: "big", u16: 0x0123, u32: 0x01234567, u64: 0x0123456789abcdefn, word: 0x01234567n },
  {
    elfClass: 64,
    byteOrder: "little",
    u16: 0x2301,
    u32: 0x67452301,
    u64: 0xefcdab8967452301n,
    word: 0xefcdab8967452301n,
  },
  { elfClass: 64, byteOrder: "big", u16: 0x0123, u32: 0x01234567, u64: 0x0123456789abcdefn, word: 0x0123456789abcdefn },
])("class $elfClass, $byteOrder-endian", ({ u16, u32, u64, word, ...layout }) => {
  test("numbers are read", () => {
    const view = viewOf(layout, bytes);
    expect([view.u8(1), view.u16(0), view.u32(0), view.u64(0), view.word(0)]).toEqual([0x23, u16, u32, u64, word]);
  });

  test("numbers are written as they are read", () => {
    expect(written(layout, 2, (writer) => writer.u16(0, u16))).toEqual(bytes.subarray(0, 2));
    expect(written(layout, 4, (writer) => writer.u32(0, u32))).toEqual(bytes.subarray(0, 4));
    expect(written(layout, 8, (writer) => writer.u64(0, u64))).toEqual(bytes);
    expect(wordBytes(layout, word)).toEqual(bytes.subarray(0, wordSizeOf(layout)));
    expect(encodeU32(layout, u32)).toEqual(bytes.subarray(0, 4));
  });

  test.each<[string, (writer: Writer) => void]>([
    ["u16", (writer) => writer.u16(0, 0x1_0000)],
    ["u16", (writer) => writer.u16(0, -1)],
    ["u32", (writer) => writer.u32(0, 0x1_0000_0000)],
    ["u32", (writer) => writer.u32(0, 0.5)],
    ["u64", (writer) => writer.u64(0, 1n << 64n)],
    ["word", (writer) => writer.word(0, addressSpaceOf(layout))],
    ["word", (writer) => writer.word(0, -1n)],
    ["position", (writer) => writer.u32(5, 0)],
  ])("a %s that does not fit is refused, not cut off", (_, write) => {
    expect(() => written(layout, 8, write)).toThrow(RangeError);
  });

  test.each([0n, 1n, 0xffff_ffffn, (1n << 53n) - 1n])("a word of 0x%s is the same as a number", (value) => {
    if (value >= addressSpaceOf(layout)) return expect(() => wordBytes(layout, value)).toThrow(RangeError);
    return expect(viewOf(layout, wordBytes(layout, value)).wordAsNumber(0)).toBe(Number(value));
  });
});

test("a word above 2^53 is above 2^53 as a number, too", () => {
  const layout: Layout = { elfClass: 64, byteOrder: "little" };
  const asNumber = (value: bigint) => viewOf(layout, wordBytes(layout, value)).wordAsNumber(0);
  expect(asNumber(1n << 53n)).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
  expect(asNumber((1n << 64n) - 1n)).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
});

test("a view of part of a buffer counts from its own start", () => {
  expect(viewOf({ elfClass: 32, byteOrder: "big" }, bytes.subarray(2, 6)).u32(0)).toBe(0x456789ab);
});
