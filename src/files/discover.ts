// Finding the files of a request: walks directories, opens every regular file once and reads its first 64 bytes.
// Knows ELF by its first four bytes only; whether a file can be wrapped is src/files/kind/'s matter.
//
// Paths are strings. A name that is not UTF-8 keeps its bytes in the way of src/base/text.ts, and `systemPath` makes of it
// what node:fs takes, so such a file is wrapped like any other.

import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { readEntries } from "../base/directory-entries.ts";
import { baseName, systemPath } from "../base/path.ts";
import { compilePattern } from "../base/pattern.ts";
import { requireErrorCode } from "../base/system-error.ts";
import { elfMagicSize, isElf, largestFileHeader } from "../elf/headers/file-header.ts";
import { executableOf, isLeftoverName, isSidecarName } from "../patch/sidecar/file-names.ts";
import type { Candidate, DiscoverOptions, Discovery, SkippedPath } from "./discovery.ts";
import type { OnProgress } from "./progress.ts";
import type { RequestIssue } from "./request-issue.ts";
import { type Root, resolveRoots } from "./roots.ts";

/**
 * Finds all ELF files in `paths`, in an order that is the same on every file system: the order of `paths`, and in a
 * directory that of the names' bytes, with a directory's content at its name's place. A symlink that the request names
 * is followed; one inside a tree is not: what it points to is found by itself if it is in a tree, and must not be
 * changed if it is not. Never throws for what it finds.
 */
export function discover(paths: readonly string[], options: DiscoverOptions, onProgress?: OnProgress): Discovery {
  const { roots, issues } = resolveRoots(paths);
  const walk: Walk = {
    options,
    onProgress,
    isExcluded: excluder(options.exclude),
    named: new Map(roots.map(({ path, given }) => [path, given])),
    done: new Set(),
    found: new Map(),
    issues: [...issues],
    skipped: [],
    sidecars: [],
    leftovers: [],
    buffer: new Uint8Array(largestFileHeader),
  };
  for (const root of roots) {
    if (root.kind === "directory") walkDirectory(walk, root);
    else visitNamedFile(walk, root);
  }
  skipNamedSidecars(walk);
  return {
    candidates: [...walk.found.values()],
    issues: walk.issues,
    skipped: walk.skipped,
    sidecars: walk.sidecars,
    leftovers: walk.leftovers,
  };
}

interface Walk {
  readonly options: DiscoverOptions;
  readonly onProgress: OnProgress | undefined;
  readonly isExcluded: (root: Root, path: string, relativePath: string) => boolean;
  /** What the request names, by its path without symlinks, as it stood there. */
  readonly named: ReadonlyMap<string, string>;
  /** Directories that have been walked and named files that have been visited. */
  readonly done: Set<string>;
  /** By device and inode. */
  readonly found: Map<string, Candidate>;
  readonly issues: RequestIssue[];
  readonly skipped: SkippedPath[];
  readonly sidecars: string[];
  readonly leftovers: string[];
  /** For the head of the file at hand. */
  readonly buffer: Uint8Array;
}

/** Whoever names a sidecar means the executable; where that is named too, or in a tree, it is looked at anyway. */
function skipNamedSidecars(walk: Walk): void {
  const named = walk.sidecars.filter((path) => walk.named.has(path));
  if (named.length === 0) return;
  const found = new Set([...walk.found.values()].flatMap(({ names }) => names));
  for (const path of named) {
    if (!found.has(executableOf(path))) walk.skipped.push({ path, reason: "not-elf", isNamed: true });
  }
}

/** A directory that is being walked: its entries, and how far. */
interface Level {
  readonly path: string;
  readonly relativePath: string;
  readonly entries: ReturnType<typeof readEntries>;
  next: number;
}

