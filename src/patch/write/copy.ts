// A file of its own for an executable: same bytes, owner and mode, another inode.

import { Buffer } from "node:buffer";
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  ftruncateSync,
  linkSync,
  openSync,
  readSync,
  renameSync,
} from "node:fs";
import { systemPath } from "../../base/path.ts";
import { copyPathOf } from "../sidecar/file-names.ts";
import { attempt } from "./system-call.ts";
import { createFile, tryToRemove, writeAt } from "./write-file.ts";

/** Bytes copied at a time; a block of zeros becomes a hole. */
const blockSize = 1 << 18;

/**
 * Gives `names[0]` an inode of its own, and makes the other names links to it. Other names that the file has keep the
 * old inode, and so does a process that runs it. Returns a descriptor of the new one, open for writing. Throws
 * CallError.
 */
export function replaceByCopy(names: readonly [string, ...string[]], mode: number): number {
  const [path, ...others] = names;
  const descriptor = placeCopy(path, mode);
  try {
    for (const other of others) relink(path, other);
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function placeCopy(path: string, mode: number): number {
  const copyPath = copyPathOf(path);
  const source = attempt(path, "open", () => openSync(systemPath(path), constants.O_RDONLY | constants.O_NOFOLLOW));
  try {
    const copy = createFile(copyPath);
    try {
      copyBytes(path, source, copyPath, copy);
      const { uid, gid } = attempt(path, "stat", () => fstatSync(source));
      const own = attempt(copyPath, "stat", () => fstatSync(copy));
      // The owner first: a set-user-ID program must never be another user's, not even for a moment.
      if (own.uid !== uid || own.gid !== gid) attempt(copyPath, "chown", () => fchownSync(copy, uid, gid));
      attempt(copyPath, "chmod", () => fchmodSync(copy, mode));
      attempt(path, "rename", () => renameSync(systemPath(copyPath), systemPath(path)));
      return copy;
    } catch (error) {
      closeSync(copy);
      tryToRemove(copyPath);
      throw error;
    }
  } finally {
    closeSync(source);
  }
}

function copyBytes(path: string, source: number, copyPath: string, copy: number): void {
  const block = Buffer.alloc(blockSize);
  const zeros = Buffer.alloc(blockSize);
  let offset = 0;
  for (;;) {
    const count = attempt(path, "read", () => readSync(source, block, 0, blockSize, offset));
    if (count === 0) break;
    const bytes = block.subarray(0, count);
    if (!bytes.equals(zeros.subarray(0, count))) writeAt(copyPath, copy, bytes, offset);
    offset += count;
  }
  attempt(copyPath, "truncate", () => ftruncateSync(copy, offset));
}

/** Makes `other` a name of the file at `path`. */
function relink(path: string, other: string): void {
  const link = copyPathOf(other);
  tryToRemove(link);
  attempt(link, "link", () => linkSync(systemPath(path), systemPath(link)));
  try {
    attempt(other, "rename", () => renameSync(systemPath(link), systemPath(other)));
  } catch (error) {
    tryToRemove(link);
    throw error;
  }
}
