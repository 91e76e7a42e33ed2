// The bytes of a file, from memory or from a file descriptor. Knows nothing of ELF.

import { readSync } from "node:fs";
import type { ByteSource } from "./elf-file.ts";
import { ElfError } from "./error.ts";

/** Bytes per cached page: small, because an executable's headers, dynamic array and names are a few KB in four places. */
const pageSize = 4096;

/**
 * Pages at a file's start that are read in one call: headers, interpreter, notes, names and versions are mostly there,
 * and a system call costs as much as copying 16 KB.
 */
const firstPages = 4;

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
 * twice and parsing a file of 300 MB reads little. A function instead of the descriptor is called whenever something
 * has to be read. Throws the system's error when reading fails; a file that became shorter since `size` was taken is
 * "past-end-of-file".
 */
export function fileSource(file: number | (() => number), size: number): ByteSource {
  const pages = new Map<number, Uint8Array>();
  /** The first pages, when they have been read. */
  let head: Uint8Array | undefined;
  const pageCount = Math.ceil(size / pageSize);

  function load(wantedFirst: number, wantedLast: number): void {
    const isAtStart = wantedFirst < firstPages && !pages.has(0);
    const first = isAtStart ? 0 : wantedFirst;
    const last = isAtStart ? Math.max(wantedLast, Math.min(firstPages, pageCount) - 1) : wantedLast;
    const descriptor = typeof file === "number" ? file : file();
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
    if (isAtStart) head = bytes;
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
      if (head !== undefined && offset + length <= head.length) return head.subarray(offset, offset + length);
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
  if (offset + length <= size) return;
  const end = BigInt(offset) + BigInt(length);
  throw new ElfError({ kind: "past-end-of-file", what, offset, end, size });
}
