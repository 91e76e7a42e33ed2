// `cp` on many files. A process for each of them was most of what wrapping small ones cost (700 of them: 0.8 of 1.4 s),
// but one process gives its copies the names of the files, in one directory. So it is shown symbolic links instead:
//
//     DIRECTORY/from/0 ─▶ /opt/a/tool      cp --dereference -t to from/0 from/1      DIRECTORY/to/0 ─▶ /opt/a/.tool~
//     DIRECTORY/from/1 ─▶ /opt/b/tool                                                DIRECTORY/to/1 ─▶ /opt/b/.tool~
//
// It opens what a link leads to, and sets everything through the open file. The directory is this user's alone, and in
// memory where that can be: ext4 takes half a millisecond to make a file where many have been removed, and a tmpfs 5 µs.
// A run that is killed leaves nothing but links there.

import { mkdirSync, mkdtempSync, rmdirSync, symlinkSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { joinPath, systemPath } from "../../base/path.ts";
import { unlessRefused } from "../../base/system-error.ts";
import type { Copy } from "./copy-bytes.ts";
import { atATime, runOnPaths } from "./run-on-paths.ts";

/** A second process is worth starting for so many. */
const fewest = 16;

/** Links take a kilobyte of the kernel's memory each. */
const most = 4096;

/**
 * Runs `cp` with the options from each file to its copy, which is there already. Returns what is wrong in its own words,
 * by the copy.
 */
export function runCp(options: readonly string[], copies: readonly Copy[]): ReadonlyMap<Copy, string> {
  const [copy] = copies;
  if (copy === undefined) return new Map();
  if (copies.length === 1) {
    const problem = runOnPaths(["cp", "--no-dereference", ...options, "-T", "--"], [copy.from, copy.to], 2);
    return new Map(problem === undefined ? [] : [[copy, problem]]);
  }
  if (copies.length <= most && isDoneByLinks(options, copies)) return new Map();
  // By halves, to know which of them it is.
  const half = Math.ceil(copies.length / 2);
  return new Map([...runCp(options, copies.slice(0, half)), ...runCp(options, copies.slice(half))]);
}

/** A directory for links. Throws an error of the system. Source of its place: shm_open(3), file-hierarchy(7). */
function createDirectory(): string {
  const createIn = (parent: string): string => mkdtempSync(joinPath(parent, "wrap-buddy-"));
  return unlessRefused(() => createIn("/dev/shm"), undefined) ?? createIn(tmpdir());
}

/** Whether all went well. */
function isDoneByLinks(options: readonly string[], copies: readonly Copy[]): boolean {
  return unlessRefused(() => {
    const directory = createDirectory();
    const made: string[] = [];
    const link = (path: string, name: string): void => {
      symlinkSync(systemPath(path), joinPath(directory, name));
      made.push(name);
    };
    try {
      for (const name of ["from", "to"]) mkdirSync(joinPath(directory, name));
      for (const [index, { from, to }] of copies.entries()) {
        link(from, `from/${index}`);
        link(to, `to/${index}`);
      }
      const words = ["cp", "--dereference", ...options, "-t", "to", "--"];
      const sources = copies.map((_, index) => `from/${index}`);
      const size = Math.max(Math.ceil(copies.length / atATime), fewest);
      return runOnPaths(words, sources, size, directory) === undefined;
    } finally {
      for (const name of made) unlinkSync(joinPath(directory, name));
      for (const name of ["from", "to", ""]) rmdirSync(joinPath(directory, name));
    }
  }, false);
}
