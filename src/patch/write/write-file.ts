// Whole small files, and bytes into open ones. Synchronous, so that a run can be stopped at any call and repeated.

import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { systemPath } from "../../base/path.ts";
import { errorCode, requireErrorCode, unlessRefused } from "../../base/system-error.ts";
import { attempt, CallError } from "./system-call.ts";

/** All of `bytes` at `offset`. Throws CallError. */
export function writeAt(path: string, descriptor: number, bytes: Uint8Array, offset: number): void {
  for (let written = 0; written < bytes.length; ) {
    written += attempt(path, "write", () =>
      writeSync(descriptor, bytes, written, bytes.length - written, offset + written),
    );
  }
}

/**
 * A new file at `path`, open for reading and writing, that nobody else may open yet. What a stopped run has left there
 * goes away first; a symbolic link that someone put there is not followed. Throws CallError.
 */
export function createFile(path: string): number {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const create = (): number => openSync(systemPath(path), flags, 0o600);
  try {
    return create();
  } catch (error) {
    if (errorCode(error) !== "EEXIST") return attempt(path, "open", () => rethrow(error));
  }
  removeFile(path);
  return attempt(path, "open", create);
}

function rethrow(error: unknown): never {
  throw error;
}

/** Who a new file belongs to; undefined: who makes it. */
export type Ownership = { readonly uid: number; readonly gid: number } | undefined;

/** Of the file at `path`. Throws CallError. */
export function ownerOf(path: string): Ownership {
  return attempt(path, "stat", () => lstatSync(systemPath(path)));
}

/** Makes a file of that content, mode and owner; one that was there goes. Throws CallError, and leaves none then. */
export function writeNewFile(path: string, bytes: Uint8Array, mode: number, owner: Ownership): void {
  const descriptor = createFile(path);
  try {
    try {
      writeAt(path, descriptor, bytes, 0);
      if (owner !== undefined) giveTo(path, descriptor, owner);
      attempt(path, "chmod", () => fchmodSync(descriptor, mode));
    } finally {
      attempt(path, "close", () => closeSync(descriptor));
    }
  } catch (error) {
    tryToRemove(path);
    throw error;
  }
}

function giveTo(path: string, descriptor: number, { uid, gid }: NonNullable<Ownership>): void {
  const own = attempt(path, "stat", () => fstatSync(descriptor));
  if (own.uid !== uid || own.gid !== gid) attempt(path, "chown", () => fchownSync(descriptor, uid, gid));
}

/** Throws CallError. */
export function setMode(path: string, mode: number): void {
  attempt(path, "chmod", () => chmodSync(systemPath(path), mode));
}

/** Throws CallError. */
export function renameFile(from: string, to: string): void {
  attempt(to, "rename", () => renameSync(systemPath(from), systemPath(to)));
}

/** Makes `link`, which nothing is called, a name of the file at `path`. Throws CallError. */
export function linkNew(path: string, link: string): void {
  attempt(link, "link", () => linkSync(systemPath(path), systemPath(link)));
}

/** Makes `link` a name of the file at `path`; what has that name now loses it. Throws CallError. */
export function linkFile(path: string, link: string): void {
  removeFile(link);
  linkNew(path, link);
}

/**
 * The regular file's bytes; undefined when there is no such file. Throws CallError, for one of more than `limit` bytes
 * too.
 */
export function readRegularFile(path: string, limit: number): Buffer | undefined {
  if (!mayBeThere(path)) return undefined;
  let descriptor: number;
  try {
    // Not to wait for the writer of a FIFO.
    descriptor = openSync(systemPath(path), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (absent.has(errorCode(error) ?? "")) return undefined;
    return attempt(path, "open", () => rethrow(error));
  }
  try {
    const status = attempt(path, "stat", () => fstatSync(descriptor));
    if (!status.isFile()) throw new CallError(path, "read", status.isDirectory() ? "EISDIR" : "EINVAL");
    if (status.size > limit) throw new CallError(path, "read", "EFBIG");
    return attempt(path, "read", () => readFileSync(descriptor));
  } finally {
    closeSync(descriptor);
  }
}

const absent: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "ENAMETOOLONG"]);

/**
 * False where there is nothing at `path`. Asked before what would be an error without a file: most often there is none,
 * and Node takes 1.2 µs to say so, but 10 µs to make an error of it (a fifth of wrapping 700 executables went there).
 */
function mayBeThere(path: string): boolean {
  return unlessRefused(() => lstatSync(systemPath(path), { throwIfNoEntry: false }) !== undefined, true);
}

/** The file's bytes, undefined when there is none to read. Waits for no FIFO. */
export function readIfThere(path: string): Buffer | undefined {
  return unlessRefused(() => {
    const descriptor = openSync(systemPath(path), constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }, undefined);
}

/** Removes the file; false when there is none. Throws CallError. */
export function removeFile(path: string): boolean {
  try {
    unlinkSync(systemPath(path));
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    return attempt(path, "unlink", () => rethrow(error));
  }
}

/** Removes the file; one that cannot be removed is left. Whether it is gone by that. */
export function tryToRemove(path: string): boolean {
  if (!mayBeThere(path)) return false;
  try {
    unlinkSync(systemPath(path));
    return true;
  } catch (error) {
    requireErrorCode(error);
    return false;
  }
}
