// Directories that are searched one after the other, like those of a run path: which of them have an entry of a name.

import { joinPath } from "../../base/path.ts";
import type { Holders, LibraryIndex } from "./library-index.ts";
import { oncePerRun } from "./per-run.ts";

/** An entry of one of the directories. */
export interface HeldName {
  /** Where its directory stands in the list, from 0. */
  readonly number: number;
  readonly directory: string;
  readonly path: string;
}

export interface DirectoryList {
  readonly directories: readonly string[];
  /**
   * The entries of this name, in the order of the list; also of directories that cannot be listed, which may have one.
   * Worked out once for a name.
   */
  having(name: string): readonly HeldName[];
}

/**
 * Directories of which each is asked for a name. For more of them the index is asked which directories have it: to know
 * that of all names costs 3 ms for /usr/lib.
 */
const shortList = 8;

/** The list of these directories. */
export function createDirectoryList(index: LibraryIndex, directories: readonly string[]): DirectoryList {
  const { holders } = index;
  const isShort = holders === undefined || directories.length <= shortList;
  const numbersOf = isShort ? askEach(index, directories) : askHolders(holders, directories);
  const known = new Map<string, readonly HeldName[]>();
  return {
    directories,
    having(name) {
      const old = known.get(name);
      if (old !== undefined) return old;
      const held = numbersOf(name).flatMap((number): readonly HeldName[] => {
        const directory = directories[number];
        return directory === undefined ? [] : [{ number, directory, path: joinPath(directory, name) }];
      });
      known.set(name, held);
      return held;
    },
  };
}

/** The list of an array that all executables of a run share. */
export const directoryListOfRun = oncePerRun(createDirectoryList);

type NumbersOf = (name: string) => readonly number[];

function askEach(index: LibraryIndex, directories: readonly string[]): NumbersOf {
  return (name) => directories.flatMap((directory, number) => (index.has(directory, name) ? [number] : []));
}

/** A tree with hundreds of directories is searched for hundreds of names, and few of the directories have one of them. */
function askHolders(holders: Holders, directories: readonly string[]): NumbersOf {
  const numbers = new Map<string, number>();
  const unlistable: number[] = [];
  for (const [number, directory] of directories.entries()) {
    if (!holders.knows(directory)) unlistable.push(number);
    else if (!numbers.has(directory)) numbers.set(directory, number);
  }
  return (name) => {
    const found = holders.of(name).flatMap((directory) => numbers.get(directory) ?? []);
    return [...found, ...unlistable].sort((a, b) => a - b);
  };
}
