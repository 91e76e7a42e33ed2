// Digests. Their module takes 8 ms to load, a twentieth of the shortest run, so it is loaded for the first of them.

import type { Buffer } from "node:buffer";
import { loadBuiltin } from "./builtin.ts";

/** SHA-256 of the bytes, or of the text's as UTF-8. */
export function digestOf(content: Uint8Array | string): Buffer {
  return loadBuiltin("node:crypto").createHash("sha256").update(content).digest();
}
