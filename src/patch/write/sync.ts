// Puts on the disk what has been written, so that a power cut finds it in the order in which it was done.
//
// Node has fsync and no syncfs. An fsync is a commit of the file system's journal, some milliseconds on a disk: for a few
// files that is the least. For many, one `sync -f` a file system does it at once.
// Source: syncfs(2); coreutils, sync invocation.

import { closeSync, constants, fsyncSync, lstatSync, openSync } from "node:fs";
import { systemPath } from "../../base/path.ts";
import { errorCode } from "../../base/system-error.ts";
import { runOnPaths } from "./run-on-paths.ts";
import { attempt, CallError } from "./system-call.ts";

/** Up to so many files are synced one by one. */
const fewFiles = 8;

/** Syncs the file systems of many files or directories; false where there are few, or it cannot be done like that. */
export function syncManyAtOnce(paths: readonly string[]): boolean {
  if (paths.length <= fewFiles) return false;
  const ofDevice = new Map<number, string>();
  try {
    for (const path of paths) ofDevice.set(lstatSync(systemPath(path)).dev, path);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
  return runOnPaths(["sync", "-f"], [...ofDevice.values()], 1) === undefined;
}

/** Syncs files and directories, by whatever takes less. Throws CallError. */
export function syncAll(paths: readonly string[]): void {
  if (syncManyAtOnce(paths)) return;
  for (const path of paths) syncPath(path);
}

/** What a file system, or the right to open a directory, says where there is no syncing. Source: fsync(2). */
const cannotBeSynced: ReadonlySet<string> = new Set(["EINVAL", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EROFS"]);

/** Syncs one file, or a directory: the names in it. Of one that may not be read nothing is asked. Throws CallError. */
export function syncPath(path: string): void {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  let descriptor: number;
  try {
    descriptor = attempt(path, "open", () => openSync(systemPath(path), flags));
  } catch (error) {
    if (error instanceof CallError && error.issue.code === "EACCES") return;
    throw error;
  }
  try {
    attempt(path, "fsync", () => {
      try {
        fsyncSync(descriptor);
      } catch (error) {
        if (!cannotBeSynced.has(errorCode(error) ?? "")) throw error;
      }
    });
  } finally {
    closeSync(descriptor);
  }
}
