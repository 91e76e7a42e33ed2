// The one place that knows what class and byte order mean: numbers to bytes and back, and where a record keeps its
// fields. Knows nothing of files or of what the fields say.

import type { ElfIdentity } from "./elf-file.ts";

/** The two facts that decide how numbers and records are laid out. Every ElfIdentity is one. */
export type Layout = Pick<ElfIdentity, "elfClass" | "byteOrder">;

/** Numbers in a run of bytes. Positions count from its first byte; one outside it is a bug (RangeError). */
export interface View {
  u8(at: number): number;
  u16(at: number): number;
  u32(at: number): number;
  u64(at: number): bigint;
  /** An address, offset or size: 4 bytes in class 32, 8 bytes in class 64. */
  word(at: number): bigint;
  /** As `word`, without the cost of a bigint: exact up to 2^53 - 1, and above that some number above that. */
  wordAsNumber(at: number): number;
}

/** Reads numbers from `bytes` in the layout's class and byte order. */
export function viewOf(layout: Layout, bytes: Uint8Array): View {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = layout.byteOrder === "little";
  const is64 = layout.elfClass === 64;
  const highAt = little ? 4 : 0;
  return {
    u8: (at) => data.getUint8(at),
    u16: (at) => data.getUint16(at, little),
    u32: (at) => data.getUint32(at, little),
    u64: (at) => data.getBigUint64(at, little),
    word: (at) => (is64 ? data.getBigUint64(at, little) : BigInt(data.getUint32(at, little))),
    wordAsNumber: (at) =>
      is64
        ? data.getUint32(at + highAt, little) * 2 ** 32 + data.getUint32(at + 4 - highAt, little)
        : data.getUint32(at, little),
  };
}

/** Bytes of an address, offset or size: 4 or 8. */
export function wordSizeOf(layout: Layout): 4 | 8 {
  return layout.elfClass === 64 ? 8 : 4;
}

/** One past the highest address of the class: 2^32 or 2^64. */
export function addressSpaceOf(layout: Layout): bigint {
  return layout.elfClass === 64 ? 1n << 64n : 1n << 32n;
}

/** Puts numbers into a run of bytes. One that does not fit its field, or a position outside, is a bug (RangeError). */
export interface Writer {
  u16(at: number, value: number): void;
  u32(at: number, value: number): void;
  u64(at: number, value: bigint): void;
  /** An address, offset or size: 4 bytes in class 32, 8 bytes in class 64. */
  word(at: number, value: bigint): void;
}

/** Writes numbers to `bytes` in the layout's class and byte order. */
export function writerOf(layout: Layout, bytes: Uint8Array): Writer {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = layout.byteOrder === "little";
  const u32 = (at: number, value: number): void => {
    requireFits(value, Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff, 4);
    data.setUint32(at, value, little);
  };
  const u64 = (at: number, value: bigint): void => {
    requireFits(value, value >= 0n && value <= 0xffff_ffff_ffff_ffffn, 8);
    data.setBigUint64(at, value, little);
  };
  return {
    u16(at, value) {
      requireFits(value, Number.isInteger(value) && value >= 0 && value <= 0xffff, 2);
      data.setUint16(at, value, little);
    },
    u32,
    u64,
    word: layout.elfClass === 64 ? u64 : (at, value) => u32(at, Number(value)),
  };
}

function requireFits(value: number | bigint, fits: boolean, size: number): void {
  if (!fits) throw new RangeError(`${value} does not fit ${size} bytes`);
}

/** `value` in 4 bytes. Throws RangeError when it does not fit. */
export function encodeU32(layout: Layout, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  writerOf(layout, bytes).u32(0, value);
  return bytes;
}

/**
 * Where the records keep their fields, in bytes from the record's start, and the records' sizes.
 * Fields not named are not read. Source: System V gABI, chapter 4 (Ehdr, Shdr, Sym) and chapter 5 (Phdr, Dyn).
 */
interface Records {
  readonly fileHeader: {
    readonly size: number;
    readonly type: number;
    readonly machine: number;
    readonly entry: number;
    readonly programHeaderOffset: number;
    readonly sectionHeaderOffset: number;
    readonly flags: number;
    readonly programHeaderSize: number;
    readonly programHeaderCount: number;
    readonly sectionHeaderSize: number;
    readonly sectionHeaderCount: number;
    readonly sectionNameIndex: number;
  };
  readonly programHeader: {
    readonly size: number;
    readonly type: number;
    readonly flags: number;
    readonly offset: number;
    readonly virtualAddress: number;
    readonly fileSize: number;
    readonly memorySize: number;
    readonly align: number;
  };
  readonly sectionHeader: {
    readonly size: number;
    readonly name: number;
    readonly type: number;
    readonly flags: number;
    readonly virtualAddress: number;
    readonly offset: number;
    readonly sectionSize: number;
    readonly link: number;
    readonly info: number;
  };
  readonly dynamicEntry: { readonly size: number; readonly tag: number; readonly value: number };
  readonly symbol: {
    readonly size: number;
    readonly name: number;
    readonly sectionIndex: number;
    readonly value: number;
  };
}

const records32: Records = {
  fileHeader: {
    size: 52,
    type: 16,
    machine: 18,
    entry: 24,
    programHeaderOffset: 28,
    sectionHeaderOffset: 32,
    flags: 36,
    programHeaderSize: 42,
    programHeaderCount: 44,
    sectionHeaderSize: 46,
    sectionHeaderCount: 48,
    sectionNameIndex: 50,
  },
  programHeader: {
    size: 32,
    type: 0,
    offset: 4,
    virtualAddress: 8,
    fileSize: 16,
    memorySize: 20,
    flags: 24,
    align: 28,
  },
  sectionHeader: {
    size: 40,
    name: 0,
    type: 4,
    flags: 8,
    virtualAddress: 12,
    offset: 16,
    sectionSize: 20,
    link: 24,
    info: 28,
  },
  dynamicEntry: { size: 8, tag: 0, value: 4 },
  symbol: { size: 16, name: 0, value: 4, sectionIndex: 14 },
};

const records64: Records = {
  fileHeader: {
    size: 64,
    type: 16,
    machine: 18,
    entry: 24,
    programHeaderOffset: 32,
    sectionHeaderOffset: 40,
    flags: 48,
    programHeaderSize: 54,
    programHeaderCount: 56,
    sectionHeaderSize: 58,
    sectionHeaderCount: 60,
    sectionNameIndex: 62,
  },
  programHeader: {
    size: 56,
    type: 0,
    flags: 4,
    offset: 8,
    virtualAddress: 16,
    fileSize: 32,
    memorySize: 40,
    align: 48,
  },
  sectionHeader: {
    size: 64,
    name: 0,
    type: 4,
    flags: 8,
    virtualAddress: 16,
    offset: 24,
    sectionSize: 32,
    link: 40,
    info: 44,
  },
  dynamicEntry: { size: 16, tag: 0, value: 8 },
  symbol: { size: 24, name: 0, sectionIndex: 6, value: 8 },
};

/** The record layouts of a class. */
export function recordsOf(layout: Layout): Records {
  return layout.elfClass === 64 ? records64 : records32;
}
