// Records that this tool never writes, and what is left of one when it is taken out: nothing is restored by the former, and
// the latter can be finished from every state.

import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import type { ElfFile } from "../../../../src/elf/elf-file.ts";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import { planInPlace } from "../../../../src/patch/in-place/plan-in-place.ts";
import { type FoundInPlace, readInPlace, removingEdits } from "../../../../src/patch/in-place/read-in-place.ts";
import { encodeRecord, type InPlaceRecord } from "../../../../src/patch/in-place/record.ts";
import { buildElf, type ElfSpec, withField } from "../../../support/elf/elf-builder.ts";

const path = "/tree/file";
const DT_NEEDED = 1n;
const executable: ElfSpec = { needed: ["libz.so.1"], runpath: "/old", nullSlots: 3, type: 2 };
const library: ElfSpec = { interpreter: null, needed: ["libz.so.1", "libm.so.6"], nullSlots: 3 };

const elfOf = (bytes: Uint8Array): ElfFile => parseElf(bufferSource(bytes));

/** A file, and the same with texts in place. */
function patch(spec: ElfSpec) {
  const original = Buffer.from(buildElf(spec).bytes);
  const current = elfOf(original);
  const interpreter = spec.interpreter === null ? undefined : "/nix/store/aaaa-glibc/lib/ld.so";
  const content = { interpreter, runPath: ["/nix/store/bbbb/lib"], tag: "runpath" } as const;
  const planned = planInPlace({ path, current, original: current, found: undefined, content });
  if (planned.kind !== "plan") throw new Error(JSON.stringify(planned.issue));
  const bytes = Buffer.from(original);
  for (const { offset, after } of planned.edits) bytes.set(after, offset);
  return { original, bytes, edits: planned.edits, found: foundIn(bytes) };
}

function foundIn(bytes: Buffer): FoundInPlace {
  const reading = readInPlace(elfOf(bytes));
  if (reading.kind !== "in-place") throw new Error(JSON.stringify(reading));
  return reading;
}

/** The patched file with another record of the same size in the place of its own. */
function withRecord(change: (record: InPlaceRecord) => InPlaceRecord, spec = executable): Buffer {
  const { bytes, found } = patch(spec);
  const encoded = encodeRecord({ elfClass: 64, byteOrder: "little" }, change(found.record));
  const [texts] = found.fields;
  expect(encoded.bytes).toHaveLength(texts?.written.length ?? 0);
  bytes.set(encoded.bytes, texts?.offset);
  return bytes;
}

const changed = (problem: string) => ({ kind: "changed", problem: expect.stringContaining(problem) });

