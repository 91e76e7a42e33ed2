// The file header: decoded and checked for what every ELF file has in common. No policy: every machine, type and
// OS ABI is let through.

import { asFileOffset, asVirtualAddress, fileOffsetLimit } from "../address.ts";
import { type Layout, recordsOf, type View, viewOf } from "../codec.ts";
import {
  EI_CLASS,
  EI_DATA,
  EI_NIDENT,
  EI_OSABI,
  EI_VERSION,
  ELFCLASS32,
  ELFCLASS64,
  ELFDATA2LSB,
  ELFDATA2MSB,
  EV_CURRENT,
  PN_XNUM,
} from "../constants.ts";
import type { ByteOrder, ByteSource, ElfClass, FileHeader } from "../elf-file.ts";
import { ElfError } from "../error.ts";

/** Bytes that `isElf` looks at. */
export const elfMagicSize = 4;

/** True when the bytes begin with the ELF magic, 0x7f "ELF". Four bytes are enough to ask. */
export function isElf(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}

/** Bytes of the largest file header, class 64. A file shorter than this may still hold one of class 32 (52 bytes). */
export const largestFileHeader = 64;

/** What the file header says by itself, before the table lengths that section 0 may keep are looked up. */
export interface RawFileHeader extends Omit<FileHeader, "programHeaderCount" | "sectionHeaderCount"> {
  /** e_phnum as written */
  readonly writtenProgramHeaderCount: number;
  /** e_phentsize, bytes */
  readonly programHeaderSize: number;
  /** e_shnum as written */
  readonly writtenSectionHeaderCount: number;
  /** e_shentsize, bytes */
  readonly sectionHeaderSize: number;
  /** e_shstrndx as written */
  readonly sectionNameIndex: number;
}

/**
 * Decodes a file header from the first bytes of a file (64 are enough). `fileSize` is for the message only.
 * Throws ElfError: "not-elf", "past-end-of-file", or "bad-value" for EI_CLASS, EI_DATA, EI_VERSION and e_phoff.
 */
export function decodeFileHeader(bytes: Uint8Array, fileSize: number): RawFileHeader {
  if (!isElf(bytes)) throw new ElfError({ kind: "not-elf" });
  requireBytes(bytes, EI_NIDENT, fileSize);
  const layout: Layout = { elfClass: decodeClass(bytes), byteOrder: decodeByteOrder(bytes) };
  expectField("EI_VERSION", EI_VERSION, bytes[EI_VERSION], EV_CURRENT);
  const at = recordsOf(layout).fileHeader;
  requireBytes(bytes, at.size, fileSize);
  const view = viewOf(layout, bytes);
  return {
    elfClass: layout.elfClass,
    byteOrder: layout.byteOrder,
    osAbi: view.u8(EI_OSABI),
    type: view.u16(at.type),
    machine: view.u16(at.machine),
    flags: view.u32(at.flags),
    entry: asVirtualAddress(view.word(at.entry)),
    programHeaderOffset: asFileOffset(decodeTableOffset(view, at.programHeaderOffset)),
    // A damaged section table must not stop us; sections() finds that nothing can be there.
    sectionHeaderOffset: asFileOffset(Math.min(view.wordAsNumber(at.sectionHeaderOffset), fileOffsetLimit)),
    writtenProgramHeaderCount: view.u16(at.programHeaderCount),
    programHeaderSize: view.u16(at.programHeaderSize),
    writtenSectionHeaderCount: view.u16(at.sectionHeaderCount),
    sectionHeaderSize: view.u16(at.sectionHeaderSize),
    sectionNameIndex: view.u16(at.sectionNameIndex),
  };
}

/**
 * Reads the file header and resolves the two counts that may stand in section 0. Throws ElfError as `decodeFileHeader`
 * does, and where e_phnum is PN_XNUM but there is no section 0. Where only the section count cannot be resolved it is
 * 0: section headers are optional.
 */
export function readFileHeader(source: ByteSource): { readonly header: FileHeader; readonly raw: RawFileHeader } {
  const raw = decodeFileHeader(source.read(0, Math.min(largestFileHeader, source.size), "file header"), source.size);
  const header: FileHeader = {
    elfClass: raw.elfClass,
    byteOrder: raw.byteOrder,
    osAbi: raw.osAbi,
    machine: raw.machine,
    type: raw.type,
    flags: raw.flags,
    entry: raw.entry,
    programHeaderOffset: raw.programHeaderOffset,
    programHeaderCount: resolveProgramHeaderCount(source, raw),
    sectionHeaderOffset: raw.sectionHeaderOffset,
    sectionHeaderCount: resolveSectionHeaderCount(source, raw),
  };
  return { header, raw };
}

function resolveProgramHeaderCount(source: ByteSource, raw: RawFileHeader): number {
  if (raw.programHeaderOffset === 0) return 0;
  if (raw.writtenProgramHeaderCount !== PN_XNUM) return raw.writtenProgramHeaderCount;
  const at = recordsOf(raw).sectionHeader;
  const section = viewOf(raw, source.read(raw.sectionHeaderOffset, at.size, "section header 0 (e_phnum is PN_XNUM)"));
  return section.u32(at.info);
}

function resolveSectionHeaderCount(source: ByteSource, raw: RawFileHeader): number {
  if (raw.sectionHeaderOffset === 0) return 0;
  if (raw.writtenSectionHeaderCount !== 0) return raw.writtenSectionHeaderCount;
  const at = recordsOf(raw).sectionHeader;
  if (raw.sectionHeaderOffset + at.size > source.size) return 0;
  const section = viewOf(raw, source.read(raw.sectionHeaderOffset, at.size, "section header 0"));
  return Math.min(section.wordAsNumber(at.sectionSize), fileOffsetLimit);
}

function decodeClass(bytes: Uint8Array): ElfClass {
  const value = bytes[EI_CLASS];
  if (value === ELFCLASS32) return 32;
  if (value === ELFCLASS64) return 64;
  throw badField("EI_CLASS", EI_CLASS, value, "1 (32-bit) or 2 (64-bit)");
}

function decodeByteOrder(bytes: Uint8Array): ByteOrder {
  const value = bytes[EI_DATA];
  if (value === ELFDATA2LSB) return "little";
  if (value === ELFDATA2MSB) return "big";
  throw badField("EI_DATA", EI_DATA, value, "1 (little-endian) or 2 (big-endian)");
}

function expectField(field: string, offset: number, value: number | undefined, expected: number): void {
  if (value !== expected) throw badField(field, offset, value, `${expected}`);
}

function badField(field: string, offset: number, value: number | bigint | undefined, expected: string): ElfError {
  return new ElfError({ kind: "bad-value", what: "file header", field, offset, value: BigInt(value ?? 0), expected });
}

function decodeTableOffset(view: View, at: number): number {
  const value = view.wordAsNumber(at);
  if (value < fileOffsetLimit) return value;
  throw badField("e_phoff", at, view.word(at), "a file offset below 2^52");
}

function requireBytes(bytes: Uint8Array, wanted: number, fileSize: number): void {
  if (bytes.length >= wanted) return;
  throw new ElfError({ kind: "past-end-of-file", what: "file header", offset: 0, end: BigInt(wanted), size: fileSize });
}
