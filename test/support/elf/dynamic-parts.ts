// The parts of an ELF file that a dynamic linker reads: symbols, versions, the dynamic array.

import type { ByteWriter, WriterFormat } from "./byte-writer.ts";
import type { ElfSpec } from "./elf-spec.ts";
import type { Strings } from "./string-table.ts";

export function writeSymbols(writer: ByteWriter, spec: ElfSpec, format: WriterFormat, strings: Strings): void {
  const imports = (spec.imports ?? []).map((name) => ({ name, value: 0n, section: 0 }));
  const defined = (spec.symbols ?? []).map((symbol) => ({ ...symbol, section: 1 }));
  for (const [number, symbol] of [{ name: "", value: 0n, section: 0 }, ...imports, ...defined].entries()) {
    const name = ["st_name", "u32", strings.index(symbol.name)] as const;
    const value = ["st_value", "word", symbol.value] as const;
    const size = ["st_size", "word", 0] as const;
    const rest = [
      ["st_info", "u8", number === 0 ? 0 : 0x12],
      ["st_other", "u8", 0],
      ["st_shndx", "u16", symbol.section],
    ] as const;
    const fields = format.elfClass === 64 ? [name, ...rest, value, size] : [name, value, size, ...rest];
    writer.record(`sym[${number}]`, fields);
  }
}

export function writeVersionNeeds(writer: ByteWriter, spec: ElfSpec, strings: Strings): void {
  const needs = spec.versionNeeds ?? [];
  for (const [number, { file, versions }] of needs.entries()) {
    const isLast = number === needs.length - 1;
    writer.record(`verneed[${number}]`, [
      ["vn_version", "u16", 1],
      ["vn_cnt", "u16", versions.length],
      ["vn_file", "u32", strings.index(file)],
      ["vn_aux", "u32", 16],
      ["vn_next", "u32", isLast ? 0 : 16 + 16 * versions.length],
    ]);
    for (const [index, { name, isWeak }] of versions.entries()) {
      writer.record(`vernaux[${number}][${index}]`, [
        ["vna_hash", "u32", 0],
        ["vna_flags", "u16", isWeak === true ? 2 : 0],
        ["vna_other", "u16", index + 2],
        ["vna_name", "u32", strings.index(name)],
        ["vna_next", "u32", index === versions.length - 1 ? 0 : 16],
      ]);
    }
  }
}

export function writeVersionDefinitions(writer: ByteWriter, spec: ElfSpec, strings: Strings): void {
  const names = spec.versionDefinitions ?? [];
  for (const [number, name] of names.entries()) {
    writer.record(`verdef[${number}]`, [
      ["vd_version", "u16", 1],
      ["vd_flags", "u16", number === 0 ? 1 : 0],
      ["vd_ndx", "u16", number + 1],
      ["vd_cnt", "u16", 1],
      ["vd_hash", "u32", 0],
      ["vd_aux", "u32", 20],
      ["vd_next", "u32", number === names.length - 1 ? 0 : 28],
    ]);
    writer.record(`verdaux[${number}]`, [
      ["vda_name", "u32", strings.index(name)],
      ["vda_next", "u32", 0],
    ]);
  }
}

export function writeDynamic(
  writer: ByteWriter,
  spec: ElfSpec,
  strings: Strings,
  addressOf: (name: string) => bigint,
  stringsSize: number,
  hash: string,
): void {
  function write(name: string, tag: number, value: number | bigint): void {
    writer.record(name, [
      ["d_tag", "word", tag],
      ["d_un", "word", value],
    ]);
  }
  for (const [number, name] of (spec.needed ?? []).entries()) write(`DT_NEEDED[${number}]`, 1, strings.index(name));
  if (spec.soname !== undefined) write("DT_SONAME", 14, strings.index(spec.soname));
  if (spec.rpath !== undefined) write("DT_RPATH", 15, strings.index(spec.rpath));
  if (spec.runpath !== undefined) write("DT_RUNPATH", 29, strings.index(spec.runpath));
  if (hash === "sysv" || hash === "both") write("DT_HASH", 4, addressOf(".hash"));
  if (hash === "gnu" || hash === "both") write("DT_GNU_HASH", 0x6ffffef5, addressOf(".gnu.hash"));
  write("DT_STRTAB", 5, addressOf(".dynstr"));
  write("DT_SYMTAB", 6, addressOf(".dynsym"));
  write("DT_STRSZ", 10, stringsSize);
  write("DT_DEBUG", 21, 0);
  if (spec.versionNeeds !== undefined) {
    write("DT_VERNEED", 0x6ffffffe, addressOf(".gnu.version_r"));
    write("DT_VERNEEDNUM", 0x6fffffff, spec.versionNeeds.length);
  }
  if (spec.versionDefinitions !== undefined) {
    write("DT_VERDEF", 0x6ffffffc, addressOf(".gnu.version_d"));
    write("DT_VERDEFNUM", 0x6ffffffd, spec.versionDefinitions.length);
  }
  if (spec.flags1 !== undefined) write("DT_FLAGS_1", 0x6ffffffb, spec.flags1);
  for (let i = 0; i < (spec.nullSlots ?? 1); i++) write(`DT_NULL[${i}]`, 0, 0);
}
