// Kernels have pages of 4, 16 or 64 KB; the patcher does not know which. Whatever it saves must lie, for each of them, in
// pages that belong to the executable segment alone: the loader makes them writable for a moment.

import { describe, expect, it } from "vitest";
import type { ElfFile, ProgramHeader } from "../../../../src/elf/elf-file.ts";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import { architectures, entryStateOf } from "../../../../src/patch/architecture/architectures.ts";
import { findRoom } from "../../../../src/patch/stub/placement.ts";
import { buildElf } from "../../../support/elf/elf-builder.ts";

const pages = [0x1000n, 0x4000n, 0x1_0000n];
const stubSize = 200;

/** Addresses that a kernel with this page size maps for a range. */
function mapped(start: bigint, size: bigint, page: bigint): readonly [bigint, bigint] {
  return [start - (start % page), ((start + size + page - 1n) / page) * page];
}

function loads(elf: ElfFile): readonly ProgramHeader[] {
  return elf.programHeaders.filter(({ type }) => type === 1);
}

/** Executables of every size of code up to a page, with the entry point at its beginning, middle and end. */
function* executables(align: bigint, machine: (typeof architectures)[number]) {
  for (const size of [240, 4080, 5000]) {
    for (const entryOffset of [0, 128, size - 16]) {
      const { elfClass, byteOrder } = machine;
      const file = buildElf({
        pageSize: Number(align),
        code: new Uint8Array(size).fill(1),
        entryOffset,
        elfClass,
        byteOrder,
        machine: machine.machine,
        needed: ["libc.so.6"],
      });
      yield parseElf(bufferSource(file.bytes));
    }
  }
}

describe.each(architectures)("of $name", (architecture) => {
  it.each(pages)(
    "what is saved of a file made for pages of %s bytes is the segment's own on smaller ones too",
    (align) => {
      const kinds = new Set<string>();
      for (const elf of executables(align, architecture)) {
        const room = findRoom(elf, architecture, stubSize);
        if (room?.placement === undefined) continue;
        const { segment, placement } = room;
        kinds.add(placement.kind);
        const { savedAddress, savedSize, savedOffset, stubAddress } = placement;
        expect(stubAddress % BigInt(entryStateOf(architecture, elf.header.entry).codeAlign)).toBe(0n);
        for (const page of pages.filter((it) => it <= align)) {
          const [start, end] = mapped(savedAddress, BigInt(savedSize), page);
          const [segmentStart, segmentEnd] = mapped(segment.virtualAddress, BigInt(segment.fileSize), page);
          expect(start).toBeGreaterThanOrEqual(segmentStart);
          expect(end).toBeLessThanOrEqual(segmentEnd);
          expect((savedAddress - BigInt(savedOffset)) % page).toBe(0n);
          for (const other of loads(elf)) {
            if (other.index === segment.index) continue;
            const [otherStart, otherEnd] = mapped(other.virtualAddress, other.memorySize, page);
            expect(otherEnd <= start || otherStart >= end).toBe(true);
          }
        }
      }
      // The cases reach every kind of place.
      expect([...kinds].sort()).toEqual(["at-entry", "before-entry", "segment-tail"]);
    },
  );
});
