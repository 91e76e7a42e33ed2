// Where texts may stand: one fact a test, each on a small library of three segments (test/support/elf/elf-builder.ts) of which
// the last can be written.

import { describe, expect, test } from "vitest";
import { PT_LOAD } from "../../../../src/elf/constants.ts";
import type { ElfFile, ProgramHeader } from "../../../../src/elf/elf-file.ts";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import { findTail } from "../../../../src/patch/in-place/room.ts";
import { buildElf, type ElfSpec, withField } from "../../../support/elf/elf-builder.ts";

const page = 0x1000;
/** What the file header, program headers and dynamic entries of the first segment leave of a page, at least. */
const mostNames = 3000;

const elfOf = (bytes: Uint8Array): ElfFile => parseElf(bufferSource(bytes));

/** `names`: bytes of its string table, which is the end of its first segment. */
function library(names: number, spec: ElfSpec = {}) {
  const needed = [`lib${"x".repeat(names)}.so`];
  return buildElf({ interpreter: null, needed, nullSlots: 3, ...spec });
}

function segment(elf: ElfFile, number: number): ProgramHeader {
  const found = elf.programHeaders.filter(({ type }) => type === PT_LOAD)[number];
  if (found === undefined) throw new Error(`no segment ${number}`);
  return found;
}

const endOf = ({ offset, fileSize }: ProgramHeader): number => offset + fileSize;

/** A library whose first segment ends `left` bytes before a page of the file does. */
function endingBefore(left: number, spec: ElfSpec = {}) {
  const short = endOf(segment(elfOf(library(0, spec).bytes), 0));
  return library(page - left - short, spec);
}

describe("the place of texts", () => {
  test("is at a multiple of eight, after eight zeros of a table that may end at the segment's end", () => {
    for (let names = 1; names <= 16; names++) {
      const elf = elfOf(library(names).bytes);
      const { tail } = findTail(elf, 100);
      const gap = (tail?.offset ?? 0) - endOf(segment(elf, 0));
      expect([(tail?.offset ?? 1) % 8, gap >= 8, gap < 16], `${names}`).toEqual([0, true, true]);
    }
  });

  test("is in the segment of the string table, and in another where that has no room", () => {
    const size = page - mostNames;
    const [short, long] = [library(1), library(mostNames)].map(({ bytes }) => elfOf(bytes));
    expect(short && findTail(short, size).tail?.segment.index).toBe(short && segment(short, 0).index);
    expect(long && findTail(long, size).tail?.segment.index).toBe(long && segment(long, 1).index);
  });

  test("is in the executable segment where that has the string table", () => {
    const built = library(1, { code: new Uint8Array(512) });
    const text = segment(elfOf(built.bytes), 1);
    const elf = elfOf(withField(built, "DT_STRTAB.d_un", text.virtualAddress));
    expect(findTail(elf, 100).tail?.segment.index).toBe(text.index);
  });
});

describe("no texts stand", () => {
  const full = { code: new Uint8Array(page - 8).fill(0x90) };

  test("where no segment has so much, and the most that one has is told", () => {
    const { tail, largest } = findTail(elfOf(library(1, full).bytes), 2 * page);
    expect([tail, largest > 1000]).toEqual([undefined, true]);
  });

  test("in a segment that can be written", () => {
    expect(findTail(elfOf(endingBefore(8, full).bytes), 100)).toEqual({ tail: undefined, largest: 0 });
  });

  test("in memory that a segment has after the file's bytes", () => {
    const built = endingBefore(8);
    const { fileSize } = segment(elfOf(built.bytes), 1);
    expect(findTail(elfOf(built.bytes), 100).tail).toBeDefined();
    const withBss = elfOf(withField(built, "PT_LOAD[1].p_memsz", fileSize + 16));
    expect(findTail(withBss, 100)).toEqual({ tail: undefined, largest: 0 });
  });

  test("where there are other bytes than zeros", () => {
    const bytes = library(1, full).bytes.slice();
    const end = endOf(segment(elfOf(bytes), 0));
    bytes[end + 50] = 1;
    const { tail, largest } = findTail(elfOf(bytes), 100);
    expect([tail, largest <= 50 - 8]).toEqual([undefined, true]);
  });

  test.each([
    ["a section", "shdr[2].sh_offset"],
    ["a program header", "PT_NOTE.p_offset"],
  ])("in bytes of %s", (_, field) => {
    const notes = [{ name: "GNU", type: 1, description: new Uint8Array(16) }];
    const built = library(1, { ...full, notes });
    const end = endOf(segment(elfOf(built.bytes), 0));
    expect(findTail(elfOf(built.bytes), 100).tail).toBeDefined();
    const moved = withField(built, field, end + 50);
    const { tail, largest } = findTail(elfOf(moved), 100);
    expect([tail, largest <= 50 - 8]).toEqual([undefined, true]);
  });

  test("in a page that another segment's memory is in, too", () => {
    const built = library(1, full);
    expect(findTail(elfOf(built.bytes), 100).tail).toBeDefined();
    const shared = elfOf(withField(built, "PT_LOAD[1].p_vaddr", page - 0x200));
    expect(findTail(shared, 100)).toEqual({ tail: undefined, largest: 0 });
  });
});

test("texts stand in a page in which a segment of no bytes begins", () => {
  const full = { code: new Uint8Array(page - 8).fill(0x90) };
  const built = library(1, full);
  const moved = withField(built, "PT_LOAD[1].p_vaddr", page - 0x200);
  const empty = ["p_filesz", "p_memsz"].reduce(
    (bytes, field) => withField({ ...built, bytes }, `PT_LOAD[1].${field}`, 0),
    moved,
  );
  expect(findTail(elfOf(moved), 100).tail).toBeUndefined();
  expect(findTail(elfOf(empty), 100).tail?.segment.index).toBe(segment(elfOf(empty), 0).index);
});

describe("where segments are aligned to more than the smallest page", () => {
  const aligned = { pageSize: 0x10000 };

  test("texts that do not fit before the end of a page of the file begin in the next", () => {
    const built = endingBefore(200, aligned);
    const [small, large] = [100, 300].map((size) => findTail(elfOf(built.bytes), size).tail?.offset ?? 0);
    expect([Math.floor((small ?? 0) / page), large]).toEqual([0, page]);
    expect(findTail(elfOf(built.bytes), page).tail?.offset).toBe(page);
    expect(findTail(elfOf(endingBefore(200, { code: new Uint8Array(page - 8) }).bytes), 300).tail).toBeUndefined();
  });

  test("so they do with an alignment that no kernel's page has, up to the largest page", () => {
    const elf = elfOf(withField(endingBefore(200, aligned), "PT_LOAD[0].p_align", 0x200000));
    expect(findTail(elf, 300).tail?.offset).toBe(page);
  });

  test("they stay in the smallest page where another segment is in the larger one", () => {
    const built = endingBefore(200, { ...aligned, code: new Uint8Array(0x10000 - 8) });
    const elf = elfOf(withField(built, "PT_LOAD[1].p_vaddr", 0x8000));
    expect(findTail(elf, 100).tail?.offset).toBeLessThan(page);
    expect(findTail(elf, 300).tail).toBeUndefined();
  });
});