function walkDirectory(walk: Walk, root: Root): void {
  // A stack of our own: trees can be deeper than the call stack.
  const levels: Level[] = [];
  const enter = (path: string, relativePath: string): void => {
    if (walk.done.has(path)) return;
    walk.done.add(path);
    if (walk.isExcluded(root, path, relativePath)) {
      walk.skipped.push({ path, reason: "excluded", isNamed: walk.named.has(path) });
      return;
    }
    try {
      levels.push({ path, relativePath, entries: readEntries(path), next: 0 });
    } catch (error) {
      reportUnreadable(walk, path, "directory", error);
    }
  };
  enter(root.path, "");
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const entry = level.entries[level.next];
    level.next += 1;
    if (entry === undefined) {
      levels.pop();
      continue;
    }
    const path = level.path === "/" ? `/${entry.name}` : `${level.path}/${entry.name}`;
    const relativePath = level.relativePath === "" ? entry.name : `${level.relativePath}/${entry.name}`;
    if (entry.kind === "directory") {
      if (walk.options.recurse) enter(path, relativePath);
    } else if (entry.kind !== "symlink") {
      visit(walk, root, path, relativePath, entry.name, entry.kind);
    }
  }
}

function visitNamedFile(walk: Walk, root: Root): void {
  const name = baseName(root.path);
  visit(walk, root, root.path, "", name, root.kind === "file" ? "file" : "special");
}

function visit(
  walk: Walk,
  root: Root,
  path: string,
  relativePath: string,
  name: string,
  kind: "file" | "special",
): void {
  walk.onProgress?.("find", 0, undefined);
  const isNamed = walk.named.has(path);
  if (isNamed) {
    // Named twice, or named and in a tree: one file all the same.
    if (walk.done.has(path)) return;
    walk.done.add(path);
  }
  if (isSidecarName(name)) {
    walk.sidecars.push(path);
  } else if (isLeftoverName(name)) {
    walk.leftovers.push(path);
  } else if (walk.isExcluded(root, path, relativePath)) {
    walk.skipped.push({ path, reason: "excluded", isNamed });
  } else if (kind === "special") {
    walk.skipped.push({ path, reason: "special-file", isNamed });
  } else {
    try {
      openFile(walk, root, path, relativePath, isNamed);
    } catch (error) {
      reportUnreadable(walk, path, "file", error);
    }
  }
}

/** Not to wait for a FIFO, nor to follow a symlink, that has taken the file's place since its directory was read. */
const openFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

function openFile(walk: Walk, root: Root, path: string, relativePath: string, isNamed: boolean): void {
  const descriptor = openSync(systemPath(path), openFlags);
  try {
    const count = readHead(descriptor, walk.buffer);
    if (count === 0 || !isElf(walk.buffer)) {
      walk.skipped.push({ path, reason: count === 0 ? "empty" : "not-elf", isNamed });
      return;
    }
    const facts = fstatSync(descriptor, { bigint: true });
    const identity = `${facts.dev}:${facts.ino}`;
    const known = walk.found.get(identity);
    if (known === undefined) {
      walk.found.set(identity, {
        path,
        identity,
        names: [path],
        root: root.given,
        relativePath,
        isNamed,
        head: walk.buffer.slice(0, count),
        size: Number(facts.size),
        mode: Number(facts.mode & 0o7777n),
        linkCount: Number(facts.nlink),
      });
    } else if (!known.names.includes(path)) {
      walk.found.set(identity, { ...known, names: [...known.names, path], isNamed: known.isNamed || isNamed });
    }
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Fills the buffer from the start of an ELF file; the number of bytes, less than its length only at the file's end. Of
 * another file it reads no more than one call gives.
 */
function readHead(descriptor: number, buffer: Uint8Array): number {
  buffer.fill(0);
  let filled = 0;
  while (filled < buffer.length && (filled < elfMagicSize || isElf(buffer))) {
    const count = readSync(descriptor, buffer, filled, buffer.length - filled, filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

function reportUnreadable(walk: Walk, path: string, what: "file" | "directory", error: unknown): void {
  const code = requireErrorCode(error);
  const given = walk.named.get(path);
  if (given !== undefined) walk.issues.push({ kind: "cannot-read", path: given, code });
  else {
    walk.skipped.push({ path, reason: "unreadable", isNamed: false, detail: code, what });
  }
}

function excluder(patterns: readonly string[]): (root: Root, path: string, relativePath: string) => boolean {
  if (patterns.length === 0) return () => false;
  const matchers = patterns.map(compilePattern);
  return (root, path, relativePath) => {
    const given = relativePath === "" ? root.given : `${root.given}/${relativePath}`;
    const texts = [baseName(path), relativePath, path, given];
    return matchers.some((matches) => texts.some(matches));
  };
}
