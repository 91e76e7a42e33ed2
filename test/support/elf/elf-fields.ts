// Where the fields of a whole ELF file stand, by walking it, for tests that damage files which a compiler has made.
// Shares no code with src/elf/, and trusts the file.

import type { FieldPlace, WriterFormat } from "./byte-writer.ts";
import { createFieldReader, type FieldReader } from "./field-reader.ts";

/** What a field belongs to. */
export type FieldGroup = "file header" | "program header" | "dynamic" | "note" | "version" | "hash" | "section header";

export interface Field extends FieldPlace {
  readonly group: FieldGroup;
  /** For example "PT_LOAD[2].p_filesz". */
  readonly name: string;
}

export interface ElfMap {
  readonly format: WriterFormat;
  readonly fields: readonly Field[];
  /** Offset and size of the program headers, and of one of them. */
  readonly programHeaders: { readonly offset: number; readonly count: number; readonly size: number };
  /** File offset of the dynamic array, and of the string table that it names; undefined without them. */
  readonly dynamic: FieldPlace | undefined;
  readonly strings: FieldPlace | undefined;
}

const ehdr64 = "e_type:u16 e_machine:u16 e_version:u32 e_entry:word e_phoff:word e_shoff:word e_flags:u32 e_ehsize:u16";
const ehdrRest = "e_phentsize:u16 e_phnum:u16 e_shentsize:u16 e_shnum:u16 e_shstrndx:u16";
const layouts = {
  ehdr: `EI_MAG0:u8 EI_MAG1:u8 EI_MAG2:u8 EI_MAG3:u8 EI_CLASS:u8 EI_DATA:u8 EI_VERSION:u8 EI_OSABI:u8 EI_ABIVERSION:u8
    pad:u8 pad:u8 pad:u8 pad:u8 pad:u8 pad:u8 pad:u8 ${ehdr64} ${ehdrRest}`,
  phdr64: "p_type:u32 p_flags:u32 p_offset:word p_vaddr:word p_paddr:word p_filesz:word p_memsz:word p_align:word",
  phdr32: "p_type:u32 p_offset:word p_vaddr:word p_paddr:word p_filesz:word p_memsz:word p_flags:u32 p_align:word",
  shdr: `sh_name:u32 sh_type:u32 sh_flags:word sh_addr:word sh_offset:word sh_size:word sh_link:u32 sh_info:u32
    sh_addralign:word sh_entsize:word`,
  dyn: "d_tag:word d_un:word",
  note: "n_namesz:u32 n_descsz:u32 n_type:u32",
  verneed: "vn_version:u16 vn_cnt:u16 vn_file:u32 vn_aux:u32 vn_next:u32",
  vernaux: "vna_hash:u32 vna_flags:u16 vna_other:u16 vna_name:u32 vna_next:u32",
  verdef: "vd_version:u16 vd_flags:u16 vd_ndx:u16 vd_cnt:u16 vd_hash:u32 vd_aux:u32 vd_next:u32",
  verdaux: "vda_name:u32 vda_next:u32",
  gnuHash: "nbuckets:u32 symoffset:u32 bloom_size:u32 bloom_shift:u32",
} as const;

const segmentNames = new Map([
  [0, "PT_NULL"],
  [1, "PT_LOAD"],
  [2, "PT_DYNAMIC"],
  [3, "PT_INTERP"],
  [4, "PT_NOTE"],
  [6, "PT_PHDR"],
  [0x6474e553, "PT_GNU_PROPERTY"],
]);

const tagNames = new Map([
  [1n, "DT_NEEDED"],
  [4n, "DT_HASH"],
  [5n, "DT_STRTAB"],
  [6n, "DT_SYMTAB"],
  [10n, "DT_STRSZ"],
  [14n, "DT_SONAME"],
  [15n, "DT_RPATH"],
  [29n, "DT_RUNPATH"],
  [0x6ffffef5n, "DT_GNU_HASH"],
  [0x6ffffffcn, "DT_VERDEF"],
  [0x6ffffffen, "DT_VERNEED"],
]);

