// With which headers an executable cannot start, in the words of the message.

import { describe, expect, test } from "vitest";
import { PT_INTERP } from "../../../../src/elf/constants.ts";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import { oddHeader } from "../../../../src/files/kind/odd-headers.ts";
import { describeDefect } from "../../../../src/report/messages/defect-message.ts";
import { buildElf, withField } from "../../../support/elf/elf-builder.ts";
import { applyDamage } from "../../../support/elf/mutations.ts";

const whole = buildElf({ needed: ["libc.so.6"] });

const saidOf = (bytes: Uint8Array, form: "stub" | "in-place" = "in-place"): string | undefined => {
  const defect = oddHeader(parseElf(bufferSource(bytes)), form);
  return defect && describeDefect(defect);
};

test("a whole executable has none, nor one with other fields that nothing reads at the start", () => {
  expect(saidOf(whole.bytes)).toBeUndefined();
  for (const field of ["ehdr.e_shnum", "PT_PHDR.p_paddr", "PT_PHDR.p_align", "PT_LOAD[2].p_align"]) {
    expect([field, saidOf(withField(whole, field, 1))]).toEqual([field, undefined]);
  }
});

test("each field that keeps it from starting is told, with what was expected", () => {
  const changes = [
    ["ehdr.e_type", 4],
    ["ehdr.e_type", 2],
    ["ehdr.e_entry", 0x1800],
    ["PT_PHDR.p_type", 0],
    ["PT_PHDR.p_vaddr", 0x48],
    ["PT_LOAD[0].p_flags", 0],
    ["PT_LOAD[1].p_offset", 0x1001],
    ["PT_LOAD[1].p_flags", 4],
    ["PT_DYNAMIC.p_type", 0],
    ["PT_DYNAMIC.p_vaddr", 0x4001],
  ] as const;
  expect(changes.map(([field, value]) => saidOf(withField(whole, field, value)))).toMatchInlineSnapshot(`
    [
      "file header at 0x10: e_type is 0x4, expected 2 (EXEC) or 3 (DYN)",
      "file header at 0x10: e_type is 0x2, expected 3 (DYN): its first segment has address 0x0, where nothing can be mapped",
      "e_entry: address 0x1800 lies in no PT_LOAD segment's file bytes",
      "program header table at 0x40: the number of PT_PHDR is 0x0, expected 1",
      "program header 0 at 0x50: p_vaddr is 0x48, expected the address of e_phoff, 0x40",
      "program header 2 at 0xb4: p_flags is 0x0, expected 4 (R) among them: the program headers are in it",
      "program header 3 at 0xf0: p_offset is 0x1001, expected p_vaddr 0x2000 and whole pages",
      "program header 3 at 0xec: p_flags is 0x4, expected 1 (X) among them: the entry point is in it",
      "program header table at 0x40: the number of PT_DYNAMIC is 0x0, expected 1",
      "program header 5 at 0x168: p_vaddr is 0x4001, expected the address of p_offset, 0x2000",
    ]
  `);
});

test("the dynamic array is not where the kernel clears memory, though the file has it there", () => {
  expect(saidOf(withField(whole, "PT_LOAD[2].p_filesz", 0))).toBe(
    "program header 5 at 0x168: p_vaddr is 0x4000, expected the address of p_offset, 0x2000",
  );
});

test("with a stub the dynamic linker gets other program headers, and only one PT_INTERP can be replaced", () => {
  const moved = withField(whole, "PT_PHDR.p_vaddr", 0x48);
  expect(saidOf(moved, "stub")).toBeUndefined();
  const twice = withField(whole, "PT_GNU_STACK.p_type", PT_INTERP);
  expect(saidOf(twice, "in-place")).toBeUndefined();
  expect(saidOf(twice, "stub")).toBe(
    "program header 6 at 0x190: p_type is 0x3, expected at most one PT_INTERP (3), where a stub is to start it",
  );
});

describe("a field of a header that is not used at every start", () => {
  /** With PT_GNU_STACK made a header of another type. */
  const withHeader = (fields: { readonly [name: string]: bigint }): Uint8Array =>
    applyDamage(whole, {
      fields: Object.entries(fields).map(([name, value]) => [`PT_GNU_STACK.${name}`, value] as const),
      bytes: [],
      size: whole.bytes.length,
    });

  test.each([
    ["pages that are there", { p_vaddr: 0x4000n, p_memsz: 0x1000n }, undefined],
    ["part of a page, of which nothing becomes read-only", { p_vaddr: 0x9000n, p_memsz: 0x10n }, undefined],
    [
      "nothing: its end is below its start, in the same page",
      { p_vaddr: 0x4800n, p_memsz: (1n << 64n) - 0x10n },
      undefined,
    ],
    ["pages that are not there", { p_vaddr: 0x9000n, p_memsz: 0x1000n }, "p_vaddr is 0x9000"],
    ["more pages than there are", { p_vaddr: 0x4000n, p_memsz: 0x9000n }, "p_memsz is 0x9000"],
    ["less than nothing", { p_vaddr: 0x4000n, p_memsz: (1n << 64n) - 0x2000n }, "p_memsz is 0xffffffffffffe000"],
  ])("PT_GNU_RELRO of %s", (_title, fields, said) => {
    const found = saidOf(withHeader({ p_type: 0x6474e552n, ...fields }));
    expect(found?.includes(said ?? "")).toBe(said === undefined ? undefined : true);
  });

  test.each([
    ["where the file has it", { p_vaddr: 0n, p_memsz: 0x20n, p_align: 8n }, undefined],
    ["where nothing is", { p_vaddr: 0x9000n, p_memsz: 0x20n, p_align: 8n }, "p_vaddr is 0x9000"],
    ["where nothing is, aligned as no properties are", { p_vaddr: 0x9000n, p_memsz: 0x20n, p_align: 4n }, undefined],
    ["where nothing is, and empty", { p_vaddr: 0x9000n, p_memsz: 0n, p_align: 8n }, undefined],
  ])("PT_NOTE %s", (_title, fields, said) => {
    const found = saidOf(withHeader({ p_type: 4n, ...fields }));
    expect(found?.includes(said ?? "")).toBe(said === undefined ? undefined : true);
  });

  test.each([
    ["PT_LOAD[2].p_align", 1n << 63n, "p_align is 0x8000000000000000"],
    ["PT_LOAD[2].p_align", 3n << 62n, undefined],
    ["PT_LOAD[2].p_memsz", 1n << 62n, "p_memsz is 0x4000000000000000"],
    ["PT_LOAD[2].p_memsz", 1n << 40n, undefined],
    ["PT_DYNAMIC.p_offset", 0n, undefined],
    ["PT_DYNAMIC.p_filesz", 8n, undefined],
  ])("%s = %i", (field, value, said) => {
    const found = saidOf(withField(whole, field, value));
    expect(found?.includes(said ?? "")).toBe(said === undefined ? undefined : true);
  });
});
