// What helps against a failed system call, by its error.

import type { Surface } from "../context.ts";
import { leaveOut } from "../settings.ts";

const moreFiles = "let it open more files (ulimit -n), then run it again";

const helps: ReadonlyMap<string, string> = new Map([
  ["EACCES", "make the file and its directory writable for this user"],
  ["EPERM", "make the file and its directory writable for this user"],
  ["EROFS", "copy the tree to a writable place first"],
  ["ENOSPC", "make room on the file system, then run it again"],
  ["EDQUOT", "make room in the quota, then run it again"],
  ["ETXTBSY", "stop the program, then run it again"],
  ["EMFILE", moreFiles],
]);

/** Help for an error while files are written; `code` names it ("ENOSPC"), `call` what was done ("copy"). */
export function systemCallHelp(code: string, call?: string): string {
  // Reading the file may be refused, or making the copy.
  if (call === "copy" && code === "EACCES") {
    return "make the file readable, and the directory of its copy writable, for this user";
  }
  return helps.get(code) ?? "run it again when the cause is gone: a second run finishes what was begun";
}

const readHelps: ReadonlyMap<string, string> = new Map([
  [
    "ELOOP",
    "follow its symbolic links (readlink), and mend the one that leads back, or name what they were to lead to",
  ],
  ["ENAMETOOLONG", "check its spelling: a name has at most 255 bytes, a path 4095"],
  ["EMFILE", moreFiles],
  ["ENFILE", "wait until other programs have closed files, then run it again"],
]);

/** Help for an error while a file or directory is read or found; `code` names it ("ELOOP"). */
export function readHelp(code: string, surface: Surface): string {
  if (code === "EACCES" || code === "EPERM") return `make it readable, or ${leaveOut(surface)}`;
  return readHelps.get(code) ?? `run it again when the cause is gone, or ${leaveOut(surface)}`;
}
