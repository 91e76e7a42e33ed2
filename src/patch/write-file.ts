// The system calls that change files, each with its path in the error. Synchronous, so that a run can be stopped at
// any of them and repeated.

import type { Buffer } from "node:buffer";
import {
  chmodSync,
  closeSync,
  fchmodSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { systemPath } from "../libraries/path.ts";
import { errorCode } from "../system-error.ts";
import type { PatchIssue } from "./model.ts";

/** A system call that failed, with the file it was about. */
export class CallError extends Error {
  readonly issue: PatchIssue;
  constructor(path: string, call: string, code: string) {
    super(`${call} ${path}: ${code}`);
    this.name = "CallError";
    this.issue = { kind: "system-call-failed", path, call, code };
  }
}

/** Runs system calls on `path`. Throws CallError when one fails. */
export function attempt<T>(path: string, call: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const code = errorCode(error);
    throw code === undefined ? error : new CallError(path, call, code);
  }
}

/**
 * Opens the file for writing, made writable for that time if it is not, and puts its mode back: a write takes away
 * set-user-ID and set-group-ID. Throws CallError.
 */
export function withWritable(path: string, write: (descriptor: number) => void): void {
  const name = systemPath(path);
  const mode = attempt(path, "stat", () => statSync(name)).mode & 0o7777;
  const descriptor = attempt(path, "open", () => openForWriting(name, mode));
  try {
    write(descriptor);
  } finally {
    if ((fstatSync(descriptor).mode & 0o7777) !== mode) attempt(path, "chmod", () => fchmodSync(descriptor, mode));
    attempt(path, "close", () => closeSync(descriptor));
  }
}

/** Opens a file whose owner may not write by giving that right for the moment; root needs none. */
function openForWriting(name: string | Buffer, mode: number): number {
  try {
    return openSync(name, "r+");
  } catch (error) {
    if (errorCode(error) !== "EACCES" || (mode & 0o200) !== 0) throw error;
  }
  chmodSync(name, mode | 0o200);
  try {
    return openSync(name, "r+");
  } catch (error) {
    chmodSync(name, mode);
    throw error;
  }
}

/** All of `bytes` at `offset`. Throws CallError. */
export function writeAt(path: string, descriptor: number, bytes: Uint8Array, offset: number): void {
  for (let written = 0; written < bytes.length; ) {
    written += attempt(path, "write", () =>
      writeSync(descriptor, bytes, written, bytes.length - written, offset + written),
    );
  }
}

/** Puts a file of that content and mode at `path` in one step: under another name first, then renamed. Throws CallError. */
export function replaceFile(path: string, bytes: Uint8Array, mode: number): void {
  const temporary = `${path}~`;
  const name = systemPath(temporary);
  try {
    const descriptor = attempt(temporary, "open", () => openSync(name, "w", 0o600));
    try {
      writeAt(temporary, descriptor, bytes, 0);
      attempt(temporary, "chmod", () => fchmodSync(descriptor, mode));
    } finally {
      attempt(temporary, "close", () => closeSync(descriptor));
    }
    attempt(path, "rename", () => renameSync(name, systemPath(path)));
  } catch (error) {
    removeIfThere(temporary);
    throw error;
  }
}

/** The file's bytes, undefined when there is none to read. */
export function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(systemPath(path));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

/** Removes the file; one that is not there, or cannot be removed, is left. */
export function removeIfThere(path: string): void {
  try {
    rmSync(systemPath(path), { force: true });
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}
