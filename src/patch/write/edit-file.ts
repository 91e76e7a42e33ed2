// Writes edits into a file where it stands: a copy that nobody has yet, or an executable in a build's output.

import { Buffer } from "node:buffer";
import { chmodSync, closeSync, constants, fchmodSync, fstatSync, openSync, readSync } from "node:fs";
import { systemPath } from "../../base/path.ts";
import type { Edit } from "../file-plan.ts";
import { attempt, CallError, ChangedError, quietly } from "./system-call.ts";
import { writeAt } from "./write-file.ts";

const ownerMayWrite = 0o200;

/**
 * Carries out the edits one after the other, in a read-only file too; its mode is then as before. A file that is not
 * what they start from, or a write that fails: what was done is taken back. Throws ChangedError and CallError.
 */
export function editFile(path: string, edits: readonly Edit[]): void {
  const { descriptor, mode } = openForEdits(path);
  const undo: Edit[] = [];
  try {
    for (const edit of edits) {
      if (!isAt(path, descriptor, edit.before, edit.offset)) throw new ChangedError(path);
      undo.unshift(edit);
      writeAt(path, descriptor, edit.after, edit.offset);
    }
    const now = attempt(path, "stat", () => fstatSync(descriptor)).mode & 0o7777;
    // A write takes set-ID bits away.
    if (now !== mode) attempt(path, "chmod", () => fchmodSync(descriptor, mode));
  } catch (error) {
    for (const { before, offset } of undo) quietly(() => writeAt(path, descriptor, before, offset));
    quietly(() => attempt(path, "chmod", () => fchmodSync(descriptor, mode)));
    throw error;
  } finally {
    attempt(path, "close", () => closeSync(descriptor));
  }
}

function openForEdits(path: string): { readonly descriptor: number; readonly mode: number } {
  let descriptor: number;
  try {
    descriptor = open(path, constants.O_RDWR);
  } catch (error) {
    if (!(error instanceof CallError) || error.issue.code !== "EACCES") throw error;
    return openReadOnly(path);
  }
  return { descriptor, mode: attempt(path, "stat", () => fstatSync(descriptor)).mode & 0o7777 };
}

/** Opens a file whose mode forbids writing, and leaves it with that mode. */
function openReadOnly(path: string): { readonly descriptor: number; readonly mode: number } {
  const reading = open(path, constants.O_RDONLY);
  try {
    const mode = attempt(path, "stat", () => fstatSync(reading)).mode & 0o7777;
    if ((mode & ownerMayWrite) !== 0) return { descriptor: open(path, constants.O_RDWR), mode };
    attempt(path, "chmod", () => chmodSync(systemPath(path), mode | ownerMayWrite));
    try {
      return { descriptor: open(path, constants.O_RDWR), mode };
    } finally {
      attempt(path, "chmod", () => fchmodSync(reading, mode));
    }
  } finally {
    closeSync(reading);
  }
}

function open(path: string, access: number): number {
  const flags = access | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  return attempt(path, "open", () => openSync(systemPath(path), flags));
}

function isAt(path: string, descriptor: number, bytes: Uint8Array, offset: number): boolean {
  const there = Buffer.alloc(bytes.length);
  const count = attempt(path, "read", () => readSync(descriptor, there, 0, there.length, offset));
  return count === bytes.length && there.equals(bytes);
}
