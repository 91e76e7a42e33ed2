// What stands in the padding: the record of what was there before, the texts, and a mark at the end.
//
//       0  magic                       "\x7fINPLC" and the version in two bytes of the file's order
//       8  word   virtual address of this record     no other bytes say that
//       +  word   p_filesz of the segment before, which was its p_memsz too
//       +  u16    size of the interpreter's path, NUL included; 0 for none
//       +  u16    size of the run path, NUL included; 0 for none
//       +  u16    entries of the dynamic array that were changed; 256 more where they are DT_RPATH now, 512 more where
//                 PT_INTERP was not the usual one
//       +  u16    number of the section that named the interpreter by the same offset, address and size; 0 for none
//          words  with an interpreter: p_offset, p_vaddr and p_filesz of PT_INTERP before; where p_paddr was not p_vaddr
//                 or p_memsz not p_filesz, those two too
//          words  for each entry: its slot, d_tag and d_un before
//          interpreter NUL | run path NUL
//       -  u32    size of all this, the mark included
//       -  u32    mark
//
// A word has the size of an address. No checksum: a content-addressed derivation has store paths in the texts changed
// after the build.

import { Buffer } from "node:buffer";
import { type Layout, viewOf, wordSizeOf, writerOf } from "../../elf/codec.ts";

/** PT_INTERP's p_offset, p_vaddr, p_paddr, p_filesz, p_memsz: five words that stand together in both classes. */
export type InterpreterFields = readonly [bigint, bigint, bigint, bigint, bigint];
/** One slot of the dynamic array as it was. */
export interface FormerEntry {
  readonly slot: number;
  readonly tag: bigint;
  readonly value: bigint;
}

export interface InPlaceRecord {
  /** Virtual address of the record's first byte. */
  readonly address: bigint;
  /** p_filesz and p_memsz of its segment before, bytes. */
  readonly segmentSize: number;
  /** With the interpreter's path: PT_INTERP before, and the section that named it, where there is one. */
  readonly interpreter:
    | {
        readonly text: Uint8Array;
        readonly former: InterpreterFields;
        /** The section whose sh_addr, sh_offset and sh_size were PT_INTERP's. */
        readonly section: number | undefined;
      }
    | undefined;
  /** Without its NUL; empty when none was written. */
  readonly runPath: Uint8Array;
  readonly tag: "runpath" | "rpath";
  readonly entries: readonly FormerEntry[];
}

/** The record's bytes, and where the texts stand in them. */
export interface EncodedRecord {
  readonly bytes: Uint8Array;
  readonly interpreterAt: number;
  readonly runPathAt: number;
}

const version = 1;
const magic = Buffer.from("\x7fINPLC", "latin1");
const mark = 0x57_42_49_50;
/** Bytes of the mark and the size before it. */
export const markSize = 8;
/** No record is larger: it is written within a page. */
export const recordLimit = 4096;
/** Entries of the dynamic array that are changed at most: DT_RPATH and DT_RUNPATH. */
export const entryLimit = 2;
const rpathFlag = 0x100;
const unusualFlag = 0x200;

function flagsOf({ tag, interpreter }: InPlaceRecord): number {
  const isUnusual = interpreter !== undefined && !isUsual(interpreter.former);
  return (tag === "rpath" ? rpathFlag : 0) | (isUnusual ? unusualFlag : 0);
}

function isUsual([, address, physical, fileSize, memorySize]: InterpreterFields): boolean {
  return physical === address && memorySize === fileSize;
}

function storedFields(former: InterpreterFields): readonly bigint[] {
  const [offset, address, physical, fileSize, memorySize] = former;
  return [offset, address, fileSize, ...(isUsual(former) ? [] : [physical, memorySize])];
}

