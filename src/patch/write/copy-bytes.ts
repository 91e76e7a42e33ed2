// The bytes of small files, copied without a process of their own.

import { closeSync, constants, fstatSync, openSync, readSync, statfsSync } from "node:fs";
import { directoryOf, systemPath } from "../../base/path.ts";
import { errorCode } from "../../base/system-error.ts";
import { once } from "../../elf/once.ts";
import { attempt, CallError, quietly } from "./system-call.ts";
import { createFile, tryToRemove, writeAt } from "./write-file.ts";

export interface Copy {
  /** The executable. */
  readonly from: string;
  /** Where the copy is to stand. */
  readonly to: string;
}

/** Copying so much takes as long as starting `cp`; bytes. */
const largest = 0x100000;

/**
 * File systems in which a copy can share its blocks: Btrfs, XFS, bcachefs, ZFS, OCFS2, overlays (on whatever they lie).
 * Source: Linux include/uapi/linux/magic.h, fs/ocfs2/ocfs2_fs.h; OpenZFS include/sys/zfs_vfsops.h; FICLONE(2).
 */
const sharing: ReadonlySet<number> = new Set([0x9123683e, 0x58465342, 0xca451a4e, 0x2fc12fc1, 0x7461636f, 0x794c7630]);

/** A block of st_blocks, bytes. Source: stat(2). */
const blockSize = 512;

/**
 * Makes a file of the same bytes, which nobody else may open yet. False, and it is empty, where `cp` keeps more: the
 * file is large, has holes (or is compressed), or can share its blocks. Throws CallError, which is about the executable,
 * and leaves none then.
 */
export function copyBytes(copy: Copy): boolean {
  try {
    return copySmall(copy);
  } catch (error) {
    throw error instanceof CallError ? new CallError(copy.from, "copy", error.issue.code) : error;
  }
}

function copySmall({ from, to }: Copy): boolean {
  const source = attempt(from, "open", () =>
    openSync(systemPath(from), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK),
  );
  try {
    const status = attempt(from, "stat", () => fstatSync(source));
    const { size, blocks } = status;
    const isSmall = status.isFile() && size <= largest && blocks * blockSize >= size && !mayShare(to);
    const bytes = isSmall ? readAll(from, source, size) : undefined;
    const target = createFile(to);
    try {
      if (bytes !== undefined) writeAt(to, target, bytes, 0);
    } catch (error) {
      tryToRemove(to);
      throw error;
    } finally {
      attempt(to, "close", () => closeSync(target));
    }
    return bytes !== undefined;
  } finally {
    quietly(() => closeSync(source));
  }
}

/** One for all files: each of its own would be garbage of a megabyte. */
const scratch = once(() => new Uint8Array(largest + 1));

/** Undefined where there are fewer bytes or more than `size`: somebody is writing to the file. */
function readAll(path: string, descriptor: number, size: number): Uint8Array | undefined {
  const bytes = scratch().subarray(0, size + 1);
  let filled = 0;
  for (let count = -1; count !== 0 && filled < bytes.length; ) {
    count = attempt(path, "read", () => readSync(descriptor, bytes, filled, bytes.length - filled, filled));
    filled += count;
  }
  return filled === size ? bytes.subarray(0, size) : undefined;
}

/** True where it is not known. */
function mayShare(path: string): boolean {
  try {
    return sharing.has(statfsSync(systemPath(directoryOf(path))).type);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return true;
  }
}
