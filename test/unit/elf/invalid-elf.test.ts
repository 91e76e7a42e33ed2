// Every file here is a good one with one field changed, and is named after the check that has to catch it.

import { describe, expect, test } from "vitest";
import type { ElfFile } from "../../../src/elf/elf-file.ts";
import { ElfError } from "../../../src/elf/error.ts";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import {
  addressOfPart,
  type BuiltElf,
  buildElf,
  type ElfSpec,
  offsetOfPart,
  withField,
} from "../../support/elf/elf-builder.ts";

const spec: ElfSpec = {
  needed: ["libc.so.6"],
  soname: "tool",
  hash: "both",
  imports: ["puts"],
  symbols: [
    { name: "alpha", value: 1n },
    { name: "beta", value: 2n },
  ],
  versionNeeds: [{ file: "libc.so.6", versions: [{ name: "GLIBC_2.34" }, { name: "GLIBC_2.2.5" }] }],
  versionDefinitions: ["tool", "TOOL_1", "TOOL_2"],
  notes: [
    { name: "GNU", type: 3, description: Uint8Array.of(1, 2, 3, 4) },
    { name: "FDO", type: 4, description: Uint8Array.of(1, 2, 3, 4) },
  ],
};
const good64 = buildElf(spec);
const good32 = buildElf({ ...spec, elfClass: 32, machine: 3 });
const size = good64.bytes.length;
const huge = 2n ** 64n - 1n;

/** The defect that `ask` throws of the file with one field changed; undefined when it throws none. */
function defectOf(bytes: Uint8Array, ask: (elf: ElfFile) => unknown): ElfError["defect"] | undefined {
  try {
    ask(parseElf(bufferSource(bytes)));
    return undefined;
  } catch (error) {
    if (error instanceof ElfError) return error.defect;
    throw error;
  }
}

/** A good file with `payload` after everything else, loaded by the last segment, and the payload's address. */
function withLoadedPayload(payload: Uint8Array): { readonly built: BuiltElf; readonly address: bigint } {
  const good = buildElf({ ...spec, hash: "gnu", sections: false, payload });
  const loaded = good.bytes.length - offsetOfPart(good, ".dynamic");
  const withFileSize = { ...good, bytes: withField(good, "PT_LOAD[2].p_filesz", loaded) };
  const built = { ...good, bytes: withField(withFileSize, "PT_LOAD[2].p_memsz", loaded) };
  return { built, address: addressOfPart(good, ".dynamic") + BigInt(loaded - payload.length) };
}

function readAll(elf: ElfFile): void {
  elf.interpreter();
  elf.dynamic();
  elf.versionNeeds();
  elf.versionDefinitions();
  elf.notes();
  elf.sections();
  elf.dynamicSymbol("alpha");
  elf.dynamicSymbol("absent");
}

test.each([
  ["64-bit", good64],
  ["32-bit", good32],
])("the good %s file has no defect", (_, good) => {
  expect(defectOf(good.bytes, readAll)).toBeUndefined();
});

