// The stretches of a file that this form changes, each as it was and as it is written. Planning and the way back are
// both read off this list, so that nothing else is ever written.

import { asFileOffset } from "../../elf/address.ts";
import { addressSpaceOf, recordsOf, viewOf, wordSizeOf, writerOf } from "../../elf/codec.ts";
import { DT_NULL, DT_RELACOUNT, DT_RELCOUNT, DT_RPATH, DT_RUNPATH, DT_STRTAB, PT_INTERP } from "../../elf/constants.ts";
import type { ByteSource, ElfFile, ElfIdentity, FileOffset, ProgramHeader } from "../../elf/elf-file.ts";
import type { Edit } from "../file-plan.ts";
import type { EncodedRecord, FormerEntry, InPlaceRecord } from "./record.ts";

/** One stretch, and what has to stand in it; equal lengths. */
export interface Field {
  readonly what: Edit["what"];
  readonly offset: FileOffset;
  readonly former: Uint8Array;
  readonly written: Uint8Array;
}

/** What a record's fields are computed from. */
export interface FieldSubject {
  /** The file, as it was or as it is now. */
  readonly elf: ElfFile;
  /** The segment that holds the record, and grows over it where it ended before. */
  readonly segment: ProgramHeader;
  /** Where the record begins in the file. */
  readonly offset: number;
  readonly record: InPlaceRecord;
  readonly encoded: EncodedRecord;
}

/** Tags whose entry may give way, or has: what a record may say of a slot. */
const formerTags: ReadonlySet<bigint> = new Set([DT_NULL, DT_RPATH, DT_RUNPATH, DT_RELACOUNT, DT_RELCOUNT]);

/**
 * The fields in the order in which they are written: each leaves a file that starts as it did before, until the last
 * one, which names the interpreter. A text where a record cannot be of this file. Throws ElfError.
 * Source: Linux fs/binfmt_elf.c load_elf_binary() reads the interpreter's path by p_offset and p_filesz, and wants its
 * NUL there; glibc elf/rtld.c rtld_setup_main_map() reads it by p_vaddr.
 */
export function fieldsOf(subject: FieldSubject): readonly Field[] | string {
  const { elf, segment, offset, record, encoded } = subject;
  const { header } = elf;
  const { bytes } = encoded;
  const size = BigInt(offset - segment.offset + bytes.length);
  const fields: Field[] = [
    { what: "texts", offset: asFileOffset(offset), former: new Uint8Array(bytes.length), written: bytes },
  ];
  // In a gap between sections nothing grows.
  if (offset >= segment.offset + record.segmentSize)
    fields.push({
      what: "segment size",
      offset: asFileOffset(segment.headerOffset + recordsOf(header).programHeader.fileSize),
      former: words(header, [BigInt(record.segmentSize), BigInt(record.segmentSize)]),
      written: words(header, [size, size]),
    });
  if (record.entries.length > 0) {
    const entries = entryFields(subject);
    if (typeof entries === "string") return entries;
    for (const field of entries) fields.push(field);
  }
  const { interpreter } = record;
  if (interpreter === undefined) return fields;
  const textOffset = BigInt(offset + encoded.interpreterAt);
  const address = record.address + BigInt(encoded.interpreterAt);
  const length = BigInt(interpreter.text.length + 1);
  if (interpreter.section !== undefined) {
    const [formerOffset, formerAddress, , formerSize] = interpreter.former;
    const at = sectionHeaderOffset(elf, interpreter.section);
    // Without any section header it named nothing that is missed now: nobody reads them at run time.
    if (at === undefined && header.sectionHeaderOffset !== 0) return "it names a section that is not there";
    if (at !== undefined)
      fields.push({
        what: "interpreter section",
        offset: asFileOffset(at + recordsOf(header).sectionHeader.virtualAddress),
        former: words(header, [formerAddress, formerOffset, formerSize]),
        written: words(header, [address, textOffset, length]),
      });
  }
  const named = elf.programHeaders.find(({ type }) => type === PT_INTERP);
  if (named === undefined) return "the file has no PT_INTERP";
  const physical = (address + physicalDistance(elf, segment)) % addressSpaceOf(header);
  fields.push({
    what: "interpreter header",
    offset: asFileOffset(named.headerOffset + recordsOf(header).programHeader.offset),
    former: words(header, interpreter.former),
    written: words(header, [textOffset, address, physical, length, length]),
  });
  return fields;
}

/** Where the file has the header of section `index`; undefined where the table does not reach so far. */
function sectionHeaderOffset({ header, source }: ElfFile, index: number): number | undefined {
  if (header.sectionHeaderOffset === 0 || index >= header.sectionHeaderCount) return undefined;
  const { size } = recordsOf(header).sectionHeader;
  const at = header.sectionHeaderOffset + index * size;
  return at + size <= source.size ? at : undefined;
}

function entryFields({ elf, record, encoded }: FieldSubject): readonly Field[] | string {
  const dynamic = elf.dynamic();
  const strings = dynamic?.entries.find(({ tag }) => tag === DT_STRTAB)?.value;
  if (dynamic === undefined || strings === undefined) return "the file has no string table";
  const at = recordsOf(elf.header).dynamicEntry;
  const space = addressSpaceOf(elf.header);
  // A dynamic linker adds the two, and an address wraps. Source: glibc elf/dl-load.c cache_rpath(), musl
  // ldso/dynlink.c decode_dyn().
  const text = (record.address + BigInt(encoded.runPathAt) + space - strings) % space;
  const odd = record.entries.find(({ slot, tag }) => slot >= dynamic.slotCount || !formerTags.has(tag));
  if (odd !== undefined) return "it names an entry of the dynamic array that cannot have been changed";
  return record.entries.map(
    ({ slot, tag, value }: FormerEntry): Field => ({
      what: "dynamic entry",
      offset: asFileOffset(dynamic.offset + slot * at.size),
      former: words(elf.header, [tag, value]),
      written: words(elf.header, [record.tag === "rpath" ? DT_RPATH : DT_RUNPATH, text]),
    }),
  );
}

/** p_paddr - p_vaddr of a segment, or that and the size of the address space: never below 0. */
function physicalDistance({ header, source }: ElfFile, segment: ProgramHeader): bigint {
  const space = addressSpaceOf(header);
  const [, , physical = 0n] = readWords(
    header,
    source,
    segment.headerOffset + recordsOf(header).programHeader.offset,
    3,
  );
  return physical + space - segment.virtualAddress;
}

/** `count` words of the file from `offset`. Throws ElfError. */
export function readWords(layout: ElfIdentity, source: ByteSource, offset: number, count: number): readonly bigint[] {
  const size = wordSizeOf(layout);
  const view = viewOf(layout, source.read(offset, count * size, "header"));
  return Array.from({ length: count }, (_, index) => view.word(index * size));
}

function words(layout: ElfIdentity, values: readonly bigint[]): Uint8Array {
  const size = wordSizeOf(layout);
  const bytes = new Uint8Array(values.length * size);
  const write = writerOf(layout, bytes);
  for (const [index, value] of values.entries()) write.word(index * size, value);
  return bytes;
}
