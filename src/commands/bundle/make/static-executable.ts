// The smallest static executable around a piece of position-independent code.

import { Buffer } from "node:buffer";
import { ET_DYN, EV_CURRENT, PF_R, PF_W, PF_X, PT_GNU_STACK, PT_LOAD } from "../../../elf/constants.ts";
import type { FileHeader } from "../../../elf/elf-file.ts";
import { loaderFileOffset } from "../../../patch/blobs.ts";

/** The largest page that a kernel of the supported architectures has, bytes. */
const pageSize = 0x10000;

/** What the code reads. */
export interface Items {
  readonly count: number;
  readonly bytes: Uint8Array;
}

/**
 * A file that the kernel maps in one piece, read and execute, at an address of its choice, and starts at the first byte of
 * `code`, which stands where it was linked to stand. Right before it stands how many `items` there are, and how far from there.
 * `like`: a file of the same machine, whose class, byte order and flags it has.
 *
 *     file header | PT_LOAD | PT_GNU_STACK | zeros | u32, u32 | code | items
 *
 * Source: System V gABI ch. 4 and 5.
 */
export function encodeExecutable(like: FileHeader, code: Uint8Array, items: Items): Uint8Array {
  const is64 = like.elfClass === 64;
  const [headerSize, entrySize] = is64 ? [64, 56] : [52, 32];
  const start = loaderFileOffset;
  const file = Buffer.alloc(start + code.length + items.bytes.length);
  const isLittle = like.byteOrder === "little";
  let at = 0;
  const half = (value: number): void => {
    at = isLittle ? file.writeUInt16LE(value, at) : file.writeUInt16BE(value, at);
  };
  const full = (value: number): void => {
    at = isLittle ? file.writeUInt32LE(value, at) : file.writeUInt32BE(value, at);
  };
  const word = (value: number): void => {
    if (is64 && !isLittle) full(0);
    full(value);
    if (is64 && isLittle) full(0);
  };
  file.write("\x7fELF", "latin1");
  file.set([is64 ? 2 : 1, isLittle ? 1 : 2, EV_CURRENT], 4);
  at = 16;
  half(ET_DYN);
  half(like.machine);
  full(EV_CURRENT);
  word(start);
  word(headerSize);
  word(0);
  full(like.flags);
  for (const value of [headerSize, entrySize, 2, 0, 0, 0]) half(value);
  const programHeader = (type: number, flags: number, size: number, alignment: number): void => {
    full(type);
    if (is64) full(flags);
    for (const value of [0, 0, 0, size, size]) word(value);
    if (!is64) full(flags);
    word(alignment);
  };
  programHeader(PT_LOAD, PF_R | PF_X, file.length, pageSize);
  programHeader(PT_GNU_STACK, PF_R | PF_W, 0, 16);
  at = start - 8;
  full(items.count);
  full(code.length);
  file.set(code, start);
  file.set(items.bytes, start + code.length);
  return file;
}
