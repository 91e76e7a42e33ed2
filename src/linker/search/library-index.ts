// The file system as the simulation sees it: what stands at a path, read at most once and only when asked for.
// Knows no search order and no policy.

import { type BigIntStats, closeSync, constants, fstatSync, openSync } from "node:fs";
import { isDirectory, readEntryNames } from "../../base/directory-entries.ts";
import { type FileSignature, signatureOf } from "../../base/file-signature.ts";
import { systemPath } from "../../base/path.ts";
import { realPathOf } from "../../base/real-path.ts";
import { errorCode, requireErrorCode } from "../../base/system-error.ts";
import type { ElfFile, FileHeader } from "../../elf/elf-file.ts";
import { ElfError } from "../../elf/error.ts";
import { once } from "../../elf/once.ts";
import { parseElf } from "../../elf/parse-elf.ts";
import { fileSource } from "../../elf/source.ts";
import { type ObjectFacts, readObjectFacts } from "../load/object-facts.ts";

/** A shared library's file. Two paths of one file have the same `fileId` and the same facts. */
export interface LibraryFile {
  /** Device and inode, what ld.so knows a file again by. */
  readonly fileId: string;
  readonly header: FileHeader;
  readonly facts: ObjectFacts;
}

/**
 * What opening a path gave. "unreadable" is for what is there and cannot be read; `effect` is what glibc does then: go
 * on with the next directory, go on with the next list of directories, or give up.
 */
export type Finding =
  | { readonly kind: "absent" }
  | { readonly kind: "elf"; readonly file: LibraryFile }
  | { readonly kind: "not-elf" }
  /** With the file header, when that much could be read. */
  | { readonly kind: "damaged"; readonly header: FileHeader | undefined }
  | {
      readonly kind: "unreadable";
      readonly effect: "next-directory" | "next-list" | "stop";
    };

/** Which directories have a name. */
export interface Holders {
  /** Whether what is in the directory is known, from now on; false where it may only be searched. */
  knows(directory: string): boolean;
  /** Those of the known directories that have an entry of this name, in no particular order. */
  of(name: string): readonly string[];
}

export interface LibraryIndex {
  /** What stands at an absolute path, symbolic links followed. Never throws for what is on disk. */
  open(path: string): Finding;
  /** Whether the directory may have an entry of this name, without opening it. False is certain. */
  has(directory: string, name: string): boolean;
  /** Names in a directory, sorted by their bytes' code units; [] when it cannot be read. */
  list(directory: string): readonly string[];
  /** Absent where each directory has to be asked for a name. */
  readonly holders?: Holders;
  /** False for what cannot be reached as well: a name too long, a directory on the way that may not be searched. */
  isDirectory(path: string): boolean;
  /** `path` with symbolic links resolved; `path` itself where that fails. */
  realPath(path: string): string;
  /** Has the library at `path` found with these facts from now on: those that it is going to have. */
  expect(path: string, facts: ObjectFacts): void;
  /** All that has been asked so far, with the answers. */
  consulted(): Consulted;
}

/** What a run has seen of the file system: as long as all of it stays the same, so does what follows from it. */
export interface Consulted {
  /** The names in each directory; the error number's name of one that could not be listed. */
  readonly directories: readonly (readonly [path: string, names: Iterable<string> | string])[];
  /** Undefined for what is there and could not be read. */
  readonly files: readonly (readonly [path: string, state: FileSignature | "absent" | undefined])[];
  readonly areDirectories: readonly (readonly [path: string, answer: boolean])[];
  readonly realPaths: readonly (readonly [path: string, answer: string])[];
}

function memoised<Value>(
  compute: (key: string) => Value,
  known: Map<string, Value> = new Map(),
): (key: string) => Value {
  return (key) => {
    const old = known.get(key);
    if (old !== undefined) return old;
    const value = compute(key);
    known.set(key, value);
    return value;
  };
}

/**
 * An index over the file system as it is now. Make one for a run: what it has read it does not read again. `readFacts`:
 * how a file is understood, where it is not to be taken as it is. `known`: files that have been read like that already.
 */
