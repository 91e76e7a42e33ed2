// The bytes that stand over the entry point: the stub, and a jump to it where it stands elsewhere.

import { Buffer } from "node:buffer";
import type { EntryState } from "../architecture/architectures.ts";

/** File offsets of the entry point's code, of the saved range and of the stub in it. */
export interface StubPlace {
  readonly entryOffset: number;
  readonly savedOffset: number;
  readonly stubOffset: number;
}

/** The saved range with the stub in it, and with a jump to the stub at the entry point when it stands elsewhere. */
export function stubbedEntry(
  saved: Uint8Array,
  stub: Uint8Array,
  state: EntryState,
  { entryOffset, savedOffset, stubOffset }: StubPlace,
): Uint8Array {
  const bytes = Buffer.from(saved);
  bytes.set(stub, stubOffset - savedOffset);
  if (stubOffset === entryOffset) return bytes;
  const distance = stubOffset - entryOffset;
  const jump = state.encodeJump(distance);
  if (jump === undefined) throw new Error(`a stub is placed ${distance} bytes from its entry point, out of reach`);
  bytes.set(jump, entryOffset - savedOffset);
  return bytes;
}
