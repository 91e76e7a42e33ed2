import { describe, expect, test } from "vitest";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { addressOfPart, buildElf, type ElfSpec, offsetOfPart, withField } from "../../support/elf/elf-builder.ts";

const formats = [
  { name: "x86_64", elfClass: 64, byteOrder: "little", machine: 62 },
  { name: "i386", elfClass: 32, byteOrder: "little", machine: 3 },
  { name: "s390x", elfClass: 64, byteOrder: "big", machine: 22 },
  { name: "powerpc", elfClass: 32, byteOrder: "big", machine: 20 },
] as const;

const full: ElfSpec = {
  interpreter: "/lib/ld.so.2",
  needed: ["libm.so.6", "libc.so.6"],
  soname: "tool",
  rpath: "/r",
  runpath: "$ORIGIN/../lib:/opt/lib",
  flags1: 0x0800_0001n,
  nullSlots: 5,
  hash: "both",
  imports: ["puts"],
  symbols: [
    { name: "alpha", value: 0x1111n },
    { name: "beta", value: 0x2222n },
    { name: "_r_debug", value: 0x3333n },
  ],
  versionNeeds: [
    { file: "libm.so.6", versions: [{ name: "GLIBC_2.29" }] },
    { file: "libc.so.6", versions: [{ name: "GLIBC_2.34" }, { name: "GLIBC_ABI_DT_RELR", isWeak: true }] },
  ],
  versionDefinitions: ["tool", "TOOL_1", "TOOL_2"],
  notes: [
    { name: "GNU", type: 3, description: Uint8Array.of(1, 2, 3, 4, 5) },
    { name: "FDO", type: 0x407c0c0a, description: new TextEncoder().encode("[]\0") },
  ],
};

describe.each(formats)("a $name file", (format) => {
  const built = buildElf({ ...full, ...format, flags: 0x5000400 });
  const elf = parseElf(bufferSource(built.bytes));

  test("has a file header as written", () => {
    expect(elf.header).toEqual({
      elfClass: format.elfClass,
      byteOrder: format.byteOrder,
      machine: format.machine,
      osAbi: 0,
      type: 3,
      flags: 0x5000400,
      entry: addressOfPart(built, ".text"),
      programHeaderOffset: offsetOfPart(built, "phdrs"),
      programHeaderCount: 8,
      sectionHeaderOffset: offsetOfPart(built, "shdrs"),
      sectionHeaderCount: elf.sections().length,
    });
  });

  test("has program headers as written, each with the place where it stands", () => {
    expect(elf.programHeaders.map(({ type }) => type)).toEqual([6, 3, 1, 1, 1, 2, 4, 0x6474e551]);
    const text = elf.programHeaders[3];
    expect(text).toEqual({
      index: 3,
      headerOffset: built.fields.get("PT_LOAD[1].p_type")?.offset,
      type: 1,
      flags: 5,
      offset: offsetOfPart(built, ".text"),
      virtualAddress: addressOfPart(built, ".text"),
      fileSize: 512,
      memorySize: 512n,
      align: 0x1000n,
    });
  });

  test("names its interpreter", () => {
    expect(elf.interpreter()).toBe("/lib/ld.so.2");
  });

  test("has a dynamic section with its strings in order and its slots counted", () => {
    const dynamic = elf.dynamic();
    expect(dynamic).toMatchObject({
      offset: offsetOfPart(built, ".dynamic"),
      needed: ["libm.so.6", "libc.so.6"],
      soname: "tool",
      rpath: "/r",
      runpath: "$ORIGIN/../lib:/opt/lib",
      flags1: 0x0800_0001n,
    });
    expect(dynamic?.slotCount).toBe((dynamic?.entries.length ?? 0) + 5);
    expect(dynamic?.entries.map(({ index }) => index)).toEqual(dynamic?.entries.map((_, index) => index));
  });

  test("wants versions of its libraries, some of them weakly", () => {
    expect(elf.versionNeeds()).toEqual([
      { file: "libm.so.6", version: "GLIBC_2.29", isWeak: false },
      { file: "libc.so.6", version: "GLIBC_2.34", isWeak: false },
      { file: "libc.so.6", version: "GLIBC_ABI_DT_RELR", isWeak: true },
    ]);
  });

  test("defines versions, the base version not counted", () => {
    expect(elf.versionDefinitions()).toEqual(["TOOL_1", "TOOL_2"]);
  });

  test("has its notes", () => {
    expect(elf.notes()).toEqual([
      { name: "GNU", type: 3, description: Uint8Array.of(1, 2, 3, 4, 5) },
      { name: "FDO", type: 0x407c0c0a, description: new TextEncoder().encode("[]\0") },
    ]);
  });

  test("has its sections by name", () => {
    const section = elf.sections().find(({ name }) => name === ".dynstr");
    expect(section).toMatchObject({ type: 1, flags: 2n, offset: offsetOfPart(built, ".dynstr") });
    expect(section?.virtualAddress).toBe(addressOfPart(built, ".dynstr"));
  });

  test.each(["gnu", "sysv"] as const)("gives a defined symbol's value by its %s hash table, and no other", (hash) => {
    const { bytes } = buildElf({ ...full, ...format, hash });
    const { dynamicSymbol } = parseElf(bufferSource(bytes));
    expect(dynamicSymbol("alpha")).toBe(0x1111n);
    expect(dynamicSymbol("_r_debug")).toBe(0x3333n);
    expect(dynamicSymbol("puts")).toBeUndefined();
    expect(dynamicSymbol("gamma")).toBeUndefined();
  });
});

