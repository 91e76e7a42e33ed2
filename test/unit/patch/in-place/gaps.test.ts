// Room between sections: one fact a test, each on a small library with no room after its segments, whose first section, a
// note, is followed by zeros that are none of it any more.

import { expect, test } from "vitest";
import { PT_LOAD } from "../../../../src/elf/constants.ts";
import type { ElfFile } from "../../../../src/elf/elf-file.ts";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import { gapsOf } from "../../../../src/patch/in-place/gaps.ts";
import { findTail } from "../../../../src/patch/in-place/room.ts";
import { type BuiltElf, buildElf, type ElfSpec, offsetOfPart, withField } from "../../../support/elf/elf-builder.ts";

const page = 0x1000;
/** Zeros of the note, and what the note is shortened to. */
const zeros = 0x400;
const noteSize = 16;

const elfOf = (bytes: Uint8Array): ElfFile => parseElf(bufferSource(bytes));

/** A library whose segments end `left` bytes before a page of the file does: its string table is as long as that takes. */
function compact(left: number, spec: ElfSpec = {}): BuiltElf {
  const build = (names: number): BuiltElf =>
    buildElf({
      interpreter: null,
      needed: ["x".repeat(names)],
      nullSlots: 3,
      code: new Uint8Array(page - left).fill(0x90),
      notes: [{ name: "GNU", type: 1, description: new Uint8Array(zeros) }],
      ...spec,
    });
  const first = elfOf(build(1).bytes).programHeaders.find(({ type }) => type === PT_LOAD);
  return build(page - left - (first?.fileSize ?? 0) + 1);
}

/** The same with some fields changed. */
function changed(built: BuiltElf, fields: { readonly [name: string]: number }): BuiltElf {
  let { bytes } = built;
  for (const [field, value] of Object.entries(fields)) bytes = withField({ ...built, bytes }, field, value);
  return { ...built, bytes };
}

const short = { "shdr[1].sh_size": noteSize, "PT_NOTE.p_filesz": noteSize } as const;

test("texts stand between two sections where there is no room after a segment, after eight zeros", () => {
  const built = changed(compact(0), short);
  const elf = elfOf(built.bytes);
  const start = offsetOfPart(built, ".note") + noteSize;
  expect(gapsOf(elf)[0]).toMatchObject({ start, end: offsetOfPart(built, ".gnu.hash") });
  expect(findTail(elf, 100).tail).toMatchObject({ segment: { offset: 0 }, offset: start + 8 });
  const { tail, largest } = findTail(elf, zeros);
  expect([tail, largest > zeros / 2]).toEqual([undefined, true]);
});

test("they stand after a segment where there is room, and section headers are not asked", () => {
  const elf = elfOf(changed(compact(512), short).bytes);
  expect(gapsOf(elf)).toEqual([]);
  expect(findTail(elf, 100).tail?.offset).toBeGreaterThan(page - 512);
  expect(gapsOf({ ...elf, sectionExtents: () => expect.unreachable("they were read") })).toEqual([]);
});

test.each([
  ["in bytes of a section", { "PT_NOTE.p_filesz": noteSize }],
  ["in bytes that a program header names", { "shdr[1].sh_size": noteSize }],
  ["in a segment that can be written", { ...short, "PT_LOAD[0].p_flags": 6 }],
])("no texts stand %s", (_, fields) => {
  expect(findTail(elfOf(changed(compact(0), fields).bytes), 100)).toEqual({ tail: undefined, largest: 0 });
});

test("no texts stand where there are other bytes than zeros", () => {
  const built = changed(compact(0), short);
  const bytes = built.bytes.slice();
  bytes[offsetOfPart(built, ".note") + noteSize + 50] = 1;
  const { tail, largest } = findTail(elfOf(bytes), 100);
  expect([tail, largest < 50]).toEqual([undefined, true]);
});

test("no texts stand where no section headers say what is data", () => {
  expect(findTail(elfOf(changed(compact(0, { sections: false }), {}).bytes), 100).tail).toBeUndefined();
});
