import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ElfFile } from "../../../../src/elf/elf-file.ts";
import { ElfError } from "../../../../src/elf/error.ts";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import { planInPlace } from "../../../../src/patch/in-place/plan-in-place.ts";
import { type FoundInPlace, readInPlace, removingEdits } from "../../../../src/patch/in-place/read-in-place.ts";
import { createRandom } from "../../../property/hostile/random.ts";

const path = "/usr/bin/env";
const original = readFileSync(path);
const content = {
  interpreter: "/nix/store/aaaa-glibc/lib/ld.so",
  runPath: ["/nix/store/bbbb/lib"],
  tag: "runpath",
} as const;

function elfOf(bytes: Buffer): ElfFile {
  return parseElf(bufferSource(bytes));
}

function patched(from = original): Buffer {
  const elf = elfOf(from);
  const planned = planInPlace({ path, current: elf, original: elf, found: undefined, content });
  if (planned.kind !== "plan") throw new Error(JSON.stringify(planned.issue));
  const bytes = Buffer.from(from);
  for (const { offset, after } of planned.edits) bytes.set(after, offset);
  return bytes;
}

function found(bytes: Buffer): FoundInPlace {
  const reading = readInPlace(elfOf(bytes));
  if (reading.kind !== "in-place") throw new Error(JSON.stringify(reading));
  return reading;
}

/** The patched file with one of its fields as it was. */
function without(what: string): Buffer {
  const bytes = patched();
  const field = found(bytes).fields.find((one) => one.what === what);
  if (field === undefined) throw new Error(what);
  bytes.set(field.former, field.offset);
  return bytes;
}

test.each(["dynamic entry", "interpreter section"])("%s put back by something else is no stopped run", (what) => {
  expect(readInPlace(elfOf(without(what)))).toEqual({
    kind: "changed",
    problem: expect.stringContaining("is written, and what is written before it is not"),
  });
});

test.each([
  ["p_paddr", 24],
  ["p_memsz", 40],
])("a PT_INTERP with an odd %s is restored too", (_, at) => {
  const odd = Buffer.from(original);
  const header = elfOf(odd).programHeaders.find(({ type }) => type === 3);
  odd.writeUInt32LE(0x77, (header?.headerOffset ?? 0) + at);
  const bytes = patched(odd);
  for (const { offset, after } of removingEdits(elfOf(bytes), found(bytes))) bytes.set(after, offset);
  expect(bytes.equals(odd)).toBe(true);
});

test("the last field put back is a stopped run", () => {
  expect(found(without("interpreter header")).unwritten).toEqual(["interpreter header"]);
});

test("a run path whose entry another tool has moved is not restored", () => {
  const bytes = patched();
  const { fields } = found(bytes);
  const entry = fields.find(({ what }) => what === "dynamic entry");
  if (entry === undefined) throw new Error("no entry");
  // As patchelf --remove-needed leaves it: everything one slot further up.
  const size = entry.written.length;
  bytes.set(entry.written, entry.offset - size);
  bytes.set(entry.former, entry.offset);
  expect(readInPlace(elfOf(bytes)).kind).toBe("changed");
});

test("whatever a damaged record says, only fields of the form are restored", () => {
  const whole = patched();
  const { fields, segment } = found(whole);
  const texts = fields[0];
  if (texts === undefined) throw new Error("no texts");
  const seed = 16;
  const random = createRandom(seed, 0);
  const elf = elfOf(original);
  const dynamic = elf.dynamic();
  const { header, programHeaders } = elf;
  if (dynamic === undefined) throw new Error("not dynamic");
  // Program headers, section headers, the dynamic array, and after the segment's former end.
  const allowed: readonly (readonly [number, number])[] = [
    [header.programHeaderOffset, header.programHeaderOffset + programHeaders.length * 56],
    [header.sectionHeaderOffset, header.sectionHeaderOffset + header.sectionHeaderCount * 64],
    [dynamic.offset, dynamic.offset + dynamic.slotCount * 16],
    [segment.offset, segment.offset + segment.fileSize],
  ];
  let restored = 0;
  for (let round = 0; round < 3000; round++) {
    const bytes = Buffer.from(whole);
    for (let count = 1 + random.below(3); count > 0; count--) {
      bytes[texts.offset + random.below(texts.written.length)] = random.below(256);
    }
    try {
      const damaged = elfOf(bytes);
      const reading = readInPlace(damaged);
      if (reading.kind !== "in-place") continue;
      restored++;
      for (const { offset, after } of removingEdits(damaged, reading)) {
        const isAllowed = allowed.some(([start, end]) => offset >= start && offset + after.length <= end);
        expect(isAllowed, `seed ${seed}, round ${round}`).toBe(true);
      }
    } catch (error) {
      if (!(error instanceof ElfError)) throw error;
    }
  }
  // Bytes of the texts themselves may be anything.
  expect(restored).toBeGreaterThan(300);
});
