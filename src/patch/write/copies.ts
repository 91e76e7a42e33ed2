// Files of their own for executables: same bytes, holes, owner, mode, times, access control lists, extended attributes
// and capabilities; another inode.
//
//     copyAll ──▶ the bytes are changed ──▶ keepAll     all that is not bytes, after what a write takes away of it
//
// `cp` does it, because Node can copy none of these but the bytes, and `cp` shares the blocks where the file system can
// (Btrfs, XFS). One process serves many files (copy-program.ts), and the bytes of small ones are copied here where
// nothing can be shared (copy-bytes.ts).

import { lstatSync } from "node:fs";
import { systemPath } from "../../base/path.ts";
import { type Copy, copyBytes } from "./copy-bytes.ts";
import { runCp } from "./copy-program.ts";
import { askOfPaths } from "./run-on-paths.ts";
import { attempt, CallError, NotKeptError, ownershipError, WriteError } from "./system-call.ts";

export type { Copy } from "./copy-bytes.ts";

const copyOptions = ["--sparse=auto", "--reflink=auto"];
/** Not the links: two copies of one executable are two files. */
const attributeOptions = ["--attributes-only", "--preserve=all", "--no-preserve=links"];

/** Makes the copies, which nobody else may open yet. Returns what went wrong, by the copy. */
export function copyAll(copies: readonly Copy[]): ReadonlyMap<Copy, WriteError> {
  const errors = new Map<Copy, WriteError>();
  const others = copies.filter((copy) => {
    try {
      return !copyBytes(copy);
    } catch (error) {
      if (!(error instanceof WriteError)) throw error;
      errors.set(copy, error);
      return false;
    }
  });
  return new Map([...errors, ...runAll(copyOptions, others)]);
}

/** Gives the copies again all that is not bytes. Returns what went wrong, by the copy. */
export function keepAll(copies: readonly Copy[]): ReadonlyMap<Copy, WriteError> {
  return runAll(attributeOptions, copies);
}

/**
 * Gives each `to` the access control list of its `from`, mask and all; its mode has to be set after that. Returns what
 * went wrong, by the copy.
 */
export function keepAccess(copies: readonly Copy[]): ReadonlyMap<Copy, WriteError> {
  return runAll(["--preserve=mode", "--attributes-only"], copies);
}

/**
 * Those of the files that have an access control list: by the "+" that ls puts after the mode, one line a file.
 * Source: coreutils, "What information is listed".
 */
export function withAccessList(paths: readonly string[]): ReadonlySet<string> {
  const lines = askOfPaths(["ls", "-ldqU", "--"], paths)?.split("\n") ?? [];
  return new Set(paths.filter((_, index) => lines[index]?.[10] === "+"));
}

/** Throws NotKeptError where the copy has not the owner, the group or the mode of the executable; and CallError. */
export function checkKept({ from, to }: Copy): void {
  const wanted = attempt(from, "stat", () => lstatSync(systemPath(from)));
  const kept = attempt(to, "stat", () => lstatSync(systemPath(to)));
  const octal = (mode: number): string => (mode & 0o7777).toString(8);
  if (kept.uid !== wanted.uid || kept.gid !== wanted.gid) throw ownershipError(from, wanted);
  if (octal(kept.mode) !== octal(wanted.mode)) {
    throw new NotKeptError(from, `its mode is ${octal(wanted.mode)}, a copy's would be ${octal(kept.mode)}`);
  }
}

function runAll(options: readonly string[], copies: readonly Copy[]): ReadonlyMap<Copy, WriteError> {
  return new Map([...runCp(options, copies)].map(([copy, problem]) => [copy, errorOf(copy, problem)]));
}

/** How the C library words the errors that say all by themselves. Source: glibc sysdeps/gnu/errlist.h. */
const worded: readonly (readonly [string, string])[] = [
  ["No space left on device", "ENOSPC"],
  ["Disk quota exceeded", "EDQUOT"],
  ["Input/output error", "EIO"],
  ["Read-only file system", "EROFS"],
  ["Permission denied", "EACCES"],
  ["Text file busy", "ETXTBSY"],
  ["No such file or directory", "ENOENT"],
];

/** That no program could be started (run-on-paths.ts), except for want of the program. */
const notStarted = /^xargs: (?!ENOENT$)(E[A-Z0-9]+)$/;

function errorOf({ from }: Copy, problem: string): WriteError {
  const [line = problem] = problem.split("\n");
  if (line.includes("preserve ownership")) {
    return ownershipError(
      from,
      attempt(from, "stat", () => lstatSync(systemPath(from))),
    );
  }
  if (line.includes("security.capability") && line.endsWith("Operation not permitted")) {
    const user = process.geteuid?.() ?? 0;
    return new NotKeptError(from, `it has file capabilities, which user ${user} can give to no file`, "capabilities");
  }
  const code = notStarted.exec(line)?.[1] ?? worded.find(([text]) => line.endsWith(text))?.[1];
  return code === undefined ? new NotKeptError(from, line) : new CallError(from, "copy", code);
}
