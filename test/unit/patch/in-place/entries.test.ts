import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { PT_INTERP, PT_LOAD } from "../../../../src/elf/constants.ts";
import type { ElfFile } from "../../../../src/elf/elf-file.ts";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import { readWords } from "../../../../src/patch/in-place/changed-fields.ts";
import type { InPlaceContent } from "../../../../src/patch/in-place/in-place-plan.ts";
import { type InPlanned, planInPlace } from "../../../../src/patch/in-place/plan-in-place.ts";
import { readInPlace, removingEdits } from "../../../../src/patch/in-place/read-in-place.ts";
import { buildElf, type ElfSpec, withField } from "../../../support/elf/elf-builder.ts";

const path = "/tree/lib.so";
const runPath = ["/nix/store/aaaa/lib", "$ORIGIN/../lib"];
const text = runPath.join(":");

const layouts = [
  { elfClass: 64, byteOrder: "little", machine: 62 },
  { elfClass: 32, byteOrder: "little", machine: 3 },
  { elfClass: 64, byteOrder: "big", machine: 22 },
] as const satisfies readonly ElfSpec[];

function elfOf(bytes: Uint8Array): ElfFile {
  return parseElf(bufferSource(bytes));
}

function plan(bytes: Uint8Array, changes: Partial<InPlaceContent> = {}): InPlanned {
  const current = elfOf(bytes);
  const content = { interpreter: undefined, runPath, tag: "runpath", ...changes } as const;
  return planInPlace({ path, current, original: current, found: undefined, content });
}

/** The file with the run path in place, and what takes it out again. */
function patch(bytes: Uint8Array, changes: Partial<InPlaceContent> = {}) {
  const planned = plan(bytes, changes);
  if (planned.kind !== "plan") throw new Error(JSON.stringify(planned.issue));
  const patched = Buffer.from(bytes);
  for (const { offset, after } of planned.edits) patched.set(after, offset);
  const elf = elfOf(patched);
  const found = readInPlace(elf);
  if (found.kind !== "in-place") throw new Error(JSON.stringify(found));
  const restored = Buffer.from(patched);
  for (const { offset, after } of removingEdits(elf, found)) restored.set(after, offset);
  expect(restored.equals(bytes)).toBe(true);
  return { elf, facts: planned.facts };
}