describe("found when the file is opened", () => {
  const open = () => undefined;

  test("magic: not ELF", () => {
    const bytes = good64.bytes.slice();
    bytes[1] = 0x65;
    expect(defectOf(bytes, open)).toEqual({ kind: "not-elf" });
  });

  test.each([0, 1, 3])("magic: a file of %i bytes is not ELF", (length) => {
    expect(defectOf(good64.bytes.subarray(0, length), open)).toEqual({ kind: "not-elf" });
  });

  test.each([4, 15])("e_ident: a file of %i bytes ends before it does", (length) => {
    expect(defectOf(good64.bytes.subarray(0, length), open)).toMatchObject({ kind: "past-end-of-file", end: 16n });
  });

  test("file header: 63 bytes of a 64-bit one", () => {
    const expected = { kind: "past-end-of-file", what: "file header", offset: 0, end: 64n, size: 63 };
    expect(defectOf(good64.bytes.subarray(0, 63), open)).toEqual(expected);
  });

  test("file header: 51 bytes of a 32-bit one", () => {
    expect(defectOf(good32.bytes.subarray(0, 51), open)).toMatchObject({ kind: "past-end-of-file", end: 52n });
  });

  test.each([
    ["EI_CLASS", "ehdr.EI_CLASS", 3, { field: "EI_CLASS", offset: 4, value: 3n }],
    ["EI_DATA", "ehdr.EI_DATA", 0, { field: "EI_DATA", offset: 5, value: 0n }],
    ["EI_VERSION", "ehdr.EI_VERSION", 2, { field: "EI_VERSION", offset: 6, value: 2n }],
    ["e_phoff above 2^52", "ehdr.e_phoff", huge, { field: "e_phoff", offset: 32, value: huge }],
    ["e_phentsize", "ehdr.e_phentsize", 32, { field: "e_phentsize", offset: 54, value: 32n, expected: "56" }],
  ])("%s", (_, field, value, expected) => {
    expect(defectOf(withField(good64, field, value), open)).toMatchObject({ kind: "bad-value", ...expected });
  });

  test("e_phoff past the end of the file", () => {
    const defect = defectOf(withField(good64, "ehdr.e_phoff", size), open);
    expect(defect).toMatchObject({ kind: "past-end-of-file", what: "program header table", offset: size });
  });

  test("e_phnum: more program headers than the file has room for", () => {
    expect(defectOf(withField(good64, "ehdr.e_phnum", 0xfffe), open)).toMatchObject({ kind: "past-end-of-file" });
  });

  test("e_phnum is PN_XNUM, but section 0 is past the end of the file", () => {
    const bytes = withField(good64, "ehdr.e_shoff", size - 8);
    const place = good64.fields.get("ehdr.e_phnum");
    bytes.set([0xff, 0xff], place?.offset);
    expect(defectOf(bytes, open)).toMatchObject({ kind: "past-end-of-file", what: expect.stringContaining("PN_XNUM") });
  });

  test.each([
    ["p_offset above 2^52", "PT_LOAD[1].p_offset", huge, "p_offset"],
    ["p_filesz above 2^52", "PT_LOAD[1].p_filesz", huge, "p_filesz"],
    ["p_offset so high that offsets in the segment would not be exact", "PT_LOAD[1].p_offset", 2n ** 52n, "p_offset"],
    ["p_filesz above p_memsz", "PT_LOAD[1].p_filesz", 513n, "p_filesz"],
    ["p_memsz reaches over the end of the address space", "PT_LOAD[1].p_memsz", huge, "p_memsz"],
    ["p_vaddr so high that the segment wraps around", "PT_LOAD[1].p_vaddr", huge - 510n, "p_memsz"],
  ])("%s", (_, field, value, named) => {
    const expected = { kind: "bad-value", what: "program header 3", field: named };
    expect(defectOf(withField(good64, field, value), open)).toMatchObject(expected);
  });

  test("a segment may end exactly where the address space does", () => {
    expect(defectOf(withField(good64, "PT_LOAD[1].p_vaddr", huge - 511n), open)).toBeUndefined();
    expect(defectOf(withField(good32, "PT_LOAD[1].p_vaddr", 2n ** 32n - 512n), open)).toBeUndefined();
  });

  test("a 32-bit segment that wraps around its address space", () => {
    const defect = defectOf(withField(good32, "PT_LOAD[1].p_vaddr", 2n ** 32n - 511n), open);
    expect(defect).toMatchObject({ kind: "bad-value", field: "p_memsz" });
  });
});

