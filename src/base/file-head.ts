// How a file begins.

import { Buffer } from "node:buffer";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { systemPath } from "./path.ts";
import { unlessRefused } from "./system-error.ts";

/** The first `size` bytes of the file at `path`, all of a shorter one; none where it cannot be read. Waits for no FIFO. */
export function headOf(path: string, size: number): Buffer {
  return unlessRefused(() => {
    const descriptor = openSync(systemPath(path), constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const bytes = Buffer.alloc(size);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, size, 0));
    } finally {
      closeSync(descriptor);
    }
  }, Buffer.alloc(0));
}
