// Names in ELF files and file systems are bytes; here they are strings. This is the one rule that turns one into the
// other, without loss in either direction.

import { Buffer, isUtf8 } from "node:buffer";

const firstEscape = 0xdc80;
const lastEscape = 0xdcff;
const escapes = /[\udc80-\udcff]/;

/**
 * Bytes as a string: UTF-8, and every byte that is not part of valid UTF-8 as a lone surrogate U+DC80 to U+DCFF, so
 * that `bytesOfText` gives the same bytes back. Python calls the same rule "surrogateescape" (PEP 383).
 */
export function textOfBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString("utf8");
  let text = "";
  let start = 0;
  while (start < buffer.length) {
    const size = sequenceSize(buffer, start);
    text +=
      size === 0 ? String.fromCharCode(0xdc00 + (buffer[start] ?? 0)) : buffer.toString("utf8", start, start + size);
    start += Math.max(size, 1);
  }
  return text;
}

/** The bytes that `textOfBytes` made the string of. */
export function bytesOfText(text: string): Buffer {
  if (!isEscaped(text)) return Buffer.from(text, "utf8");
  const parts: Buffer[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const isEscape = code >= firstEscape && code <= lastEscape;
    parts.push(isEscape ? Buffer.from([code - 0xdc00]) : Buffer.from(character, "utf8"));
  }
  return Buffer.concat(parts);
}

/** True when the string stands for bytes that are not UTF-8. */
export function isEscaped(text: string): boolean {
  // A surrogate pair's second half is in the same range, so the quick look alone does not decide.
  if (!escapes.test(text)) return false;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= firstEscape && code <= lastEscape) return true;
  }
  return false;
}

/** Bytes of the valid UTF-8 sequence at `start`, 0 when there is none. */
function sequenceSize(buffer: Buffer, start: number): number {
  for (let size = 1; size <= 4 && start + size <= buffer.length; size++) {
    if (isUtf8(buffer.subarray(start, start + size))) return size;
  }
  return 0;
}