describe("found when it is asked for, and no sooner", () => {
  test.each([
    ["PT_INTERP p_offset", "PT_INTERP.p_offset", size, { kind: "past-end-of-file", what: "PT_INTERP" }],
    ["PT_INTERP p_filesz 0", "PT_INTERP.p_filesz", 0, { kind: "bad-value", field: "p_filesz", value: 0n }],
    ["PT_INTERP p_filesz 1", "PT_INTERP.p_filesz", 1, { kind: "bad-value", field: "p_filesz", value: 1n }],
    ["PT_INTERP p_filesz above PATH_MAX", "PT_INTERP.p_filesz", 4097, { kind: "bad-value", field: "p_filesz" }],
    ["PT_INTERP without a NUL", "PT_INTERP.p_filesz", 27, { kind: "bad-string", what: "PT_INTERP" }],
  ])("%s", (_, field, value, expected) => {
    const bytes = withField(good64, field, value);
    expect(defectOf(bytes, (elf) => elf.dynamic())).toBeUndefined();
    expect(defectOf(bytes, (elf) => elf.interpreter())).toMatchObject(expected);
  });

  test.each([
    ["DT_STRTAB in no segment", "DT_STRTAB.d_un", 0x99_0000n, { kind: "unmapped-address", address: 0x99_0000n }],
    ["DT_STRTAB at the highest address", "DT_STRTAB.d_un", huge, { kind: "unmapped-address", address: huge }],
    ["DT_STRTAB absent", "DT_STRTAB.d_tag", 0x6000_0000n, { kind: "bad-value", field: "DT_STRTAB" }],
    ["DT_STRSZ absent", "DT_STRSZ.d_tag", 0x6000_0000n, { kind: "bad-value", field: "DT_STRSZ" }],
    ["DT_STRSZ larger than the file", "DT_STRSZ.d_un", huge, { kind: "bad-value", field: "DT_STRSZ", value: huge }],
    ["DT_STRSZ larger than the segment", "DT_STRSZ.d_un", 0x1000, { kind: "unmapped-address", what: "DT_STRTAB" }],
    ["DT_STRSZ that cuts the last string", "DT_STRSZ.d_un", 20, { kind: "bad-string" }],
    ["DT_NEEDED past the table", "DT_NEEDED[0].d_un", 0x1000, { kind: "bad-string" }],
    ["DT_NEEDED far past the table", "DT_NEEDED[0].d_un", huge, { kind: "bad-string" }],
    ["DT_SONAME past the table", "DT_SONAME.d_un", 0x1000, { kind: "bad-string" }],
  ])("%s", (_, field, value, expected) => {
    const bytes = withField(good64, field, value);
    expect(defectOf(bytes, (elf) => elf.interpreter())).toBeUndefined();
    expect(defectOf(bytes, (elf) => elf.dynamic())).toMatchObject(expected);
  });

  test("PT_DYNAMIC in no segment and past the end of the file", () => {
    const moved = withField(good64, "PT_DYNAMIC.p_vaddr", 0x99_0000n);
    expect(defectOf(moved, (elf) => elf.dynamic())).toBeUndefined();
    const fields = { ...good64, bytes: moved };
    const bytes = withField(fields, "PT_DYNAMIC.p_offset", size - 8);
    expect(defectOf(bytes, (elf) => elf.dynamic())).toMatchObject({ kind: "past-end-of-file", what: "dynamic array" });
  });

  test("PT_DYNAMIC with more entries than any file has", () => {
    const bytes = new Uint8Array(16 * 20_000).fill(1);
    const built = buildElf({ ...spec, payload: bytes });
    const atPayload = built.bytes.length - bytes.length;
    let file = withField(built, "PT_DYNAMIC.p_vaddr", 0x99_0000n);
    file = withField({ ...built, bytes: file }, "PT_DYNAMIC.p_offset", atPayload);
    file = withField({ ...built, bytes: file }, "PT_DYNAMIC.p_filesz", bytes.length);
    expect(defectOf(file, (elf) => elf.dynamic())).toMatchObject({ kind: "bad-value", field: "number of entries" });
  });

  test.each([
    ["DT_VERNEED in no segment", "DT_VERNEED.d_un", 0x99_0000n, { kind: "unmapped-address", what: "DT_VERNEED" }],
    ["vn_version", "verneed[0].vn_version", 2, { kind: "bad-value", field: "vn_version", value: 2n }],
    ["vn_file", "verneed[0].vn_file", 0x1000, { kind: "bad-string" }],
    ["vn_aux", "verneed[0].vn_aux", 0xffff_fff0, { kind: "past-end-of-file", what: "DT_VERNEED" }],
    ["vna_name", "vernaux[0][0].vna_name", 0x1000, { kind: "bad-string" }],
    ["vna_next", "vernaux[0][0].vna_next", 0xffff_fff0, { kind: "past-end-of-file", what: "DT_VERNEED" }],
  ])("%s", (_, field, value, expected) => {
    const bytes = withField(good64, field, value);
    expect(defectOf(bytes, (elf) => elf.dynamic())).toBeUndefined();
    expect(defectOf(bytes, (elf) => elf.versionNeeds())).toMatchObject(expected);
  });

  test.each([
    ["DT_VERDEF in no segment", "DT_VERDEF.d_un", 0x99_0000n, { kind: "unmapped-address", what: "DT_VERDEF" }],
    ["vd_version", "verdef[1].vd_version", 0, { kind: "bad-value", field: "vd_version", value: 0n }],
    ["vd_aux", "verdef[1].vd_aux", 0xffff_fff0, { kind: "past-end-of-file", what: "DT_VERDEF" }],
    ["vd_next", "verdef[1].vd_next", 0xffff_fff0, { kind: "past-end-of-file", what: "DT_VERDEF" }],
    ["vda_name", "verdaux[1].vda_name", 0x1000, { kind: "bad-string" }],
  ])("%s", (_, field, value, expected) => {
    expect(defectOf(withField(good64, field, value), (elf) => elf.versionDefinitions())).toMatchObject(expected);
  });

  test.each([
    ["PT_NOTE past the end of the file", "PT_NOTE.p_offset", size - 4, { kind: "past-end-of-file" }],
    ["PT_NOTE larger than the file", "PT_NOTE.p_filesz", size + 1, { kind: "bad-value", field: "p_filesz" }],
    ["n_namesz", "note[0].n_namesz", 0xffff_ffff, { kind: "bad-value", field: "n_namesz", value: 0xffff_ffffn }],
    ["n_descsz", "note[1].n_descsz", 5, { kind: "bad-value", field: "n_descsz", value: 5n }],
  ])("%s", (_, field, value, expected) => {
    const bytes = withField(good64, field, value);
    expect(defectOf(bytes, (elf) => elf.dynamic())).toBeUndefined();
    expect(defectOf(bytes, (elf) => elf.notes())).toMatchObject(expected);
  });

  test.each([
    ["e_shoff past the end of the file", "ehdr.e_shoff", size, { kind: "past-end-of-file" }],
    ["e_shoff above 2^52", "ehdr.e_shoff", huge, { kind: "past-end-of-file" }],
    ["e_shentsize", "ehdr.e_shentsize", 40, { kind: "bad-value", field: "e_shentsize", expected: "64" }],
    ["e_shnum", "ehdr.e_shnum", 0xfff0, { kind: "past-end-of-file", what: "section header table" }],
    ["sh_offset", "shdr[2].sh_offset", huge, { kind: "bad-value", what: "section header 2", field: "sh_offset" }],
    ["sh_size", "shdr[2].sh_size", huge, { kind: "bad-value", what: "section header 2", field: "sh_size" }],
  ])("%s", (_, field, value, expected) => {
    const bytes = withField(good64, field, value);
    const ask = (elf: ElfFile) => [elf.interpreter(), elf.dynamic(), elf.versionNeeds(), elf.notes()];
    expect(defectOf(bytes, ask)).toBeUndefined();
    expect(defectOf(bytes, (elf) => elf.sections())).toMatchObject(expected);
  });

  test("e_shnum is 0, but section 0, which has the count, is past the end of the file", () => {
    const bytes = withField(good64, "ehdr.e_shnum", 0);
    const cut = withField({ ...good64, bytes }, "ehdr.e_shoff", size - 8);
    expect(defectOf(cut, (elf) => elf.dynamic())).toBeUndefined();
    expect(defectOf(cut, (elf) => elf.sections())).toMatchObject({ kind: "past-end-of-file" });
  });

  test("section 0 says that there are more sections than bytes", () => {
    const bytes = withField(good64, "ehdr.e_shnum", 0);
    const many = withField({ ...good64, bytes }, "shdr[0].sh_size", huge);
    expect(defectOf(many, (elf) => elf.sections())).toMatchObject({ kind: "past-end-of-file" });
  });

  test.each([
    ["e_shstrndx past the table", "ehdr.e_shstrndx", 0xff00],
    ["sh_name past the name table", "shdr[2].sh_name", 0xff_ffff],
  ])("%s: the section has no name, which is no defect", (_, field, value) => {
    const bytes = withField(good64, field, value);
    expect(parseElf(bufferSource(bytes)).sections()[2]?.name).toBe("");
  });
});