describe("a record is not followed", () => {
  test("where it says that a needed entry gave way", () => {
    const bytes = withRecord((record) => ({
      ...record,
      entries: record.entries.map((entry) => ({ ...entry, tag: DT_NEEDED })),
    }));
    expect(readInPlace(elfOf(bytes))).toEqual(changed("an entry of the dynamic array that cannot have been changed"));
  });

  test("where its segment would have ended elsewhere than before it", () => {
    const bytes = withRecord((record) => ({ ...record, segmentSize: record.segmentSize - 64 }));
    expect(readInPlace(elfOf(bytes))).toEqual(changed("its record is damaged"));
  });

  test("where another version wrote it", () => {
    const { bytes, found } = patch(executable);
    bytes[(found.fields[0]?.offset ?? 0) + 6] = 2;
    expect(readInPlace(elfOf(bytes))).toEqual(changed("of another version"));
  });

  test("where it lacks its magic, or says that it is smaller than its head or larger than its segment", () => {
    const { bytes, found } = patch(library);
    const [texts] = found.fields;
    if (texts === undefined) throw new Error("no texts");
    const size = texts.offset + texts.written.length - 8;
    expect(found.segment.fileSize).toBeLessThan(4096);
    for (const change of [
      (one: Buffer) => one.writeUInt8(0, texts.offset),
      (one: Buffer) => one.writeUInt32LE(8, size),
      (one: Buffer) => one.writeUInt32LE(4096, size),
    ]) {
      const changedBytes = Buffer.from(bytes);
      change(changedBytes);
      expect(readInPlace(elfOf(changedBytes))).toEqual({ kind: "none" });
    }
  });

  test("where more entries gave way than ever do", () => {
    const { bytes, found } = patch(executable);
    const [texts] = found.fields;
    const { record } = found;
    const entries = [...record.entries, ...record.entries, ...record.entries];
    const { bytes: longer } = encodeRecord({ elfClass: 64, byteOrder: "little" }, { ...record, entries });
    bytes.set(longer, texts?.offset);
    const end = (texts?.offset ?? 0) + longer.length - found.segment.offset;
    for (const at of [32, 40]) bytes.writeBigUInt64LE(BigInt(end), found.segment.headerOffset + at);
    expect(readInPlace(elfOf(bytes))).toEqual(changed("its record is damaged, or of another version"));
  });

  test("where an entry is neither what it was nor what was written there", () => {
    const { bytes, found } = patch(executable);
    const entry = found.fields.find(({ what }) => what === "dynamic entry");
    const value = (entry?.offset ?? 0) + 8;
    bytes.writeUInt32LE(bytes.readUInt32LE(value) + 1, value);
    const place = `0x${entry?.offset.toString(16)}`;
    expect(readInPlace(elfOf(bytes))).toEqual(
      changed(`the entry of its run path, at ${place}, is not what was written there`),
    );
  });

  test("where another one stands before it", () => {
    const { bytes } = patch(library);
    const current = elfOf(bytes);
    const content = { interpreter: undefined, runPath: ["/nix/store/cccc/lib"], tag: "runpath" } as const;
    const planned = planInPlace({ path, current, original: current, found: undefined, content });
    if (planned.kind !== "plan") throw new Error(JSON.stringify(planned.issue));
    for (const { offset, after } of planned.edits) bytes.set(after, offset);
    expect(readInPlace(elfOf(bytes))).toEqual(changed("there is a second record in it"));
  });

  test("where it names a section after the last one, or one of which the file has no whole header", () => {
    const naming = (section: number) =>
      withRecord((record) => ({
        ...record,
        ...(record.interpreter !== undefined && { interpreter: { ...record.interpreter, section } }),
      }));
    const { sectionHeaderCount: count } = elfOf(naming(1)).header;
    const last = naming(count - 1);
    // The section headers are the end of this file.
    expect(readInPlace(elfOf(last))).toEqual(changed("the section of its interpreter"));
    for (const bytes of [naming(count), last.subarray(0, -1)]) {
      expect(readInPlace(elfOf(bytes))).toEqual(changed("it names a section that is not there"));
    }
  });

  test("where it names a slot after the dynamic array's last one", () => {
    const slot = elfOf(patch(executable).bytes).dynamic()?.slotCount ?? 0;
    const bytes = withRecord((record) => ({ ...record, entries: record.entries.map((entry) => ({ ...entry, slot })) }));
    expect(readInPlace(elfOf(bytes))).toEqual(changed("an entry of the dynamic array that cannot have been changed"));
  });

  test("where the file has no dynamic array any more", () => {
    const { bytes } = patch(library);
    const without = withField({ ...buildElf(library), bytes }, "PT_DYNAMIC.p_type", 9);
    expect(readInPlace(elfOf(Buffer.from(without)))).toEqual(changed("the file has no string table"));
  });

  test("where its size is another than that of what is in it", () => {
    const { original, edits } = patch(executable);
    const [texts] = edits;
    if (texts === undefined) throw new Error("no edits");
    const bytes = Buffer.from(original);
    bytes.set(texts.after, texts.offset);
    bytes.writeUInt32LE(texts.after.length + 8, texts.offset + texts.after.length - 8);
    expect(readInPlace(elfOf(bytes))).toEqual(changed("its record is damaged, or of another version"));
  });

  test("where it is a copy from another place", () => {
    const bytes = withRecord((record) => ({ ...record, address: record.address + 8n }));
    expect(readInPlace(elfOf(bytes))).toEqual({ kind: "none" });
  });

  test("where only a part of it was written when the run was stopped", () => {
    const { original, edits } = patch(executable);
    const [texts] = edits;
    if (texts === undefined) throw new Error("no edits");
    const bytes = Buffer.from(original);
    bytes.set(texts.after.subarray(0, texts.after.length - 2), texts.offset);
    expect(readInPlace(elfOf(bytes))).toEqual(changed("its record is damaged, or of another version"));
  });

  test("where the entry of a library has another slot: what removes an entry moves those after it", () => {
    const { bytes, found } = patch(library);
    const entry = found.fields.find(({ what }) => what === "dynamic entry");
    if (entry === undefined) throw new Error("no entry");
    const before = entry.offset - entry.written.length;
    bytes.set(entry.written, before);
    bytes.set(entry.former, entry.offset);
    expect(readInPlace(elfOf(bytes)).kind).toBe("changed");
  });
});