/** Encodes a record. A field that does not fit is a bug (RangeError): `recordLimit` bounds every size. */
export function encodeRecord(layout: Layout, record: InPlaceRecord): EncodedRecord {
  const { interpreter, entries } = record;
  const word = wordSizeOf(layout);
  const words = [
    ...(interpreter === undefined ? [] : storedFields(interpreter.former)),
    ...entries.flatMap(({ slot, tag, value }) => [BigInt(slot), tag, value]),
  ];
  const headSize = headSizeOf(layout);
  const interpreterAt = headSize + words.length * word;
  const interpreterSize = interpreter === undefined ? 0 : interpreter.text.length + 1;
  const runPathSize = record.runPath.length === 0 ? 0 : record.runPath.length + 1;
  const runPathAt = interpreterAt + interpreterSize;
  const size = runPathAt + runPathSize + markSize;
  const bytes = Buffer.alloc(size);
  const write = writerOf(layout, bytes);
  bytes.set(magic, 0);
  write.u16(6, version);
  write.word(8, record.address);
  write.word(8 + word, BigInt(record.segmentSize));
  const counts = 8 + 2 * word;
  write.u16(counts, interpreterSize);
  write.u16(counts + 2, runPathSize);
  write.u16(counts + 4, entries.length | flagsOf(record));
  write.u16(counts + 6, interpreter?.section ?? 0);
  for (const [index, value] of words.entries()) write.word(headSize + index * word, value);
  if (interpreter !== undefined) bytes.set(interpreter.text, interpreterAt);
  bytes.set(record.runPath, runPathAt);
  write.u32(size - markSize, size);
  write.u32(size - 4, mark);
  return { bytes, interpreterAt, runPathAt };
}

/** The size of the record that ends with these bytes (`markSize` of them); undefined where no record does. */
export function sizeBefore(layout: Layout, end: Uint8Array): number | undefined {
  const view = viewOf(layout, end);
  const size = view.u32(0);
  return view.u32(4) === mark && size <= recordLimit ? size : undefined;
}

/** Whether `bytes` begin with a record that stands at `address`. */
export function beginsRecord(layout: Layout, bytes: Uint8Array, address: bigint): boolean {
  return (
    bytes.length >= headSizeOf(layout) &&
    Buffer.from(bytes).subarray(0, magic.length).equals(magic) &&
    viewOf(layout, bytes).word(8) === address
  );
}

/** Decodes the record that `bytes` begin with (`beginsRecord`); undefined where it is of another version, or damaged. */
export function decodeRecord(
  layout: Layout,
  bytes: Uint8Array,
): (EncodedRecord & { readonly record: InPlaceRecord }) | undefined {
  const view = viewOf(layout, bytes);
  const word = wordSizeOf(layout);
  const headSize = headSizeOf(layout);
  if (view.u16(6) !== version) return undefined;
  const counts = 8 + 2 * word;
  const interpreterSize = view.u16(counts);
  const runPathSize = view.u16(counts + 2);
  const flags = view.u16(counts + 4) & (rpathFlag | unusualFlag);
  const entryCount = view.u16(counts + 4) & ~flags;
  const sectionIndex = view.u16(counts + 6);
  const hasPair = (flags & unusualFlag) !== 0;
  const wordCount = (interpreterSize > 0 ? 3 : 0) + (hasPair ? 2 : 0) + entryCount * 3;
  const interpreterAt = headSize + wordCount * word;
  const runPathAt = interpreterAt + interpreterSize;
  const size = runPathAt + runPathSize + markSize;
  if (entryCount > entryLimit || size > bytes.length || view.u32(size - markSize) !== size) return undefined;
  if (view.u32(size - 4) !== mark) return undefined;
  let at = headSize;
  const next = (): bigint => {
    const value = view.word(at);
    at += word;
    return value;
  };
  const three = (): readonly [bigint, bigint, bigint] => [next(), next(), next()];
  const segmentSize = view.wordAsNumber(8 + word);
  const formerFields = (): InterpreterFields => {
    const [offset, address, fileSize] = three();
    return hasPair ? [offset, address, next(), fileSize, next()] : [offset, address, address, fileSize, fileSize];
  };
  const former = interpreterSize === 0 ? undefined : formerFields();
  const section = sectionIndex === 0 ? undefined : sectionIndex;
  const entries = Array.from({ length: entryCount }, (): FormerEntry => {
    const [slot, tag, value] = three();
    return { slot: Number(slot), tag, value };
  });
  const text = (start: number, length: number): Uint8Array =>
    bytes.subarray(start, Math.max(start, start + length - 1));
  return {
    bytes: bytes.subarray(0, size),
    interpreterAt,
    runPathAt,
    record: {
      address: view.word(8),
      segmentSize,
      interpreter: former === undefined ? undefined : { text: text(interpreterAt, interpreterSize), former, section },
      runPath: text(runPathAt, runPathSize),
      tag: (flags & rpathFlag) === 0 ? "runpath" : "rpath",
      entries,
    },
  };
}

function headSizeOf(layout: Layout): number {
  return 16 + 2 * wordSizeOf(layout);
}
