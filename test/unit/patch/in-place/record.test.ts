import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import {
  decodeRecord,
  encodeRecord,
  type InPlaceRecord,
  markSize,
  recordLimit,
  sizeBefore,
} from "../../../../src/patch/in-place/record.ts";

const layout = { elfClass: 64, byteOrder: "little" } as const;
const blank: InPlaceRecord = {
  address: 0x1000n,
  segmentSize: 0x800,
  interpreter: undefined,
  runPath: new Uint8Array(),
  tag: "runpath",
  entries: [],
};
const usual = { text: Buffer.from("/ld.so"), former: [1n, 2n, 2n, 3n, 3n], section: 4 } as const;
const unusual = { ...usual, former: [1n, 2n, 5n, 3n, 6n] } as const;
const entries = [{ slot: 7, tag: 15n, value: 9n }];

test.each<[string, Partial<InPlaceRecord>]>([
  ["nothing but its place", {}],
  ["an interpreter", { interpreter: usual }],
  ["an interpreter and a DT_RPATH", { interpreter: usual, runPath: Buffer.from("/lib"), tag: "rpath", entries }],
  ["an unusual PT_INTERP", { interpreter: { ...unusual, section: undefined } }],
  ["an unusual PT_INTERP and a DT_RPATH", { interpreter: unusual, runPath: Buffer.from("/"), tag: "rpath", entries }],
  ["a run path", { runPath: Buffer.from("/lib"), entries: [...entries, ...entries] }],
])("a record of %s says the same when it is read", (_, part) => {
  const record = { ...blank, ...part };
  const encoded = encodeRecord(layout, record);
  const decoded = decodeRecord(layout, encoded.bytes);
  const texts = (one: InPlaceRecord | undefined) => ({
    ...one,
    interpreter: one?.interpreter && { ...one.interpreter, text: Buffer.from(one.interpreter.text).toString() },
    runPath: Buffer.from(one?.runPath ?? []).toString(),
  });
  expect(texts(decoded?.record)).toEqual(texts(record));
  expect([decoded?.interpreterAt, decoded?.runPathAt]).toEqual([encoded.interpreterAt, encoded.runPathAt]);
  expect(sizeBefore(layout, encoded.bytes.subarray(-markSize))).toBe(encoded.bytes.length);
});

test("a record without texts has no byte for them", () => {
  expect(encodeRecord(layout, blank).bytes).toHaveLength(16 + 2 * 8 + markSize);
});

test("a record of a whole page is one, and a larger one is none", () => {
  const { bytes } = encodeRecord(layout, blank);
  const sized = (size: number) =>
    encodeRecord(layout, { ...blank, runPath: new Uint8Array(size - bytes.length - 1).fill(47) }).bytes;
  expect(sizeBefore(layout, sized(recordLimit).subarray(-markSize))).toBe(recordLimit);
  expect(sizeBefore(layout, sized(recordLimit + 1).subarray(-markSize))).toBeUndefined();
});

test("a record's bytes are those that files have which were patched before", () => {
  const record = { ...blank, interpreter: unusual, runPath: Buffer.from("/lib"), tag: "rpath", entries } as const;
  const little = Buffer.from(encodeRecord(layout, record).bytes).toString("hex");
  const big = Buffer.from(encodeRecord({ elfClass: 32, byteOrder: "big" }, record).bytes).toString("hex");
  expect([little, big].map((bytes) => bytes.replace(/.{32}/g, "$&\n"))).toMatchInlineSnapshot(`
    [
      "7f494e504c4301000010000000000000
    00080000000000000700050001030400
    01000000000000000200000000000000
    03000000000000000500000000000000
    06000000000000000700000000000000
    0f000000000000000900000000000000
    2f6c642e736f002f6c69620074000000
    50494257",
      "7f494e504c4300010000100000000800
    00070005030100040000000100000002
    00000003000000050000000600000007
    0000000f000000092f6c642e736f002f
    6c6962000000004c57424950",
    ]
  `);
});
