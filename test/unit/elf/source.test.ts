import { Buffer } from "node:buffer";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ByteSource } from "../../../src/elf/elf-file.ts";
import { ElfError } from "../../../src/elf/error.ts";
import { bufferSource, fileSource } from "../../../src/elf/source.ts";

const bytes = Uint8Array.from({ length: 4096 * 5 + 123 }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
const directory = mkdtempSync(join(tmpdir(), "wrap-buddy-source-"));
const path = join(directory, "file");
let descriptor = -1;

beforeAll(() => {
  writeFileSync(path, bytes);
  descriptor = openSync(path, "r");
});

afterAll(() => {
  closeSync(descriptor);
  rmSync(directory, { recursive: true });
});

const sources: readonly (readonly [name: string, open: () => ByteSource])[] = [
  ["memory", () => bufferSource(bytes)],
  ["a file", () => fileSource(descriptor, bytes.length)],
];

describe.each(sources)("a source in %s", (_, open) => {
  test("gives any range of its bytes", () => {
    const source = open();
    fc.assert(
      fc.property(fc.nat(bytes.length), fc.nat(bytes.length), (offset, length) => {
        const size = Math.min(length, bytes.length - offset);
        expect(Buffer.compare(source.read(offset, size), bytes.subarray(offset, offset + size))).toBe(0);
      }),
    );
  });

  test("says where a range that is not all there would end, and what it was read for", () => {
    expect(() => open().read(bytes.length - 3, 4, "thing")).toThrow(ElfError);
    try {
      open().read(bytes.length - 3, 4, "thing");
    } catch (error) {
      expect(error).toHaveProperty("defect", {
        kind: "past-end-of-file",
        what: "thing",
        offset: bytes.length - 3,
        end: BigInt(bytes.length + 1),
        size: bytes.length,
      });
    }
  });

  test.each([
    [-1, 1],
    [0, -1],
    [0.5, 1],
    [Number.NaN, 1],
    [2 ** 60, 1],
  ])("takes offset %d and length %d for a bug", (offset, length) => {
    expect(() => open().read(offset, length)).toThrow(RangeError);
  });
});

test("a file is read in pages, the first four of them at once, each of them once", () => {
  // The file loses its content in between: what was read before is not asked for again.
  const copy = join(directory, "shrinking");
  writeFileSync(copy, bytes);
  const writable = openSync(copy, "r+");
  const source = fileSource(writable, bytes.length);
  source.read(4000, 200);
  ftruncateSync(writable, 0);
  expect(source.read(0, 16384)).toEqual(bytes.subarray(0, 16384));
  expect(() => source.read(16384, 1)).toThrow(ElfError);
  closeSync(writable);
});
