// The parts of an ELF file that the kernel and link editors read: file header, program headers, notes, section headers.

import type { ByteWriter, WriterFormat } from "./byte-writer.ts";
import type { ElfSpec, Part } from "./elf-spec.ts";
import { createStrings, cString } from "./string-table.ts";

const segmentFlags = [4, 5, 6];

export function writeFileHeader(
  writer: ByteWriter,
  spec: ElfSpec,
  format: WriterFormat,
  place: (name: string) => Part,
  base: bigint,
  text: bigint,
): void {
  const is64 = format.elfClass === 64;
  const sectionHeaders = place("shdrs");
  const sectionSize = is64 ? 64 : 40;
  const count = sectionHeaders.size / sectionSize;
  writer.bytes(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46));
  writer.record("ehdr", [
    ["EI_CLASS", "u8", is64 ? 2 : 1],
    ["EI_DATA", "u8", format.byteOrder === "little" ? 1 : 2],
    ["EI_VERSION", "u8", 1],
    ["EI_OSABI", "u8", spec.osAbi ?? 0],
    ["EI_ABIVERSION", "u8", 0],
  ]);
  writer.bytes(new Uint8Array(7));
  writer.record("ehdr", [
    ["e_type", "u16", spec.type ?? 3],
    ["e_machine", "u16", spec.machine ?? 62],
    ["e_version", "u32", 1],
    ["e_entry", "word", text === base ? 0n : text + BigInt(spec.entryOffset ?? 0)],
    ["e_phoff", "word", place("phdrs").offset],
    ["e_shoff", "word", sectionHeaders.offset],
    ["e_flags", "u32", spec.flags ?? 0],
    ["e_ehsize", "u16", is64 ? 64 : 52],
    ["e_phentsize", "u16", is64 ? 56 : 32],
    ["e_phnum", "u16", place("phdrs").size / (is64 ? 56 : 32)],
    ["e_shentsize", "u16", count === 0 ? 0 : sectionSize],
    ["e_shnum", "u16", count],
    ["e_shstrndx", "u16", count === 0 ? 0 : count - 1],
  ]);
}

export function writeProgramHeaders(
  writer: ByteWriter,
  spec: ElfSpec,
  format: WriterFormat,
  place: (name: string) => Part,
  addressOf: (name: string) => bigint,
  isDynamic: boolean,
  interpreter: string | null,
  pageSize: number,
): void {
  function write(name: string, type: number, flags: number, partName: string, align: number): void {
    const { offset, size } = place(partName);
    const address = addressOf(partName);
    const early = [["p_flags", "u32", flags]] as const;
    writer.record(name, [
      ["p_type", "u32", type],
      ...(format.elfClass === 64 ? early : []),
      ["p_offset", "word", offset],
      ["p_vaddr", "word", address],
      ["p_paddr", "word", address],
      ["p_filesz", "word", size],
      ["p_memsz", "word", size],
      ...(format.elfClass === 64 ? [] : early),
      ["p_align", "word", align],
    ]);
  }
  if (spec.programHeaderSegment !== false) write("PT_PHDR", 6, 4, "phdrs", 8);
  if (interpreter !== null) write("PT_INTERP", 3, 4, ".interp", 1);
  for (const [number, flags] of segmentFlags.entries()) {
    if (number === 2 && !isDynamic) continue;
    write(`PT_LOAD[${number}]`, 1, flags, `PT_LOAD[${number}]`, pageSize);
  }
  if (isDynamic) write("PT_DYNAMIC", 2, 6, ".dynamic", 8);
  if (spec.notes !== undefined) write("PT_NOTE", 4, 4, ".note", spec.noteAlign ?? 4);
  write("PT_GNU_STACK", 0x6474e551, 6, "stack", 16);
}

export function writeNotes(writer: ByteWriter, spec: ElfSpec): void {
  const align = spec.noteAlign ?? 4;
  for (const [number, note] of (spec.notes ?? []).entries()) {
    const name = cString(note.name);
    writer.record(`note[${number}]`, [
      ["n_namesz", "u32", name.length],
      ["n_descsz", "u32", note.description.length],
      ["n_type", "u32", note.type],
    ]);
    writer.bytes(name);
    writer.align(align);
    writer.bytes(note.description);
    writer.align(align);
  }
}

export function writeSections(
  writer: ByteWriter,
  parts: ReadonlyMap<string, Part>,
  part: (name: string, write: () => void, align?: number) => void,
  addressOf: (name: string) => bigint,
): void {
  const names = createStrings();
  const listed = [...parts].filter(([name]) => name.startsWith("."));
  for (const [name] of listed) names.index(name);
  names.index(".shstrtab");
  part(".shstrtab", () => writer.bytes(names.bytes()), 1);
  const all: readonly (readonly [string, Part])[] = [
    ["", { offset: 0, size: 0, segment: -1 }],
    ...listed,
    [".shstrtab", parts.get(".shstrtab") ?? { offset: 0, size: 0, segment: -1 }],
  ];
  part("shdrs", () => {
    for (const [number, [name, { offset, size, segment }]] of all.entries()) {
      writer.record(`shdr[${number}]`, [
        ["sh_name", "u32", names.index(name)],
        ["sh_type", "u32", number === 0 ? 0 : name === ".shstrtab" ? 3 : 1],
        ["sh_flags", "word", segment < 0 ? 0 : segment === 1 ? 6 : 2],
        ["sh_addr", "word", segment >= 0 ? addressOf(name) : 0],
        ["sh_offset", "word", offset],
        ["sh_size", "word", size],
        ["sh_link", "u32", 0],
        ["sh_info", "u32", 0],
        ["sh_addralign", "word", 1],
        ["sh_entsize", "word", 0],
      ]);
    }
  });
}
