// A table of NUL-terminated strings. Bounded: a table whose strings overlap without end is damaged, not slow.

import { textOfBytes } from "../base/text.ts";
import type { ByteSource, FileOffset } from "./elf-file.ts";
import { ElfError } from "./error.ts";

/** Strings of one table. */
export interface StringTable {
  /** The string that begins `index` bytes into the table. Throws ElfError ("bad-string") when none ends in it. */
  at(index: number): string;
}

/** Bytes looked at in one step while a NUL is searched. */
const chunkSize = 256;

/**
 * A table of `size` bytes at `offset`; throws ElfError ("past-end-of-file") when it is not all in the file. Each string
 * is decoded once. Linkers share tails of strings, which makes the sum of all strings a little larger than the table;
 * more than four tables' worth of strings is "bad-string", so that n entries cannot each ask for n bytes. Nor can they
 * each have n bytes searched for a NUL that is not there.
 */
export function openStringTable(source: ByteSource, offset: FileOffset, size: number, what: string): StringTable {
  if (offset + size > source.size) {
    const end = BigInt(offset) + BigInt(size);
    throw new ElfError({ kind: "past-end-of-file", what, offset, end, size: source.size });
  }
  const known = new Map<number, string>();
  let allowance = 4 * size + 65_536;
  /** From this index on there is no NUL. */
  let endless = size;
  return {
    at(index) {
      const found = known.get(index);
      if (found !== undefined) return found;
      const bytes = allowance < 0 ? undefined : readUntilNul(source, offset + index, offset + endless, what);
      if (bytes === undefined) endless = Math.min(endless, index);
      allowance -= bytes?.length ?? 0;
      if (bytes === undefined || allowance < 0) {
        throw new ElfError({ kind: "bad-string", what, offset: offset + index });
      }
      const text = textOfBytes(bytes);
      known.set(index, text);
      return text;
    },
  };
}

/** The bytes from `start` to the NUL before `end`, both file offsets, the NUL left out; undefined where there is none. */
function readUntilNul(source: ByteSource, start: number, end: number, what: string): Uint8Array | undefined {
  let size = chunkSize;
  while (start < end) {
    const bytes = source.read(start, Math.min(size, end - start), what);
    const nul = bytes.indexOf(0);
    if (nul >= 0) return bytes.subarray(0, nul);
    if (start + bytes.length >= end) break;
    size *= 4;
  }
  return undefined;
}