describe("found when a symbol is looked up", () => {
  const gnu = buildElf({ ...spec, hash: "gnu" });
  const sysv = buildElf({ ...spec, hash: "sysv" });
  const lookUp = (elf: ElfFile) => elf.dynamicSymbol("beta");

  test.each([
    ["DT_GNU_HASH in no segment", "DT_GNU_HASH.d_un", 0x99_0000n, { kind: "unmapped-address", what: "DT_GNU_HASH" }],
    ["nbuckets", "gnu_hash.nbuckets", 0xffff_ffff, { kind: "past-end-of-file", what: "DT_GNU_HASH" }],
    ["bloom_size", "gnu_hash.bloom_size", 0xffff_ffff, { kind: "past-end-of-file", what: "DT_GNU_HASH" }],
    ["bucket below symoffset", "gnu_hash.bucket", 1, { kind: "bad-value", field: "bucket", value: 1n }],
    ["bucket past the table", "gnu_hash.bucket", 0xffff_ffff, { kind: "past-end-of-file" }],
    ["st_name", "sym[3].st_name", 0xff_ffff, { kind: "bad-string" }],
    ["DT_SYMTAB in no segment", "DT_SYMTAB.d_un", 0x99_0000n, { kind: "unmapped-address", what: "DT_SYMTAB" }],
    ["DT_SYMTAB absent", "DT_SYMTAB.d_tag", 0x6000_0000n, { kind: "bad-value", field: "DT_SYMTAB" }],
  ])("by DT_GNU_HASH: %s", (_, field, value, expected) => {
    expect(defectOf(withField(gnu, field, value), lookUp)).toMatchObject(expected);
  });

  test("by DT_GNU_HASH: nbuckets 0 has no symbols", () => {
    expect(parseElf(bufferSource(withField(gnu, "gnu_hash.nbuckets", 0))).dynamicSymbol("beta")).toBeUndefined();
  });

  test("by DT_GNU_HASH: a chain without an end stops where the file does", () => {
    // One bucket, first symbol 1, one bloom word; from the bucket on, hashes whose bit 0 never ends the chain.
    const table = new Uint32Array([1, 1, 1, 0, 0, 0, 1, ...new Array<number>(1000).fill(2)]);
    const { built, address } = withLoadedPayload(new Uint8Array(table.buffer));
    const file = withField(built, "DT_GNU_HASH.d_un", address);
    expect(defectOf(file, lookUp)).toMatchObject({
      kind: "past-end-of-file",
      what: "DT_GNU_HASH",
      end: BigInt(file.length + 4),
    });
  });

  test.each([
    ["DT_HASH in no segment", "DT_HASH.d_un", 0x99_0000n, { kind: "unmapped-address", what: "DT_HASH" }],
    ["nbucket", "hash.nbucket", 0xffff_ffff, { kind: "past-end-of-file", what: "DT_HASH" }],
    ["nchain", "hash.nchain", 0xffff_ffff, { kind: "past-end-of-file", what: "DT_HASH" }],
    ["bucket", "hash.bucket", 99, { kind: "bad-value", field: "chain", value: 99n }],
    ["a chain that leads back to itself", "hash_chain[2].next", 1, { kind: "bad-value", field: "chain" }],
  ])("by DT_HASH: %s", (_, field, value, expected) => {
    expect(defectOf(withField(sysv, field, value), (elf) => elf.dynamicSymbol("beta"))).toMatchObject(expected);
  });
});

