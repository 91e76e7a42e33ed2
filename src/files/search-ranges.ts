// Parts of a file searched from their beginning to their end, in chunks: they may have hundreds of megabytes.

import { Buffer } from "node:buffer";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { systemPath } from "../base/path.ts";
import { errorCode } from "../base/system-error.ts";
import { ElfError } from "../elf/error.ts";
import type { FileRange } from "../elf/payload.ts";

/** Bytes searched in one go: one system call, and a buffer that stays in the processor's cache. */
export const stride = 0x40000;

/** A stride of a range, and as much of what follows as was asked for. */
export interface Chunk {
  /** Valid until the next chunk is asked for. */
  readonly bytes: Buffer;
  /** Where they lie in the file. */
  readonly offset: number;
  readonly range: FileRange;
}

export interface SearchedRanges {
  /** Asked for once; what is damaged in it ends the search. */
  readonly ranges: () => readonly FileRange[];
  /** Bytes that a chunk has of the next stride: what begins in a stride and is no longer is whole in its chunk. */
  readonly overhang: number;
  /** Where the search ends, bytes in all. */
  readonly mostBytes: number;
}

/** What `search` finds in the file at `path`, which is open meanwhile; [] where the file is damaged or cannot be read. */
export function searchRanges<Found>(
  path: string,
  { ranges, overhang, mostBytes }: SearchedRanges,
  search: (chunks: Iterable<Chunk>, descriptor: number) => readonly Found[],
): readonly Found[] {
  let descriptor: number | undefined;
  try {
    const searched = ranges();
    if (searched.length === 0) return [];
    descriptor = openSync(systemPath(path), constants.O_RDONLY | constants.O_NONBLOCK);
    return search(chunksOf(descriptor, searched, overhang, mostBytes), descriptor);
  } catch (error) {
    if (error instanceof ElfError || errorCode(error) !== undefined) return [];
    throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function* chunksOf(
  descriptor: number,
  ranges: readonly FileRange[],
  overhang: number,
  mostBytes: number,
): Iterable<Chunk> {
  const buffer = Buffer.allocUnsafe(stride + overhang);
  let left = mostBytes;
  for (const range of ranges) {
    for (let offset = range.start; offset < range.end && left > 0; offset += stride, left -= stride) {
      const size = Math.min(buffer.length, range.end - offset);
      yield { bytes: buffer.subarray(0, readSync(descriptor, buffer, 0, size, offset)), offset, range };
    }
  }
}