export function createLibraryIndex(
  readFacts: (elf: ElfFile) => ObjectFacts = readObjectFacts,
  known: readonly LibraryFile[] = [],
): LibraryIndex {
  const files = new Map(known.map((file): readonly [string, Finding] => [file.fileId, { kind: "elf", file }]));
  // One listing for all names costs less than a failed open for each: a load asks most directories for most names.
  const listings = new Map<string, Entries>();
  const listed: string[] = [];
  const entries = memoised((directory): Entries => {
    listed.push(directory);
    return readNames(directory);
  }, listings);
  const isUnlistable = (directory: string) => entries(directory).code === "EACCES";
  const holders = new Map<string, string[]>();
  /** When somebody asks: most runs never do. */
  const addHolders = (): void => {
    for (const directory of listed.splice(0)) {
      for (const name of entries(directory).names) {
        const known = holders.get(name);
        if (known === undefined) holders.set(name, [directory]);
        else known.push(directory);
      }
    }
  };
  const states = new Map<string, FileSignature | "absent" | undefined>();
  const read = memoised((path): Finding => {
    states.set(path, undefined);
    const finding = openFinding(path, files, readFacts, (status) => states.set(path, signatureOf(status)));
    if (finding.kind === "absent") states.set(path, "absent");
    return finding;
  });
  const areDirectories = new Map<string, boolean>();
  const realPaths = new Map<string, string>();
  const expected = new Map<string, Finding>();
  const open = (path: string): Finding => {
    const finding = read(path);
    return (finding.kind === "elf" && expected.get(finding.file.fileId)) || finding;
  };
  return {
    open,
    expect(path, facts) {
      const finding = read(path);
      if (finding.kind === "elf") expected.set(finding.file.fileId, { ...finding, file: { ...finding.file, facts } });
    },
    has: (directory, name) => entries(directory).names.has(name) || isUnlistable(directory),
    list: (directory) => entries(directory).list(),
    holders: {
      knows: (directory) => !isUnlistable(directory),
      of(name) {
        addHolders();
        return holders.get(name) ?? [];
      },
    },
    isDirectory: memoised(isDirectory, areDirectories),
    realPath: memoised((path) => realPathOf(path) ?? path, realPaths),
    consulted: () => ({
      directories: [...listings].map(([path, { names, code }]) => [path, code ?? names]),
      files: [...states],
      areDirectories: [...areDirectories],
      realPaths: [...realPaths],
    }),
  };
}

interface Entries {
  readonly names: ReadonlySet<string>;
  /** The same, in order. */
  readonly list: () => readonly string[];
  /** The error number's name when the directory could not be listed. */
  readonly code: string | undefined;
}

function readNames(directory: string): Entries {
  try {
    const names = readEntryNames(directory);
    return { names: new Set(names), list: once(() => sorted(names)), code: undefined };
  } catch (error) {
    const code = requireErrorCode(error);
    return { names: new Set(), list: () => [], code };
  }
}

function sorted(names: readonly string[]): readonly string[] {
  return [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** `files` keeps what is known by device and inode, so that a second path of a file costs no second reading. */
function openFinding(
  path: string,
  files: Map<string, Finding>,
  readFacts: (elf: ElfFile) => ObjectFacts,
  onStatus: (status: BigIntStats) => void,
): Finding {
  let descriptor: number;
  try {
    // A FIFO must not make the run wait for a writer.
    descriptor = openSync(systemPath(path), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return unopened(errorCode(error), error);
  }
  try {
    const status = fstatSync(descriptor, { bigint: true });
    if (!status.isFile()) return { kind: "unreadable", effect: "stop" };
    onStatus(status);
    const fileId = `${status.dev}:${status.ino}`;
    const known = files.get(fileId);
    if (known !== undefined) return known;
    const finding = readFinding(descriptor, Number(status.size), fileId, readFacts);
    files.set(fileId, finding);
    return finding;
  } finally {
    closeSync(descriptor);
  }
}

/** Source: glibc elf/dl-load.c, open_path: ENOENT, EACCES and ENOTDIR send the search on. */
function unopened(code: string | undefined, error: unknown): Finding {
  switch (code) {
    case undefined:
      throw error;
    case "ENOENT":
    case "ENOTDIR":
      return { kind: "absent" };
    default:
      return {
        kind: "unreadable",
        effect: code === "EACCES" ? "next-directory" : "next-list",
      };
  }
}

/** Everything is read now: the descriptor is closed after this. */
function readFinding(
  descriptor: number,
  size: number,
  fileId: string,
  readFacts: (elf: ElfFile) => ObjectFacts,
): Finding {
  let header: FileHeader | undefined;
  try {
    const elf = parseElf(fileSource(descriptor, size));
    header = elf.header;
    return { kind: "elf", file: { fileId, header, facts: readFacts(elf) } };
  } catch (error) {
    if (!(error instanceof ElfError)) throw error;
    return error.defect.kind === "not-elf" ? { kind: "not-elf" } : { kind: "damaged", header };
  }
}
