// The sidecar's bytes: native/include/sidecar.h is the layout's drawing, native/loader/sidecar.c the other reader.

import { Buffer } from "node:buffer";
import { type Layout, viewOf, wordSizeOf, writerOf } from "../../elf/codec.ts";
import type { SidecarProblem } from "./sidecar-problem.ts";

/** What a sidecar says. Names are bytes without their NUL. */
export interface Sidecar {
  /** e_entry */
  readonly entry: bigint;
  readonly interpreter: Uint8Array;
  /** The whole run path, colon-separated; empty when there is none. */
  readonly runPath: Uint8Array;
  readonly saved: Uint8Array;
  /** Needed names put after the executable's own. */
  readonly needed: readonly Uint8Array[];
  /** Virtual address of the first saved byte. */
  readonly savedAddress: bigint;
  /** p_offset and p_filesz of the program header that was PT_INTERP. */
  readonly interpreterOffset: bigint;
  readonly interpreterFileSize: bigint;
  /** Virtual address of the interpreter's struct r_debug, 0 when not known. */
  readonly debugAddress: bigint;
  /** DT_RUNPATH or DT_RPATH, 0 without run path. */
  readonly runPathTag: number;
  /** EXTENSION_ flags. */
  readonly flags: number;
  /** Needed names put in front of the executable's own. */
  readonly firstNeeded: readonly Uint8Array[];
  /** `checkOf` the bytes of PT_INTERP, which stay in the executable: other tools take them for unused. */
  readonly interpreterCheck: number;
  /** The loader, empty when it is a file of its own. */
  readonly loader: Uint8Array;
}

/** A sidecar to be encoded. */
export interface SidecarContent extends Sidecar {
  /** The loader begins a multiple of this after the lowest place for it, bytes (default 64). */
  readonly loaderAlign?: number;
}

export interface EncodedSidecar {
  readonly bytes: Uint8Array;
  /** Where the loader begins in it, bytes; 0 when it is not carried. */
  readonly loaderOffset: number;
}

/** A length that does not fit its field. Sizes in bytes. */
export interface FieldTooLong {
  readonly field: string;
  readonly size: number;
  readonly limit: number;
}

/** enum extension_flag in native/include/sidecar.h; the low three bits are mprotect's. */
export const EXTENSION_BRANCH_PROTECTION = 8;
/** The same of the interpreter. */
export const EXTENSION_INTERPRETER_BRANCH_PROTECTION = 16;

/** EXTENSION_VERSION in native/include/sidecar.h: a loader takes no other. */
export const sidecarVersion = 1;
/** "WRAPBDY" NUL */
const magic = Buffer.from("WRAPBDY\0", "latin1");
const extensionSize = 64;
/** Bytes after the first needed names: `interpreterCheck`. */
const interpreterCheckSize = 4;
/** Bytes of the extension before those that its check covers: the magic and the check. */
const uncheckedSize = 12;
/** The loader's place in a sidecar: native/include/parameters.h says why it is never lower. */
const lowestLoaderOffset = 1024;

