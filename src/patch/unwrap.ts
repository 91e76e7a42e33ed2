// The way back: the original's bytes in the order opposite to wrapping, the program header first, the sidecar last.

import { Buffer } from "node:buffer";
import { asFileOffset } from "../elf/address.ts";
import { encodeU32 } from "../elf/codec.ts";
import { PT_NULL } from "../elf/constants.ts";
import type { ElfFile } from "../elf/model.ts";
import { writeEdit } from "./apply.ts";
import type { Edit, PatchIssue } from "./model.ts";
import { type Original, readOriginal } from "./original.ts";
import { CallError, removeIfThere } from "./write-file.ts";

export type Unwrapped =
  | { readonly kind: "unwrapped"; readonly sidecarPath: string }
  | { readonly kind: "not-wrapped" }
  | { readonly kind: "failed"; readonly issue: PatchIssue };

/** The two edits that make the original of a wrapped file, in their order; none for what is original already. */
export function restoringEdits(current: ElfFile, original: Extract<Original, { kind: "wrapped" }>): readonly Edit[] {
  const { entry, interpreterHeader } = original;
  const before = current.source.read(entry.offset, entry.bytes.length);
  const edits: Edit[] = [];
  if (original.isCleared) {
    edits.push({
      kind: "edit",
      what: "interpreter header",
      offset: asFileOffset(interpreterHeader.offset),
      before: encodeU32(current.header, PT_NULL),
      after: interpreterHeader.bytes,
    });
  }
  if (!Buffer.from(before).equals(entry.bytes)) {
    edits.push({
      kind: "edit",
      what: "entry point",
      offset: asFileOffset(entry.offset),
      before,
      after: entry.bytes,
    });
  }
  return edits;
}

/** Restores the file at `path`, which `current` reads, and removes its sidecar. Throws ElfError for a damaged file. */
export function unwrapFile(current: ElfFile, path: string): Unwrapped {
  const original = readOriginal(current, path);
  if (original.kind === "unwrapped") return { kind: "not-wrapped" };
  if (original.kind === "damaged") return { kind: "failed", issue: original.issue };
  try {
    for (const edit of restoringEdits(current, original)) writeEdit(path, edit, []);
    removeIfThere(original.sidecarPath);
    return { kind: "unwrapped", sidecarPath: original.sidecarPath };
  } catch (error) {
    if (error instanceof CallError) return { kind: "failed", issue: error.issue };
    throw error;
  }
}
