import { describe, expect, it } from "vitest";
import { ElfError } from "../../../../src/elf/error.ts";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import { earlyFunctions } from "../../../../src/patch/stub/early-functions.ts";
import { addressOfPart, buildElf, offsetOfPart, withField } from "../../../support/elf/elf-builder.ts";

const DT_PREINIT_ARRAY = 0x20;
const DT_PREINIT_ARRAYSZ = 0x21;

const elf = buildElf({ needed: ["libc.so.6"], nullSlots: 3 });

/** The file with such an array at its code, `size` bytes long. */
function withArray(size: number): Uint8Array {
  const fields: readonly (readonly [string, number | bigint])[] = [
    ["DT_NULL[0].d_tag", DT_PREINIT_ARRAY],
    ["DT_NULL[0].d_un", addressOfPart(elf, ".text")],
    ["DT_NULL[1].d_tag", DT_PREINIT_ARRAYSZ],
    ["DT_NULL[1].d_un", size],
  ];
  return fields.reduce((bytes, [field, value]) => withField({ ...elf, bytes }, field, value), elf.bytes);
}

const rangesIn = (bytes: Uint8Array) => earlyFunctions(parseElf(bufferSource(bytes)));

describe("functions that run before the entry point", () => {
  it("are none without an array", () => {
    expect(rangesIn(elf.bytes)).toEqual([]);
  });

  it("are where the array's entries point to", () => {
    const bytes = withArray(16);
    const text = offsetOfPart(elf, ".text");
    const address = addressOfPart(elf, ".text");
    new DataView(bytes.buffer).setBigUint64(text, address + 100n, true);
    expect(rangesIn(bytes)).toEqual([[text + 100, text + 116]]);
  });

  it("are damage where there are more than any executable has, as each is looked for in every segment", () => {
    expect(rangesIn(withArray(512))).toEqual([]);
    expect(() => rangesIn(withArray(1025 * 8))).toThrow(ElfError);
  });
});