/** Walks a whole file. */
export function mapElf(bytes: Uint8Array): ElfMap {
  const format: WriterFormat = {
    elfClass: bytes[4] === 1 ? 32 : 64,
    byteOrder: bytes[5] === 2 ? "big" : "little",
  };
  const fields: Field[] = [];
  const read = createFieldReader(bytes, format, fields);
  const header = read.record("file header", "ehdr", 0, layouts.ehdr);
  const programHeaders = {
    offset: Number(header.get("e_phoff")),
    count: Number(header.get("e_phnum")),
    size: Number(header.get("e_phentsize")),
  };
  const phdrLayout = format.elfClass === 64 ? layouts.phdr64 : layouts.phdr32;
  const segments = Array.from({ length: programHeaders.count }, (_, index) => {
    const offset = programHeaders.offset + index * programHeaders.size;
    const name = segmentNames.get(read.number("u32", offset)) ?? "PT_OTHER";
    const values = read.record("program header", `${name}[${index}]`, offset, phdrLayout);
    const value = (field: string) => Number(values.get(field) ?? 0n);
    return { name, offset: value("p_offset"), address: value("p_vaddr"), size: value("p_filesz") };
  });
  const offsetOf = (address: bigint | undefined): number | undefined => {
    if (address === undefined) return undefined;
    const at = Number(address);
    const segment = segments.find((one) => one.name === "PT_LOAD" && at >= one.address && at < one.address + one.size);
    return segment && segment.offset + at - segment.address;
  };
  for (const segment of segments) if (segment.name === "PT_NOTE") readNotes(read, segment.offset, segment.size);
  const tags = new Map<string, bigint>();
  const dynamic = segments.find(({ name }) => name === "PT_DYNAMIC");
  if (dynamic !== undefined) {
    const size = format.elfClass / 4;
    for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += size) {
      const tag = read.number("word", at);
      const name = tagNames.get(BigInt(tag)) ?? `DT_${tag.toString(16)}`;
      const values = read.record("dynamic", `${name}@${at.toString(16)}`, at, layouts.dyn);
      tags.set(name, values.get("d_un") ?? 0n);
    }
  }
  readVersions(read, offsetOf(tags.get("DT_VERNEED")), { ...needNames, name: "verneed" });
  readVersions(read, offsetOf(tags.get("DT_VERDEF")), { ...definitionNames, name: "verdef" });
  readGnuHash(read, format, offsetOf(tags.get("DT_GNU_HASH")));
  readSysvHash(read, offsetOf(tags.get("DT_HASH")));
  const sections = Number(header.get("e_shnum"));
  for (let index = 0; index < sections; index++) {
    const offset = Number(header.get("e_shoff")) + index * Number(header.get("e_shentsize"));
    read.record("section header", `shdr[${index}]`, offset, layouts.shdr);
  }
  const strings = offsetOf(tags.get("DT_STRTAB"));
  return {
    format,
    fields,
    programHeaders,
    dynamic: dynamic && { offset: dynamic.offset, size: dynamic.size },
    strings: strings === undefined ? undefined : { offset: strings, size: Number(tags.get("DT_STRSZ") ?? 0n) },
  };
}

function readNotes(read: FieldReader, offset: number, size: number): void {
  for (let at = offset; at + 12 <= offset + size; ) {
    const note = read.record("note", `note@${at.toString(16)}`, at, layouts.note);
    at += 12 + roundUp(Number(note.get("n_namesz"))) + roundUp(Number(note.get("n_descsz")));
  }
}

const roundUp = (value: number): number => Math.ceil(value / 4) * 4;

interface VersionNames {
  readonly layout: string;
  readonly auxLayout: string;
  readonly count: string;
  readonly aux: string;
  readonly next: string;
  readonly auxNext: string;
}

const needNames: VersionNames = {
  layout: layouts.verneed,
  auxLayout: layouts.vernaux,
  count: "vn_cnt",
  aux: "vn_aux",
  next: "vn_next",
  auxNext: "vna_next",
};
const definitionNames: VersionNames = {
  layout: layouts.verdef,
  auxLayout: layouts.verdaux,
  count: "vd_cnt",
  aux: "vd_aux",
  next: "vd_next",
  auxNext: "vda_next",
};

function readVersions(
  read: FieldReader,
  offset: number | undefined,
  names: VersionNames & { readonly name: string },
): void {
  for (let at = offset; at !== undefined; ) {
    const record = read.record("version", `${names.name}@${at.toString(16)}`, at, names.layout);
    let aux = at + Number(record.get(names.aux));
    for (let left = Number(record.get(names.count)); left > 0; left--) {
      const values = read.record("version", `${names.name}-aux@${aux.toString(16)}`, aux, names.auxLayout);
      aux += Number(values.get(names.auxNext));
    }
    const next = Number(record.get(names.next));
    at = next === 0 ? undefined : at + next;
  }
}

/** The header, and the words after the bloom filter: buckets and the beginning of the chains. */
function readGnuHash(read: FieldReader, { elfClass }: WriterFormat, offset: number | undefined): void {
  if (offset === undefined) return;
  const header = read.record("hash", "gnu_hash", offset, layouts.gnuHash);
  const buckets = offset + 16 + (Number(header.get("bloom_size")) * elfClass) / 8;
  const shown = Number(header.get("nbuckets")) + 4;
  for (let index = 0; index < shown; index++) read.field("hash", `gnu_hash.word[${index}]`, "u32", buckets + 4 * index);
}

function readSysvHash(read: FieldReader, offset: number | undefined): void {
  if (offset === undefined) return;
  const shown = Math.min(2 + read.number("u32", offset) + read.number("u32", offset + 4), 64);
  for (let index = 0; index < shown; index++) read.field("hash", `hash.word[${index}]`, "u32", offset + 4 * index);
}