test("a record in a segment that can be written is none, and one in a later segment is found", () => {
  const { bytes, found } = patch(library);
  const writable = withField({ ...buildElf(library), bytes }, "PT_LOAD[0].p_flags", 6);
  expect(readInPlace(elfOf(Buffer.from(writable)))).toEqual({ kind: "none" });
  // Some length of names leaves no room in the first page.
  const lengths = Array.from({ length: 50 }, (_, index) => 3000 + 20 * index);
  const segments = lengths.map((length) => patch({ ...library, soname: "x".repeat(length) }).found.segment.index);
  expect(Math.max(...segments)).toBeGreaterThan(found.segment.index);
});

test("a file that is cut off within a segment has no record", () => {
  const cut = Buffer.from(buildElf({ ...library, sections: false }).bytes.subarray(0, 0x1080));
  expect(readInPlace(elfOf(cut))).toEqual({ kind: "none" });
});

describe.each([
  ["an executable", executable],
  ["a library", library],
])("%s", (_, spec) => {
  test("can be restored after a run that was stopped within a step", () => {
    const { original, bytes, edits } = patch(spec);
    for (const [done, { offset, before, after }] of edits.entries()) {
      // Texts that are not whole are no record; a segment's size is never over a page's end.
      if (done < 2) continue;
      const stopped = Buffer.from(bytes);
      for (const edit of edits.slice(done)) stopped.set(edit.before, edit.offset);
      const first = after.findIndex((byte, index) => byte !== before[index]);
      stopped.set(after.subarray(0, first + 1), offset);
      const found = foundIn(stopped);
      expect(found.unwritten.length, `${done}`).toBeGreaterThan(0);
      const restoring = removingEdits(elfOf(stopped), found);
      expect(restoring.filter((edit) => Buffer.from(edit.before).equals(edit.after))).toEqual([]);
      for (const edit of restoring) stopped.set(edit.after, edit.offset);
      expect(stopped.equals(original), `${done}`).toBe(true);
    }
  });

  test("can be restored whatever step of the way back a run was stopped after", () => {
    const { original, bytes, found } = patch(spec);
    const edits = removingEdits(elfOf(bytes), found);
    expect(edits.length).toBeGreaterThan(2);
    const stopped = Buffer.from(bytes);
    for (const [done, { offset, after }] of edits.entries()) {
      stopped.set(after, offset);
      if (done === edits.length - 1) break;
      const restored = Buffer.from(stopped);
      for (const edit of removingEdits(elfOf(stopped), foundIn(stopped))) restored.set(edit.after, edit.offset);
      expect(restored.equals(original), `after ${done + 1}`).toBe(true);
    }
    expect(stopped.equals(original)).toBe(true);
  });
});

test("an executable that has lost its section headers since can be restored", () => {
  const { original, bytes } = patch(executable);
  // e_shoff, and from e_shnum on the number of sections and that of their names.
  for (const file of [original, bytes]) file.fill(0, 40, 48).fill(0, 60, 64);
  for (const edit of removingEdits(elfOf(bytes), foundIn(bytes))) bytes.set(edit.after, edit.offset);
  const { sectionHeaderOffset } = elfOf(Buffer.from(buildElf(executable).bytes)).header;
  expect(bytes.subarray(0, sectionHeaderOffset).equals(original.subarray(0, sectionHeaderOffset))).toBe(true);
});

test("the section that was PT_INTERP is what it is afterwards too", () => {
  const elf = foundIn(patch(executable).bytes);
  const after = elfOf(patch(executable).bytes);
  const named = after.programHeaders.find(({ type }) => type === 3);
  expect(elf.record.interpreter?.section).toBeDefined();
  const section = after.sections().find(({ index }) => index === elf.record.interpreter?.section);
  expect(named?.virtualAddress).not.toBe(BigInt(named?.offset ?? 0));
  expect([section?.virtualAddress, section?.offset, section?.size]).toEqual([
    named?.virtualAddress,
    named?.offset,
    named?.fileSize,
  ]);
});
