// What is in a directory, in an order that does not depend on the file system.

import { Buffer } from "node:buffer";
import { type Dirent, readdirSync, statSync } from "node:fs";
import { systemPath } from "./path.ts";
import { unlessRefused } from "./system-error.ts";
import { bytesOfText, textOfBytes } from "./text.ts";

export interface DirectoryEntry {
  /** Bytes that are not UTF-8 in the way of src/base/text.ts. */
  readonly name: string;
  readonly kind: "file" | "directory" | "symlink" | "special";
}

/** The entries of a directory, sorted by the bytes of their names. Throws the system's error. */
export function readEntries(path: string): readonly DirectoryEntry[] {
  const systemName = systemPath(path);
  const entries = readdirSync(systemName, { withFileTypes: true });
  if (entries.some(({ name }) => mayBeReplaced(name))) {
    const exact = readdirSync(systemName, { withFileTypes: true, encoding: "buffer" });
    return sortEntries(exact.map((entry) => ({ name: textOfBytes(entry.name), kind: kindOf(entry) })));
  }
  return sortEntries(entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) })));
}

/** The names in a directory, in no order: what it takes to know which kind they are is left out. Throws the system's error. */
export function readEntryNames(path: string): readonly string[] {
  const systemName = systemPath(path);
  const names = readdirSync(systemName);
  return names.some(mayBeReplaced) ? readdirSync(systemName, { encoding: "buffer" }).map(textOfBytes) : names;
}

/** Whether a directory is at `path`, symlinks followed; false where nobody may look. */
export function isDirectory(path: string): boolean {
  return unlessRefused(() => statSync(systemPath(path), { throwIfNoEntry: false })?.isDirectory() ?? false, false);
}

/** U+FFFD stands where Node replaced what is not UTF-8 (or really is in the name): then the bytes are needed. */
function mayBeReplaced(name: string): boolean {
  return name.includes("\ufffd");
}

function kindOf(entry: Dirent | Dirent<Buffer>): DirectoryEntry["kind"] {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "symlink" : "special";
}

/** UTF-16 code units sort like UTF-8 bytes up to here: below the surrogates. */
const isSimple = /^[\0-\ud7ff]*$/;

function sortEntries(entries: DirectoryEntry[]): readonly DirectoryEntry[] {
  if (entries.every(({ name }) => isSimple.test(name))) {
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
  const keyed = entries.map((entry) => ({ entry, bytes: bytesOfText(entry.name) }));
  return keyed.sort((a, b) => Buffer.compare(a.bytes, b.bytes)).map(({ entry }) => entry);
}
