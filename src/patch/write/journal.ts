// What has to be put right about an executable when a run is stopped in the middle of writing it. A journal lies beside
// the executable only as long as it takes, and only where stopping could leave something that cannot be told from the
// file itself: a mode that was changed for the write, or a stub that is written in two pages.
//
//     MODE INODE NEWLINE [sidecar's path]     mode in octal, inode in decimal

import { closeSync, lstatSync } from "node:fs";
import { systemPath } from "../../base/path.ts";
import { unlessRefused } from "../../base/system-error.ts";
import { bytesOfText, textOfBytes } from "../../base/text.ts";
import { journalPathOf } from "../sidecar/file-names.ts";
import { attempt } from "./system-call.ts";
import { createFile, readRegularFile, removeFile, writeAt } from "./write-file.ts";

export interface Journal {
  /** The executable's permission bits, as they were. */
  readonly mode: number;
  /** The executable's inode number: another file under its name has nothing to do with the journal. */
  readonly inode: bigint;
  /** The sidecar that has the bytes that are being covered or restored; undefined before the first of them is. */
  readonly sidecarPath: string | undefined;
}

/** Longer than any journal: a path has at most 4096 bytes. */
const sizeLimit = 8192;

/**
 * The journal that a stopped run has left of the executable at `path`; undefined without one, or with another file's.
 * Throws CallError when there is one that cannot be read: nothing can be said of the executable then.
 */
export function readJournal(path: string): Journal | undefined {
  const bytes = readRegularFile(journalPathOf(path), sizeLimit);
  if (bytes === undefined) return undefined;
  const match = /^([0-7]{1,4}) (\d{1,20})\n(\/[^\0]*)?$/s.exec(textOfBytes(bytes));
  if (match === null) return undefined;
  const [, mode = "", inode = "", sidecarPath] = match;
  const journal: Journal = { mode: Number.parseInt(mode, 8), inode: BigInt(inode), sidecarPath };
  return journal.inode === inodeOf(path) ? journal : undefined;
}

/** Writes it beside the executable at `path`. Throws CallError. */
export function writeJournal(path: string, { mode, inode, sidecarPath }: Journal): void {
  const journalPath = journalPathOf(path);
  const descriptor = createFile(journalPath);
  try {
    writeAt(journalPath, descriptor, bytesOfText(`${mode.toString(8)} ${inode}\n${sidecarPath ?? ""}`), 0);
  } finally {
    attempt(journalPath, "close", () => closeSync(descriptor));
  }
}

/** Removes it. Throws CallError. */
export function removeJournal(path: string): void {
  removeFile(journalPathOf(path));
}

function inodeOf(path: string): bigint | undefined {
  return unlessRefused(() => lstatSync(systemPath(path), { bigint: true }).ino, undefined);
}
