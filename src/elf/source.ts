// The bytes of a file, from memory or from a file descriptor. Knows nothing of ELF.

import { readSync } from "node:fs";
import { ElfError } from "./error.ts";
import type { ByteSource } from "./model.ts";

/** Bytes per cached page: small, because an executable's headers, dynamic array and names are a few KB in four places. */
const pageSize = 4096;

/** A file that is in memory already. What it returns are views of `bytes`, not copies. */
export function bufferSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read(offset, length, what = "data") {
      checkRange(what, offset, length, bytes.length);
      return bytes.subarray(offset, offset + length);
    },
  };
}

/**
 * An open file of `size` bytes. Pages of 4 KB are read when they are first asked for and kept, so nothing is read
 * twice and parsing a file of 300 MB reads little. Throws the system's error when reading fails; a file that became
 * shorter since `size` was taken is "past-end-of-file".
 */
export function fileSource(descriptor: number, size: number): ByteSource {
  const pages = new Map<number, Uint8Array>();

  function load(first: number, last: number): void {
    const start = first * pageSize;
    const wanted = Math.min((last + 1) * pageSize, size) - start;
    const bytes = new Uint8Array(wanted);
    let filled = 0;
    while (filled < wanted) {
      const count = readSync(descriptor, bytes, filled, wanted - filled, start + filled);
      if (count === 0) {
        throw new ElfError({
          kind: "past-end-of-file",
          what: "data",
          offset: start,
          end: BigInt(start + wanted),
          size: start + filled,
        });
      }
      filled += count;
    }
    for (let page = first; page <= last; page++) {
      pages.set(page, bytes.subarray((page - first) * pageSize, (page - first + 1) * pageSize));
    }
  }

  function loadMissing(first: number, last: number): void {
    for (let page = first; page <= last; page++) {
      if (pages.has(page)) continue;
      let end = page;
      while (end < last && !pages.has(end + 1)) end++;
      load(page, end);
      page = end;
    }
  }

  return {
    size,
    read(offset, length, what = "data") {
      checkRange(what, offset, length, size);
      if (length === 0) return new Uint8Array(0);
      const first = Math.floor(offset / pageSize);
      const last = Math.floor((offset + length - 1) / pageSize);
      loadMissing(first, last);
      const start = offset - first * pageSize;
      const firstPage = pages.get(first);
      if (first === last && firstPage !== undefined) return firstPage.subarray(start, start + length);
      const bytes = new Uint8Array(length);
      for (let page = first; page <= last; page++) {
        const from = page === first ? start : 0;
        const part = pages.get(page)?.subarray(from, Math.min(pageSize, offset + length - page * pageSize));
        if (part !== undefined) bytes.set(part, page * pageSize + from - offset);
      }
      return bytes;
    },
  };
}

function checkRange(what: string, offset: number, length: number, size: number): void {
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
    throw new RangeError(`not a range of bytes: ${offset}, ${length}`);
  }
  const end = BigInt(offset) + BigInt(length);
  if (end > BigInt(size)) throw new ElfError({ kind: "past-end-of-file", what, offset, end, size });
}