function align(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

/** Bytes of names with a NUL after each. */
function sizeOfNames(list: readonly Uint8Array[]): number {
  return list.reduce((sum, name) => sum + name.length + 1, 0);
}

/** FNV-1a, 32 bits. Source: RFC 9923, section 2. */
export function checkOf(...parts: readonly Uint8Array[]): number {
  let value = 0x811c9dc5;
  for (const part of parts) for (const byte of part) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}

/** The sidecar's bytes in the executable's class and byte order, or the field that is too small for its content. */
export function encodeSidecar(layout: Layout, sidecar: SidecarContent): EncodedSidecar | FieldTooLong {
  const interpreterSize = sidecar.interpreter.length + 1;
  const runPathSize = sidecar.runPath.length + 1;
  const neededSize = sizeOfNames(sidecar.needed);
  const sizes = { interpreter: interpreterSize, "run path": runPathSize, "needed names": neededSize };
  for (const [field, size] of Object.entries(sizes)) if (size > 0xffff) return { field, size, limit: 0xffff };

  const word = wordSizeOf(layout);
  const headerSize = 2 * word + 6;
  const savedAt = headerSize + interpreterSize + runPathSize;
  const neededAt = savedAt + sidecar.saved.length;
  const at = align(neededAt + neededSize, 8);
  const firstNeededSize = sizeOfNames(sidecar.firstNeeded);
  const namesEnd = at + extensionSize + firstNeededSize;
  const contentEnd = namesEnd + interpreterCheckSize;
  const carried = sidecar.loader.length > 0;
  const aboveLowest = Math.max(0, contentEnd - lowestLoaderOffset);
  const loaderOffset = carried ? lowestLoaderOffset + align(aboveLowest, sidecar.loaderAlign ?? 64) : 0;

  // Every byte that is not written here is a NUL after a name or the padding before something aligned.
  const bytes = Buffer.alloc(carried ? loaderOffset + sidecar.loader.length : contentEnd);
  const write = writerOf(layout, bytes);
  write.word(0, sidecar.entry);
  write.word(word, BigInt(sidecar.saved.length));
  write.u16(2 * word, interpreterSize);
  write.u16(2 * word + 2, runPathSize);
  write.u16(2 * word + 4, neededSize);
  bytes.set(sidecar.interpreter, headerSize);
  bytes.set(sidecar.runPath, headerSize + interpreterSize);
  bytes.set(sidecar.saved, savedAt);
  putNames(bytes, neededAt, sidecar.needed);

  bytes.set(magic, at);
  write.u16(at + 12, sidecarVersion);
  write.u16(at + 14, sidecar.flags);
  write.u64(at + 16, sidecar.savedAddress);
  write.u64(at + 24, sidecar.interpreterOffset);
  write.u64(at + 32, sidecar.interpreterFileSize);
  write.u64(at + 40, sidecar.debugAddress);
  write.u32(at + 48, sidecar.runPathTag);
  write.u32(at + 52, firstNeededSize);
  write.u32(at + 56, loaderOffset);
  write.u32(at + 60, sidecar.loader.length);
  write.u32(at + 8, checkOf(bytes.subarray(0, headerSize), bytes.subarray(at + uncheckedSize, at + extensionSize)));
  putNames(bytes, at + extensionSize, sidecar.firstNeeded);
  write.u32(namesEnd, sidecar.interpreterCheck);
  if (carried) bytes.set(sidecar.loader, loaderOffset);
  return { bytes, loaderOffset };
}

function putNames(bytes: Uint8Array, start: number, list: readonly Uint8Array[]): void {
  let at = start;
  for (const name of list) {
    bytes.set(name, at);
    at += name.length + 1;
  }
}

/** Reads a sidecar, or says what is damaged in it. */
export function decodeSidecar(layout: Layout, bytes: Uint8Array): Sidecar | SidecarProblem {
  const word = wordSizeOf(layout);
  const headerSize = 2 * word + 6;
  if (bytes.length < headerSize) return { kind: "shorter-than-header", size: bytes.length };
  const view = viewOf(layout, bytes);
  const savedSize = view.word(word);
  if (savedSize > BigInt(bytes.length)) return { kind: "saved-past-end" };
  const ends: number[] = [headerSize];
  for (const size of [view.u16(2 * word), view.u16(2 * word + 2), Number(savedSize), view.u16(2 * word + 4)]) {
    ends.push((ends.at(-1) ?? 0) + size);
  }
  const [interpreterAt = 0, runPathAt = 0, savedAt = 0, neededAt = 0, end = 0] = ends;
  const at = align(end, 8);
  if (at + extensionSize > bytes.length) return { kind: "no-room-for-extension" };
  if (!magic.equals(bytes.subarray(at, at + magic.length))) return { kind: "no-extension" };
  const version = view.u16(at + 12);
  if (version !== sidecarVersion) return { kind: "other-version", version, wanted: sidecarVersion };
  const numbers = bytes.subarray(at + uncheckedSize, at + extensionSize);
  if (checkOf(bytes.subarray(0, headerSize), numbers) !== view.u32(at + 8)) return { kind: "check-differs" };
  const firstEnd = at + extensionSize + view.u32(at + 52);
  const loaderAt = view.u32(at + 56);
  const loaderEnd = loaderAt + view.u32(at + 60);
  if (firstEnd + interpreterCheckSize > bytes.length || loaderEnd > bytes.length) return { kind: "size-past-end" };
  const interpreter = splitNames(bytes.subarray(interpreterAt, runPathAt));
  const runPath = splitNames(bytes.subarray(runPathAt, savedAt));
  const needed = splitNames(bytes.subarray(neededAt, end));
  const firstNeeded = splitNames(bytes.subarray(at + extensionSize, firstEnd));
  if (interpreter?.length !== 1 || runPath?.length !== 1 || needed === undefined || firstNeeded === undefined) {
    return { kind: "name-without-nul" };
  }
  return {
    entry: view.word(0),
    interpreter: interpreter[0] ?? new Uint8Array(0),
    runPath: runPath[0] ?? new Uint8Array(0),
    saved: bytes.subarray(savedAt, neededAt),
    needed,
    savedAddress: view.u64(at + 16),
    interpreterOffset: view.u64(at + 24),
    interpreterFileSize: view.u64(at + 32),
    debugAddress: view.u64(at + 40),
    runPathTag: view.u32(at + 48),
    flags: view.u16(at + 14),
    firstNeeded,
    interpreterCheck: view.u32(firstEnd),
    loader: bytes.subarray(loaderAt, loaderEnd),
  };
}

/** NUL-terminated names; undefined when the last one has no NUL. */
function splitNames(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  if (bytes.length > 0 && bytes.at(-1) !== 0) return undefined;
  const list: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0, start);
    list.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return list;
}
