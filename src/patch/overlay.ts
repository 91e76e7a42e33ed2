// A file's bytes with some of them replaced, without changing the file.

import type { ByteSource } from "../elf/elf-file.ts";

/** A stretch of a file, and what is to be read there. */
export interface OverlayRange {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** `source` with some ranges replaced. */
export function overlay(source: ByteSource, ranges: readonly OverlayRange[]): ByteSource {
  return {
    size: source.size,
    read(offset, length, what) {
      const bytes = source.read(offset, length, what);
      const covering = ranges.filter(
        (range) => range.offset < offset + length && range.offset + range.bytes.length > offset,
      );
      if (covering.length === 0) return bytes;
      const copy = new Uint8Array(bytes);
      for (const range of covering) {
        const from = Math.max(range.offset, offset);
        const to = Math.min(range.offset + range.bytes.length, offset + length);
        copy.set(range.bytes.subarray(from - range.offset, to - range.offset), from - offset);
      }
      return copy;
    },
  };
}
