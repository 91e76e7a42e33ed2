import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../../../../src/commands/wrap/run.ts";
import { buildElf, withField } from "../../../support/elf/elf-builder.ts";
import { applyDamage } from "../../../support/elf/mutations.ts";
import { wrapRequestOf } from "../../../support/simulated/wrap-request.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

test("an executable whose segments overlap at the entry point could not be restored, and is left alone", () => {
  const path = join(temporaryDirectory(), "tool");
  const elf = buildElf({ needed: [] });
  const bytes = withField(elf, "PT_LOAD[0].p_memsz", 0x3000);
  writeFileSync(path, bytes);
  const { issues } = run(wrapRequestOf([path], { interpreters: ["/lib64/ld-linux-x86-64.so.2"] }));
  expect(issues).toMatchObject([{ kind: "damaged-elf", defect: { field: "p_vaddr" } }]);
  expect(readFileSync(path)).toEqual(Buffer.from(bytes));
});

test("an executable with an empty header where PT_INTERP is could not be restored, and is left alone", () => {
  const path = join(temporaryDirectory(), "tool");
  const elf = buildElf({ needed: [] });
  const field = (name: string): bigint => {
    const place = elf.fields.get(name);
    if (place === undefined) throw new Error(`no field ${name}`);
    return Buffer.from(elf.bytes).readBigUInt64LE(place.offset);
  };
  const twin = [
    ["PT_GNU_STACK.p_type", 0n],
    ["PT_GNU_STACK.p_offset", field("PT_INTERP.p_offset")],
    ["PT_GNU_STACK.p_filesz", field("PT_INTERP.p_filesz")],
  ] as const;
  const bytes = applyDamage(elf, { fields: twin, bytes: [], size: elf.bytes.length });
  writeFileSync(path, bytes);
  const { issues } = run(wrapRequestOf([path], { interpreters: ["/lib64/ld-linux-x86-64.so.2"] }));
  expect(issues).toMatchObject([
    { kind: "damaged-elf", defect: { field: "p_offset", expected: "another place than PT_INTERP's" } },
  ]);
  expect(readFileSync(path)).toEqual(Buffer.from(bytes));
});
