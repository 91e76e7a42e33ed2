import { describe, expect, it } from "vitest";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import { type Architecture, architectures } from "../../../../src/patch/architecture/architectures.ts";
import { findRoom, type Room } from "../../../../src/patch/stub/placement.ts";
import { addressOfPart, buildElf, type ElfSpec, offsetOfPart, withField } from "../../../support/elf/elf-builder.ts";

const x86 = architectures.find(({ name }) => name === "x86_64") as Architecture;
const note = { name: "GNU", type: 5, description: new Uint8Array(16) };

function roomFor(bytes: Uint8Array, size: number): Room | undefined {
  return findRoom(parseElf(bufferSource(bytes)), x86, size);
}

/** A file with `size` bytes of code, its entry point `entryOffset` bytes into it; what follows in its page is zero. */
function fileWith(size: number, spec: ElfSpec = {}) {
  return buildElf({ needed: ["libc.so.6"], code: new Uint8Array(size).fill(0x90), ...spec });
}

/** The same with a byte after the code that is not zero. */
function withUsedTail(elf: ReturnType<typeof buildElf>, size: number): Uint8Array {
  const bytes = elf.bytes.slice();
  bytes[offsetOfPart(elf, ".text") + size + 10] = 1;
  return bytes;
}

describe("a stub is placed", () => {
  it("at the entry point where the segment goes on long enough", () => {
    const room = roomFor(fileWith(512).bytes, 200);
    expect(room?.placement).toMatchObject({ kind: "at-entry", savedSize: 200 });
    expect(room?.placement?.stubOffset).toBe(room?.entryOffset);
    expect(room?.room).toBe(512);
  });

  it("over the segment's end where the rest of its page is zero", () => {
    const room = roomFor(fileWith(80).bytes, 200);
    expect(room?.placement).toMatchObject({ kind: "segment-tail", savedSize: 200 });
    expect(room?.placement?.stubOffset).toBe(room?.entryOffset);
    expect(room?.room).toBe(80);
  });

  it("before the entry point, with a jump there, where nothing is free after it", () => {
    const room = roomFor(withUsedTail(fileWith(512, { entryOffset: 500 }), 512), 200);
    const { entryOffset = 0, placement } = room ?? {};
    expect(placement).toMatchObject({
      kind: "before-entry",
      savedOffset: entryOffset - 200,
      savedSize: 205,
      stubOffset: entryOffset - 200,
    });
  });

  it("nowhere, with the largest place, where there is no room", () => {
    const room = roomFor(withUsedTail(fileWith(80), 80), 200);
    expect(room?.placement).toBeUndefined();
    expect(room?.largest).toBe(80);
  });

  it("nowhere that a jump does not lead to: from an entry point between two instructions", () => {
    const aarch64 = architectures.find(({ name }) => name === "aarch64") as Architecture;
    const { machine, elfClass, byteOrder } = aarch64;
    const placed = (entryOffset: number) => {
      const elf = fileWith(512, { machine, elfClass, byteOrder, entryOffset });
      return findRoom(parseElf(bufferSource(withUsedTail(elf, 512))), aarch64, 200)?.placement?.kind;
    };
    expect([placed(480), placed(482)]).toEqual(["before-entry", undefined]);
  });

  it("nowhere when the entry point is in no executable segment", () => {
    expect(roomFor(withField(fileWith(80), "ehdr.e_entry", 0x7fff_ffffn), 100)).toBeUndefined();
  });
});

describe("a stub does not cover", () => {
  it("notes, which the kernel reads", () => {
    const elf = fileWith(512, { notes: [note] });
    const headers = parseElf(bufferSource(elf.bytes)).programHeaders;
    const notes = headers.find(({ type }) => type === 4);
    const kept = roomFor(elf.bytes, 100)?.placement;
    const start = notes?.offset ?? 0;
    expect(
      kept && (kept.savedOffset >= start + (notes?.fileSize ?? 0) || kept.savedOffset + kept.savedSize <= start),
    ).toBe(true);
  });

  it("a payload after the last segment, however many zeros it begins with", () => {
    // Without section headers nothing stands after the code but what was appended.
    const elf = buildElf({ code: new Uint8Array(80).fill(0x90), dynamic: false, sections: false });
    const bytes = new Uint8Array(elf.bytes.length + 8192);
    bytes.set(elf.bytes);
    const text = offsetOfPart(elf, ".text");
    const lastSegmentIsCode = elf.bytes.length <= text + 4096;
    expect(lastSegmentIsCode).toBe(true);
    expect(roomFor(bytes, 200)?.placement?.kind).not.toBe("segment-tail");
  });

  it("an address that another segment maps", () => {
    const elf = fileWith(80);
    const code = addressOfPart(elf, ".text");
    const moved = withField(elf, "PT_LOAD[2].p_vaddr", code + 100n);
    expect(roomFor(moved, 200)?.placement?.kind).not.toBe("segment-tail");
  });
});
