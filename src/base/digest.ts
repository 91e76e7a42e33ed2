// Digests. Their module takes 8 ms to load, a twentieth of the shortest run, so it is loaded for the first of them.

import type { Buffer } from "node:buffer";
import type * as Crypto from "node:crypto";
import { createRequire } from "node:module";

/** SHA-256 of the bytes, or of the text's as UTF-8. */
export function digestOf(content: Uint8Array | string): Buffer {
  // process.getBuiltinModule is not in the oldest versions of Node 20.
  const { createHash }: typeof Crypto = createRequire(import.meta.url)("node:crypto");
  return createHash("sha256").update(content).digest();
}