test("notes are found where they are padded to 8 bytes", () => {
  const notes = [
    { name: "GNU", type: 5, description: Uint8Array.of(1, 0, 0, 0xc0, 4, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0) },
    { name: "GNU", type: 1, description: Uint8Array.of(9, 9, 9, 9) },
  ];
  const { bytes } = buildElf({ notes, noteAlign: 8 });
  expect(parseElf(bufferSource(bytes)).notes()).toEqual(notes);
});

test("notes are found where a segment aligned to 8 bytes has notes that are padded to 4", () => {
  const notes = [
    { name: "GNU", type: 5, description: Uint8Array.of(1, 0, 0, 0xc0, 4, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0) },
    { name: "GNU", type: 3, description: new Uint8Array(20).fill(7) },
    { name: "GNU", type: 1, description: new Uint8Array(16) },
    { name: "FDO", type: 0x407c0c0a, description: new Uint8Array(4) },
  ];
  const bytes = withField(buildElf({ notes }), "PT_NOTE.p_align", 8);
  expect(parseElf(bufferSource(bytes)).notes()).toEqual(notes);
});

describe("what is absent is absent, and no error", () => {
  const { bytes } = buildElf({ dynamic: false, interpreter: null, sections: false });
  const elf = parseElf(bufferSource(bytes));

  test("no PT_INTERP", () => {
    expect(elf.interpreter()).toBeUndefined();
  });

  test("no PT_DYNAMIC, and so no versions and no symbols", () => {
    expect(elf.dynamic()).toBeUndefined();
    expect(elf.versionNeeds()).toEqual([]);
    expect(elf.versionDefinitions()).toEqual([]);
    expect(elf.dynamicSymbol("main")).toBeUndefined();
  });

  test("no notes", () => {
    expect(elf.notes()).toEqual([]);
  });

  test("no section headers", () => {
    expect(elf.header.sectionHeaderOffset).toBe(0);
    expect(elf.sections()).toEqual([]);
  });

  test("a dynamic section without strings", () => {
    const dynamic = parseElf(bufferSource(buildElf().bytes)).dynamic();
    expect(dynamic?.needed).toEqual([]);
    expect(dynamic).not.toHaveProperty("soname");
    expect(dynamic).not.toHaveProperty("rpath");
    expect(dynamic).not.toHaveProperty("runpath");
    expect(dynamic?.flags1).toBe(0n);
  });
});

test("a name that is not UTF-8 keeps its bytes", () => {
  const built = buildElf({ needed: ["lib\u00e9.so"] });
  const at = offsetOfPart(built, ".dynstr");
  // The two bytes of é, the wrong way round: not UTF-8 any more.
  const bytes = built.bytes.slice();
  bytes.set([0xa9, 0xc3], at + 1 + 3);
  expect(parseElf(bufferSource(bytes)).dynamic()?.needed).toEqual(["lib\udca9\udcc3.so"]);
});

test("a value is computed once", () => {
  const elf = parseElf(bufferSource(buildElf({ needed: ["libc.so.6"] }).bytes));
  expect(elf.dynamic()).toBe(elf.dynamic());
  expect(elf.sections()).toBe(elf.sections());
});

test("the counts that do not fit the file header are taken from section 0", () => {
  const built = buildElf();
  const bytes = built.bytes.slice();
  const view = new DataView(bytes.buffer);
  const field = (name: string) => built.fields.get(name)?.offset ?? Number.NaN;
  view.setUint32(field("shdr[0].sh_info"), view.getUint16(field("ehdr.e_phnum"), true), true);
  view.setUint16(field("ehdr.e_phnum"), 0xffff, true);
  view.setUint32(field("shdr[0].sh_size"), view.getUint16(field("ehdr.e_shnum"), true), true);
  view.setUint16(field("ehdr.e_shnum"), 0, true);
  view.setUint32(field("shdr[0].sh_link"), view.getUint16(field("ehdr.e_shstrndx"), true), true);
  view.setUint16(field("ehdr.e_shstrndx"), 0xffff, true);
  const elf = parseElf(bufferSource(bytes));
  const original = parseElf(bufferSource(built.bytes));
  expect(elf.programHeaders).toEqual(original.programHeaders);
  expect(elf.sections().slice(1)).toEqual(original.sections().slice(1));
});
