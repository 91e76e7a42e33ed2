// Where everything lies in a bundle. One rule: a file keeps its whole path, below root/; bin/ leads to the programs.
//
//     DIR/bin/NAME                a link to root/…, or a launcher
//     DIR/root/nix/store/…        what was /nix/store/…
//     DIR/root/usr/lib/…          what was /usr/lib/…
//
// Two files never want one place, every path from one file to another stays what it was (`$ORIGIN/../share`), and where
// a thing comes from can be read off its place.

import { lstatSync, readlinkSync } from "node:fs";
import { readEntries } from "../../../base/directory-entries.ts";
import { baseName, directoryOf, isInside, joinPath, normalise, relativePath, systemPath } from "../../../base/path.ts";
import { realPathOf } from "../../../base/real-path.ts";
import { requireErrorCode, unlessRefused } from "../../../base/system-error.ts";
import { textOfBytes } from "../../../base/text.ts";
import { isLeftoverName, isSidecarName } from "../../../patch/sidecar/file-names.ts";
import type { BundleIssue } from "../bundle-issue.ts";
import type { BundleEntry } from "./collected.ts";

/** The folder of the bundle that holds what was taken. */
const rootName = "root";

/** The place of what is at an absolute path without symlinks. */
export function placeOf(path: string): string {
  return path === "/" ? rootName : rootName + path;
}

/** What is taken, and what could not be. */
export interface Layout {
  /**
   * Takes the file at `path`, with the links that lead to it; its path without symlinks. Undefined where it leads nowhere
   * or to something that is no regular file.
   */
  readonly takeFile: (path: string) => string | undefined;
  /** Takes a directory, without symlinks in its path, with all that is in it. */
  readonly takeTree: (directory: string) => void;
  /** Whether something in that directory, which is without symlinks, is taken. */
  readonly holds: (directory: string) => boolean;
  /** Whether the file or directory, which is without symlinks, is in the bundle, be it by a part of it. */
  readonly contains: (path: string) => boolean;
  /** The directories that are taken whole. */
  readonly trees: () => readonly string[];
  /** Sorted by their places, parents first. */
  readonly entries: () => readonly BundleEntry[];
  /** Regular files below root/, by their path of before. */
  readonly files: () => readonly string[];
  readonly issues: readonly BundleIssue[];
}

/** A bundle with nothing in it. `storeDirectory`: absolute. `given`: trees that are going to be taken. */
export function createLayout(storeDirectory: string, given: readonly string[]): Layout {
  const entries = new Map<string, BundleEntry>();
  const directories = new Set<string>();
  /** Those, and all that lead to them. */
  const above = new Set<string>();
  const issues: BundleIssue[] = [];
  const trees = new Set<string>();

  function put(entry: BundleEntry): void {
    if (entries.has(entry.place)) return;
    entries.set(entry.place, entry);
    directories.add(directoryOf(entry.place));
    for (let at = directoryOf(entry.place); !above.has(at); at = directoryOf(at)) above.add(at);
  }

  function takeFile(path: string): string | undefined {
    return take(path, 0);
  }

  /** Source of the limit: Linux include/linux/namei.h MAXSYMLINKS. */
  function take(path: string, followed: number): string | undefined {
    const directory = realPathOf(directoryOf(path));
    if (directory === undefined || followed > 40) return undefined;
    const real = joinPath(directory, baseName(path));
    const status = unlessRefused(() => lstatSync(systemPath(real), { bigint: true }), undefined);
    if (status === undefined) return undefined;
    if (status.isSymbolicLink()) {
      const next = targetOf(real);
      const end = take(next, followed + 1);
      if (end === undefined) return undefined;
      const nextDirectory = realPathOf(directoryOf(next)) ?? directoryOf(next);
      put(linkTo(real, joinPath(nextDirectory, baseName(next))));
      return end;
    }
    if (!status.isFile()) return undefined;
    const isOneOfMany = status.nlink > 1n && !isInside(real, storeDirectory);
    put({
      kind: "file",
      place: placeOf(real),
      from: real,
      isExecutable: (status.mode & 0o111n) !== 0n,
      ...(isOneOfMany ? { identity: `${status.dev}:${status.ino}` } : {}),
    });
    return real;
  }

  function takeTree(directory: string): void {
    if (trees.has(directory) || [...trees].some((tree) => isInside(directory, tree))) return;
    trees.add(directory);
    const waiting = [directory];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      put({ kind: "directory", place: placeOf(at) });
      for (const { name, kind } of entriesOf(at)) {
        const path = joinPath(at, name);
        if (kind === "directory") waiting.push(path);
        else if (kind === "symlink") takeLink(path);
        else if (kind === "special") issues.push({ kind: "not-taken", path, why: "special" });
        else if (!isLeftoverName(name) && !isSidecarName(name)) takeFile(path);
      }
    }
  }

  function entriesOf(directory: string) {
    try {
      return readEntries(directory);
    } catch (error) {
      issues.push({ kind: "not-taken", path: directory, why: "unreadable", code: requireErrorCode(error) });
      return [];
    }
  }

  /** A link in a tree: what it leads to is taken too. A directory elsewhere only where it is a part of the store. */
  function takeLink(path: string): void {
    if (takeFile(path) !== undefined) return;
    const end = realPathOf(path);
    const next = targetOf(path);
    if (end === undefined) {
      issues.push({ kind: "not-taken", path, why: "leads-nowhere", target: next });
      return;
    }
    const isTaken = [...trees, ...given].some((tree) => isInside(end, tree));
    const isOfStore = end !== storeDirectory && isInside(end, storeDirectory);
    if (!isTaken && !isOfStore) {
      issues.push({ kind: "not-taken", path, why: "leads-outside", target: end });
      return;
    }
    put(linkTo(path, end));
    takeTree(end);
  }

  return {
    takeFile,
    takeTree,
    holds: (directory) => directories.has(placeOf(directory)),
    contains: (path) => entries.has(placeOf(path)) || above.has(placeOf(path)),
    trees: () => [...trees],
    entries: () => [...entries.values()].sort((a, b) => compareText(a.place, b.place)),
    files: () =>
      [...entries.values()].flatMap((entry) => (entry.kind === "file" ? [entry.from] : [])).sort(compareText),
    issues,
  };
}

function linkTo(path: string, target: string): BundleEntry {
  return { kind: "link", place: placeOf(path), target: relativePath(directoryOf(path), target) || "." };
}

/** Where a link leads in one step, absolute. */
function targetOf(link: string): string {
  const text = textOfBytes(readlinkSync(systemPath(link), "buffer"));
  return normalise(text.startsWith("/") ? text : joinPath(directoryOf(link), text));
}

/** By code units: the same order everywhere. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
