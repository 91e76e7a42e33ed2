// Makes small, valid ELF files for tests, of either class and byte order and any machine. Fields are known by name, so
// that a bad file is a good one with one field changed.
//
//   file header | program headers | .interp .note .hash .gnu.hash .dynsym .dynstr .gnu.version_r .gnu.version_d   R
//   .text                                                                                                    R E
//   .dynamic                                                                                                 RW
//   section names | section headers | payload                                                        (not loaded)
//
// The three segments start on pages of their own and lie one more page apart in memory than in the file, so that
// an address is never by chance its own file offset.

import { createByteWriter, type FieldPlace, numberBytes, type WriterFormat } from "./byte-writer.ts";
import { writeDynamic, writeSymbols, writeVersionDefinitions, writeVersionNeeds } from "./dynamic-parts.ts";
import type { ElfSpec, Part } from "./elf-spec.ts";
import { writeGnuHash, writeSysvHash } from "./hash-table.ts";
import { writeFileHeader, writeNotes, writeProgramHeaders, writeSections } from "./header-parts.ts";
import { createStrings, cString } from "./string-table.ts";

export type { ElfSpec } from "./elf-spec.ts";

export interface BuiltElf {
  readonly bytes: Uint8Array;
  readonly format: WriterFormat;
  /** Every field by name: "ehdr.e_phoff", "PT_LOAD[1].p_filesz", "DT_NEEDED[0].d_un", "verneed[0].vn_next" … */
  readonly fields: ReadonlyMap<string, FieldPlace>;
  /** File offset of each part: ".interp", ".dynstr", ".dynamic", ".text" … */
  readonly offsets: ReadonlyMap<string, number>;
  /** Address of each part. */
  readonly addresses: ReadonlyMap<string, bigint>;
}

/** The file with one field changed; throws for a field that it does not have. */
export function withField(elf: BuiltElf, field: string, value: number | bigint): Uint8Array {
  const place = elf.fields.get(field);
  if (place === undefined) throw new Error(`no field ${field} among ${[...elf.fields.keys()].join(" ")}`);
  const bytes = elf.bytes.slice();
  bytes.set(numberBytes(elf.format, value, place.size), place.offset);
  return bytes;
}

/** The file offset of a part; throws for one that it does not have. */
export function offsetOfPart(elf: BuiltElf, part: string): number {
  const offset = elf.offsets.get(part);
  if (offset === undefined) throw new Error(`no part ${part}`);
  return offset;
}

/** The address of a part; throws for one that it does not have. */
export function addressOfPart(elf: BuiltElf, part: string): bigint {
  const address = elf.addresses.get(part);
  if (address === undefined) throw new Error(`no part ${part}`);
  return address;
}

/** Builds the file: once to learn where everything comes to stand, once more with the places known. */
export function buildElf(spec: ElfSpec = {}): BuiltElf {
  const first = emit(spec, new Map());
  return emit(spec, first.parts);
}

function emit(
  spec: ElfSpec,
  known: ReadonlyMap<string, Part>,
): BuiltElf & { readonly parts: ReadonlyMap<string, Part> } {
  const format: WriterFormat = { elfClass: spec.elfClass ?? 64, byteOrder: spec.byteOrder ?? "little" };
  const pageSize = spec.pageSize ?? 0x1000;
  const base = spec.base ?? (spec.type === 2 ? 0x40_0000n : 0n);
  const isDynamic = spec.dynamic ?? true;
  const interpreter = spec.interpreter === undefined ? "/lib64/ld-linux-x86-64.so.2" : spec.interpreter;
  const writer = createByteWriter(format);
  const parts = new Map<string, Part>();
  const strings = createStrings();
  const place = (name: string): Part => known.get(name) ?? { offset: 0, size: 0, segment: 0 };
  const addressOf = (name: string): bigint => partAddress(place(name), base, pageSize);
  let segment = 0;

  function part(name: string, write: () => void, align = 8): void {
    writer.align(align);
    const offset = writer.position();
    write();
    parts.set(name, { offset, size: writer.position() - offset, segment });
  }
  function load(number: number, write: () => void): void {
    segment = number;
    const offset = writer.position();
    write();
    parts.set(`PT_LOAD[${number}]`, { offset, size: writer.position() - offset, segment });
    writer.align(pageSize);
  }
  const symbolNames = [...(spec.imports ?? []), ...(spec.symbols ?? []).map(({ name }) => name)];
  const hash = spec.hash ?? "gnu";

  load(0, () => {
    part("ehdr", () => writeFileHeader(writer, spec, format, place, addressOf("ehdr"), addressOf(".text")));
    part("phdrs", () => writeProgramHeaders(writer, spec, format, place, addressOf, isDynamic, interpreter, pageSize));
    if (interpreter !== null) part(".interp", () => writer.bytes(cString(interpreter)), 1);
    if (spec.notes !== undefined) part(".note", () => writeNotes(writer, spec), spec.noteAlign ?? 4);
    if (!isDynamic) return;
    const hashed = { symbolNames, imports: spec.imports?.length ?? 0, machine: spec.machine ?? 62, format };
    if (hash === "gnu" || hash === "both") part(".gnu.hash", () => writeGnuHash(writer, hashed));
    if (hash === "sysv" || hash === "both") part(".hash", () => writeSysvHash(writer, hashed));
    part(".dynsym", () => writeSymbols(writer, spec, format, strings));
    if (spec.versionNeeds !== undefined) part(".gnu.version_r", () => writeVersionNeeds(writer, spec, strings));
    if (spec.versionDefinitions !== undefined)
      part(".gnu.version_d", () => writeVersionDefinitions(writer, spec, strings));
    for (const text of [...(spec.needed ?? []), spec.soname, spec.rpath, spec.runpath]) strings.index(text ?? "");
    part(".dynstr", () => writer.bytes(strings.bytes()), 1);
  });
  load(1, () => part(".text", () => writer.bytes(spec.code ?? new Uint8Array(512).fill(0x90))));
  load(2, () => {
    if (isDynamic) part(".dynamic", () => writeDynamic(writer, spec, strings, addressOf, place(".dynstr").size, hash));
  });
  segment = -1;
  if (spec.sections !== false) writeSections(writer, parts, part, addressOf);
  if (spec.payload !== undefined) writer.bytes(spec.payload);

  const loaded = [...parts].filter(([, { segment: number }]) => number >= 0);
  return {
    ...writer.result(),
    format,
    parts,
    offsets: new Map([...parts].map(([name, { offset }]) => [name, offset])),
    addresses: new Map(loaded.map(([name, where]) => [name, partAddress(where, base, pageSize)])),
  };
}

function partAddress(part: Part, base: bigint, pageSize: number): bigint {
  return base + BigInt(part.offset + Math.max(part.segment, 0) * pageSize);
}
