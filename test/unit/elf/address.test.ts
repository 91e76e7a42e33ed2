import { describe, expect, test } from "vitest";
import {
  asFileOffset,
  asVirtualAddress,
  fileOffsetOf,
  fileRunAt,
  requireFileOffset,
  segmentOf,
} from "../../../src/elf/address.ts";
import { ElfError } from "../../../src/elf/error.ts";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { addressOfPart, buildElf, offsetOfPart, withField } from "../../support/elf/elf-builder.ts";

const built = buildElf({ type: 2 });
// 512 bytes in the file, 4096 in memory.
const bytes = withField(built, "PT_LOAD[1].p_memsz", 4096);
const { programHeaders } = parseElf(bufferSource(bytes));
const text = addressOfPart(built, ".text");

describe("the file offset of an address", () => {
  test("is counted from its segment's", () => {
    expect(fileOffsetOf(programHeaders, text, 1)).toBe(offsetOfPart(built, ".text"));
    expect(fileOffsetOf(programHeaders, text + 500n, 12)).toBe(offsetOfPart(built, ".text") + 500);
  });

  test("is undefined where not all bytes are in the file", () => {
    expect(fileOffsetOf(programHeaders, text + 500n, 13)).toBeUndefined();
    expect(fileOffsetOf(programHeaders, text + 2000n, 1)).toBeUndefined();
  });

  test("is undefined below, above and between the segments", () => {
    expect(fileOffsetOf(programHeaders, 0n, 1)).toBeUndefined();
    expect(fileOffsetOf(programHeaders, (1n << 64n) - 1n, 1)).toBeUndefined();
    expect(fileOffsetOf(programHeaders, text - 1n, 1)).toBeUndefined();
  });

  test("goes on through segments that adjoin in the file as in memory, and only through those", () => {
    const end = text + 512n;
    const offset = offsetOfPart(built, ".text") + 512;
    const [, , , code] = programHeaders;
    if (code === undefined) throw new Error("no segment of the code");
    const next = (virtualAddress: bigint, from: number) => ({
      ...code,
      virtualAddress: asVirtualAddress(virtualAddress),
      offset: asFileOffset(from),
    });
    const adjoining = [next(end, offset), ...programHeaders];
    expect(fileOffsetOf(adjoining, text + 500n, 13)).toBe(offset - 12);
    expect(fileOffsetOf(adjoining, text, 1024)).toBe(offset - 512);
    expect(fileOffsetOf(adjoining, text, 1025)).toBeUndefined();
    expect(fileRunAt(adjoining, text + 500n)).toEqual({ offset: offset - 12, size: 524 });
    expect(fileOffsetOf([next(end, offset + 8), ...programHeaders], text + 500n, 13)).toBeUndefined();
    expect(fileOffsetOf([next(end + 8n, offset + 8), ...programHeaders], text + 500n, 13)).toBeUndefined();
  });

  test("is an error that names the structure where it has to be there", () => {
    expect(() => requireFileOffset(programHeaders, 0n, 1, "thing")).toThrow(ElfError);
    expect(requireFileOffset(programHeaders, text, 1, "thing")).toBe(offsetOfPart(built, ".text"));
  });
});

test("the segment of an address is found by its memory, not by its file bytes", () => {
  expect(segmentOf(programHeaders, text)?.index).toBe(3);
  expect(segmentOf(programHeaders, text + 4095n)?.index).toBe(3);
  expect(segmentOf(programHeaders, text + 4096n)).toBeUndefined();
  expect(segmentOf(programHeaders, text - 1n)).toBeUndefined();
});

test.each([-1, 0.5, 2 ** 53, Number.NaN])("%d is no file offset", (value) => {
  expect(() => asFileOffset(value)).toThrow(RangeError);
});
