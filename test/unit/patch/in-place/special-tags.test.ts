// Dynamic arrays with more in them than needed entries and a run path: only the entries that the form is about change.

import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import type { ElfFile } from "../../../../src/elf/elf-file.ts";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import { planInPlace } from "../../../../src/patch/in-place/plan-in-place.ts";
import { findTail } from "../../../../src/patch/in-place/room.ts";
import { buildElf, type ElfSpec, withField } from "../../../support/elf/elf-builder.ts";

const path = "/tree/lib.so";
const elfOf = (bytes: Uint8Array): ElfFile => parseElf(bufferSource(bytes));

function plan(bytes: Uint8Array) {
  const elf = elfOf(bytes);
  const content = { interpreter: undefined, runPath: ["/nix/store/aaaa/lib"], tag: "runpath" } as const;
  return planInPlace({ path, current: elf, original: elf, found: undefined, content });
}

function patched(bytes: Uint8Array): ElfFile {
  const planned = plan(bytes);
  if (planned.kind !== "plan") throw new Error(JSON.stringify(planned.issue));
  const changed = Buffer.from(bytes);
  for (const { offset, after } of planned.edits) changed.set(after, offset);
  return elfOf(changed);
}

/** Source: glibc elf/elf.h; RISC-V psABI, "Dynamic Linking"; AArch64 ELF ABI, "Dynamic Section"; PowerPC64 ELFv2 ABI. */
const specialTags = [
  ["DT_GNU_PRELINKED, of a prelinked library", 62, 0x6ffffdf5n],
  ["DT_CHECKSUM, of a prelinked library", 62, 0x6ffffdf8n],
  ["DT_GNU_LIBLIST, of a prelinked library", 62, 0x6ffffef9n],
  ["DT_AUXILIARY", 62, 0x7ffffffdn],
  ["DT_FILTER", 62, 0x7fffffffn],
  ["DT_FLAGS_1", 62, 0x6ffffffbn],
  ["DT_RISCV_VARIANT_CC", 243, 0x70000001n],
  ["DT_AARCH64_VARIANT_PCS", 183, 0x70000005n],
  ["DT_AARCH64_BTI_PLT", 183, 0x70000001n],
  ["DT_PPC64_OPT", 21, 0x70000003n],
] as const;

test.each(specialTags)("%s stays in its slot as it is", (_, machine, tag) => {
  const spec: ElfSpec = { machine, interpreter: null, needed: ["libz.so.1"], nullSlots: 3 };
  const before = withField(buildElf(spec), "DT_DEBUG.d_tag", tag);
  const entries = elfOf(before).dynamicEntries();
  const after = patched(before).dynamicEntries();
  expect(entries.map((entry) => entry.tag)).toContain(tag);
  expect(after.slice(0, entries.length)).toEqual(entries);
  expect(after).toHaveLength(entries.length + 1);
});

test("an architecture without a stub has no form in place either: MIPS", () => {
  const mips: ElfSpec = { machine: 8, elfClass: 32, byteOrder: "big", interpreter: null, nullSlots: 3 };
  expect(plan(buildElf(mips).bytes)).toEqual({
    kind: "impossible",
    issue: { kind: "unknown-architecture", path, machine: 8 },
  });
});

describe.each([0x1000, 0x4000, 0x10000])("with segments aligned to %i bytes", (pageSize) => {
  const size = 200;
  const bytes = buildElf({ interpreter: null, needed: ["libz.so.1"], nullSlots: 3, pageSize }).bytes;

  test("the texts lie in zeros of one page of the file, after the end of their segment", () => {
    const { tail } = findTail(elfOf(bytes), size);
    if (tail === undefined) throw new Error("no room");
    const { offset, segment } = tail;
    const end = segment.offset + segment.fileSize;
    expect(offset).toBeGreaterThan(end);
    expect(Math.floor(offset / 4096)).toBe(Math.floor((offset + size - 1) / 4096));
    expect(bytes.subarray(end, offset + size).every((byte) => byte === 0)).toBe(true);
    // Whatever page a kernel has, up to the alignment, it maps what lies in the same one.
    const pages = (at: number) => Math.floor(at / pageSize);
    expect(pages(offset + size - 1)).toBe(pages(end - 1));
  });

  test("nothing of it lies in memory of another segment, on kernels with pages of up to that", () => {
    const { tail } = findTail(elfOf(bytes), size);
    if (tail === undefined) throw new Error("no room");
    const last = tail.address + BigInt(size);
    const others = elfOf(bytes).programHeaders.filter(({ type, index }) => type === 1 && index !== tail.segment.index);
    const page = BigInt(pageSize);
    for (const { virtualAddress, memorySize } of others) {
      const [start, end] = [(virtualAddress / page) * page, virtualAddress + memorySize];
      expect(end <= tail.address || start >= last).toBe(true);
    }
  });
});