describe.each(layouts)("$elfClass-bit, $byteOrder-endian", (layout) => {
  const library = (spec: ElfSpec): Uint8Array =>
    buildElf({ ...layout, interpreter: null, needed: ["libz.so.1"], soname: "lib.so", ...spec }).bytes;

  test.each<[string, ElfSpec, InPlaceContent["tag"], object]>([
    ["DT_RUNPATH is pointed at the new text", { runpath: "/old" }, "runpath", { runpath: text }],
    ["DT_RPATH becomes DT_RUNPATH where that is wanted", { rpath: "/old" }, "runpath", { runpath: text }],
    ["DT_RPATH stays one where that is wanted", { rpath: "/old" }, "rpath", { rpath: text }],
    [
      "DT_RPATH beside DT_RUNPATH, which nobody reads, stays as it is",
      { rpath: "/old", runpath: "/other" },
      "runpath",
      { rpath: "/old", runpath: text },
    ],
    ["both become DT_RPATH where that is wanted", { rpath: "/old", runpath: "/other" }, "rpath", { rpath: text }],
    ["a spare DT_NULL is taken, and one stays the end", { nullSlots: 2 }, "runpath", { runpath: text }],
  ])("%s", (_, spec, tag, expected) => {
    const { elf } = patch(library(spec), { tag });
    const { rpath, runpath, needed, soname } = elf.dynamic() ?? {};
    expect({ ...(rpath && { rpath }), ...(runpath && { runpath }) }).toEqual(expected);
    expect([needed, soname]).toEqual([["libz.so.1"], "lib.so"]);
  });

  test("the value of the DT_NULL that is taken is restored, too", () => {
    const elf = buildElf({ ...layout, interpreter: null, nullSlots: 2 });
    const { dynamic } = elfOf(elf.bytes);
    const word = layout.elfClass / 8;
    const end = (dynamic()?.offset ?? 0) + (dynamic()?.entries.length ?? 0) * 2 * word;
    const bytes = elf.bytes.slice();
    bytes[end + word] = 0x77;
    patch(bytes);
  });

  test("a DT_NULL that another entry follows is not spare: it ends the array", () => {
    const elf = buildElf({ ...layout, interpreter: null, soname: "lib.so", nullSlots: 2 });
    const { dynamic } = elfOf(elf.bytes);
    const size = (layout.elfClass / 8) * 2;
    const after = (dynamic()?.offset ?? 0) + ((dynamic()?.entries.length ?? 0) + 1) * size;
    const bytes = elf.bytes.slice().fill(1, after, after + size);
    expect(plan(bytes)).toMatchObject({ kind: "impossible", issue: { kind: "no-dynamic-entry" } });
  });

  test("without an entry to spare there is no plan", () => {
    expect(plan(library({}))).toEqual({
      kind: "impossible",
      issue: { kind: "no-dynamic-entry", severity: "error", path },
    });
  });

  test("more run paths than a linker writes are too many to be taken back: there is no plan", () => {
    const elf = buildElf({ ...layout, interpreter: null, rpath: "/old", runpath: "/other", nullSlots: 3 });
    const third = withField(elf, "DT_DEBUG.d_tag", 15);
    expect(plan(third, { tag: "rpath" })).toEqual({
      kind: "impossible",
      issue: { kind: "no-dynamic-entry", severity: "error", path },
    });
  });

  test.each(["sh_addr", "sh_size", "sh_offset", "sh_type"])(
    "a section whose %s is not PT_INTERP's is nobody's to follow, and stays",
    (field) => {
      const elf = buildElf({ ...layout, needed: ["libz.so.1"], nullSlots: 3 });
      const { sectionHeaderOffset } = elfOf(elf.bytes).header;
      const bytes = withField(elf, `shdr[1].${field}`, 3);
      const { elf: patched } = patch(bytes, { interpreter: "/nix/store/aaaa/lib/ld.so" });
      expect(patched.interpreter()).toBe("/nix/store/aaaa/lib/ld.so");
      const headers = (source: ElfFile["source"]) => Buffer.from(source.read(sectionHeaderOffset, 200, "headers"));
      expect(headers(patched.source).equals(headers(bufferSource(bytes)))).toBe(true);
    },
  );

  test.each([
    ["DT_RELACOUNT", 0x6ffffff9n],
    ["DT_RELCOUNT", 0x6ffffffan],
  ])("%s, which is only a hint, gives way where no entry is spare", (_, tag) => {
    const bytes = withField(buildElf({ ...layout, interpreter: null, soname: "lib.so" }), "DT_DEBUG.d_tag", tag);
    const { elf, facts } = patch(bytes);
    expect([elf.dynamic()?.runpath, facts.entrySource]).toEqual([text, "relative-count"]);
  });

  test("the interpreter's physical address is as far from its address as that of its segment", () => {
    const elf = buildElf({ ...layout, needed: ["libz.so.1"], nullSlots: 3 });
    const bytes = withField(elf, "PT_LOAD[0].p_paddr", 0x7000);
    const { elf: patched } = patch(bytes, { interpreter: "/nix/store/aaaa/lib/ld.so" });
    const [field, address] = [elf.fields.get("PT_INTERP.p_paddr"), elf.fields.get("PT_INTERP.p_vaddr")];
    const [physical = 0n, virtual = 0n] = [field, address].flatMap((place) =>
      readWords(patched.header, patched.source, place?.offset ?? 0, 1),
    );
    expect(physical - virtual).toBe(0x7000n);
  });

  test("the interpreter's address is that of its bytes, whatever the run path's tag", () => {
    const elf = buildElf({ ...layout, needed: ["libz.so.1"], rpath: "/old", nullSlots: 3 });
    const { elf: patched } = patch(elf.bytes, { interpreter: "/nix/store/aaaa/lib/ld.so", tag: "rpath" });
    expect([patched.interpreter(), patched.dynamic()?.rpath]).toEqual(["/nix/store/aaaa/lib/ld.so", text]);
    const [named, segment] = [PT_INTERP, PT_LOAD].map((wanted) =>
      patched.programHeaders.find(({ type }) => type === wanted),
    );
    if (named === undefined || segment === undefined) throw new Error("no program header");
    const place = named.virtualAddress - segment.virtualAddress;
    expect([place, place < BigInt(segment.fileSize)]).toEqual([BigInt(named.offset - segment.offset), true]);
  });

  test("without a string table an executable gets its interpreter, where no run path is wanted", () => {
    const bytes = withField(buildElf({ ...layout, nullSlots: 5 }), "DT_STRTAB.d_tag", 9);
    const { elf } = patch(bytes, { interpreter: "/nix/store/aaaa/lib/ld.so", runPath: [] });
    expect(elf.interpreter()).toBe("/nix/store/aaaa/lib/ld.so");
  });

  test("another run path of the same length is one edit of the texts, from what stands there", () => {
    const { elf: current } = patch(library({ nullSlots: 5 }));
    const found = readInPlace(current);
    if (found.kind !== "in-place") throw new Error(found.kind);
    const other = text.replaceAll("aaaa", "bbbb");
    const content = { interpreter: undefined, runPath: other.split(":"), tag: "runpath" } as const;
    const planned = planInPlace({ path, current, original: found.elf, found, content });
    if (planned.kind !== "plan") throw new Error(JSON.stringify(planned.issue));
    expect(planned.edits).toMatchObject([{ what: "texts" }]);
    for (const { offset, before, after } of planned.edits) {
      const now = Buffer.from(current.source.read(offset, before.length, "texts"));
      expect([now.equals(before), Buffer.from(after).includes(other)]).toEqual([true, true]);
    }
  });

  test("without a string table there is no plan: a run path would be read by nobody", () => {
    const elf = buildElf({ ...layout, interpreter: null, nullSlots: 5 });
    const bytes = withField(elf, "DT_STRTAB.d_tag", 9);
    expect(plan(bytes)).toEqual({ kind: "impossible", issue: { kind: "no-dynamic-entry", severity: "error", path } });
  });

  test("a run path of more than a page says how much there is", () => {
    const long = Array.from({ length: 100 }, (_, index) => `/nix/store/${"x".repeat(50)}-${index}/lib`);
    expect(plan(library({ nullSlots: 5 }), { runPath: long })).toMatchObject({
      kind: "impossible",
      issue: { kind: "no-room-in-place", severity: "error", wanted: expect.any(Number), largest: expect.any(Number) },
    });
  });

  test("nothing is written over a payload that begins with zeros", () => {
    const bytes = library({ nullSlots: 5, sections: false });
    const whole = plan(bytes);
    const last = elfOf(bytes)
      .programHeaders.filter(({ type }) => type === 1)
      .at(-1);
    if (whole.kind !== "plan" || last === undefined) throw new Error("no plan");
    expect(whole.facts.segment).not.toBe(last.index);
  });
});