describe("small files that ask for much", () => {
  test("needed entries that all ask for one long string are damage, not gigabytes", () => {
    const long = "x".repeat(60_000);
    const needed = Array.from({ length: 2000 }, (_, i) => `${i}`);
    const built = buildElf({ needed: [long, ...needed] });
    const bytes = built.bytes.slice();
    const view = new DataView(bytes.buffer);
    for (const i of needed.keys())
      view.setUint32(built.fields.get(`DT_NEEDED[${i + 1}].d_un`)?.offset ?? 0, i + 2, true);
    expect(defectOf(bytes, (elf) => elf.dynamic())).toMatchObject({ kind: "bad-string" });
  });

  test("version records that are walked again and again are damage", () => {
    const needs = 20;
    const auxes = 8000;
    // vn_version 1 and vn_cnt 0xffff, vn_file, vn_aux, vn_next; then vna_hash, flags and other, vna_name, vna_next.
    const verneeds = Array.from({ length: needs }, (_, i) => [0xffff_0001, 0, 16 * (needs - i), 16]).flat();
    const chain = Array.from({ length: auxes }, () => [0, 0, 0, 16]).flat();
    const table = new Uint32Array([...verneeds, ...chain.slice(0, -1), 0]);
    const { built, address } = withLoadedPayload(new Uint8Array(table.buffer));
    const file = withField(built, "DT_VERNEED.d_un", address);
    const counted = withField({ ...built, bytes: file }, "DT_VERNEEDNUM.d_un", huge);
    const expected = { kind: "bad-value", what: "DT_VERNEED", field: "number of records" };
    expect(defectOf(counted, (elf) => elf.versionNeeds())).toMatchObject(expected);
  });

  test("a verneed chain of any length ends at DT_VERNEEDNUM", () => {
    const bytes = withField(good64, "verneed[0].vn_next", 0);
    const counted = withField({ ...good64, bytes }, "DT_VERNEEDNUM.d_un", huge);
    expect(defectOf(counted, (elf) => elf.versionNeeds())).toBeUndefined();
  });

  test("a note segment of a hundred thousand empty notes is damage, and no overflow of the call stack", () => {
    const { built } = withLoadedPayload(new Uint8Array(12 * 200_000));
    const moved = withField(built, "PT_NOTE.p_offset", built.bytes.length - 12 * 200_000);
    const bytes = withField({ ...built, bytes: moved }, "PT_NOTE.p_filesz", 12 * 200_000);
    expect(defectOf(bytes, (elf) => elf.notes())).toMatchObject({ kind: "bad-value", field: "p_filesz" });
  });

  test("note segments that overlap are damage", () => {
    const note = { name: "x", type: 1, description: new Uint8Array(5000) };
    const built = buildElf({ ...spec, notes: [note] });
    const bytes = built.bytes.slice();
    const from = built.fields.get("PT_NOTE.p_type")?.offset ?? 0;
    for (const name of ["PT_PHDR", "PT_GNU_STACK", "PT_INTERP"]) {
      bytes.set(built.bytes.subarray(from, from + 56), built.fields.get(`${name}.p_type`)?.offset);
    }
    expect(defectOf(bytes, (elf) => elf.notes())).toMatchObject({ kind: "bad-value", field: "p_filesz" });
  });
});
