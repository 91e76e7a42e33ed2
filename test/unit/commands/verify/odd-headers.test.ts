// With which headers an executable cannot start, in the words of the message.

import { expect, test } from "vitest";
import { oddHeader } from "../../../../src/commands/verify/odd-headers.ts";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import { describeDefect } from "../../../../src/report/messages/defect-message.ts";
import { buildElf, withField } from "../../../support/elf/elf-builder.ts";

const whole = buildElf({ needed: ["libc.so.6"] });

const saidOf = (bytes: Uint8Array): string | undefined => {
  const defect = oddHeader(parseElf(bufferSource(bytes)));
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
      "program header 2 at 0xb4: p_flags is 0x0, expected 4 (R): the program headers are in it",
      "program header 3 at 0xf0: p_offset is 0x1001, expected p_vaddr 0x2000 and whole pages",
      "program header 3 at 0xec: p_flags is 0x4, expected 1 (X) among them: the entry point is in it",
      "program header table at 0x40: the number of PT_DYNAMIC is 0x0, expected 1",
      "program header 5 at 0x168: p_vaddr is 0x4001, expected the address of p_offset, 0x2000",
    ]
  `);
});
