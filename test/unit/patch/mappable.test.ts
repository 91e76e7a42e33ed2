import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { canBeMapped } from "../../../src/patch/mappable.ts";
import { buildElf, withField } from "../../support/elf/elf-builder.ts";

const linker = buildElf({ interpreter: null, symbols: [{ name: "_r_debug", value: 0x10n }] });

const isMappable = (bytes: Uint8Array): boolean => canBeMapped(parseElf(bufferSource(bytes)));

test("this machine's dynamic linker can be mapped", () => {
  expect(isMappable(readFileSync("/lib64/ld-linux-x86-64.so.2"))).toBe(true);
});

describe("a dynamic linker cannot be mapped", () => {
  test.each([
    ["with a segment before the one in front of it", "PT_LOAD[1].p_vaddr", 0n],
    ["with an address above 1 GB", "PT_LOAD[1].p_vaddr", 1n << 40n],
    ["with an alignment of 1 GB", "PT_LOAD[0].p_align", 1n << 30n],
    ["with a segment that is not where pages of the file can be", "PT_LOAD[1].p_vaddr", 0x20_0008n],
  ] as const)("%s", (_, field, value) => {
    expect(isMappable(linker.bytes)).toBe(true);
    expect(isMappable(withField(linker, field, value))).toBe(false);
  });

  test("with its program headers after what the loader reads, or not aligned", () => {
    const table = linker.bytes.subarray(64, 64 + 4 * 56);
    for (const [offset, expected] of [
      [4096, true],
      [4100, false],
      [8192, false],
    ] as const) {
      const bytes = new Uint8Array(16_384);
      bytes.set(linker.bytes);
      bytes.set(table, offset);
      new DataView(bytes.buffer).setBigUint64(32, BigInt(offset), true);
      new DataView(bytes.buffer).setUint16(56, 4, true);
      expect(isMappable(bytes), `${offset}`).toBe(expected);
    }
  });

  test("without a segment", () => {
    expect(isMappable(withField(linker, "ehdr.e_phnum", 0))).toBe(false);
  });
});
