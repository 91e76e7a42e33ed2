// File names like a missing one. Directories are listed for this only after something was not found.

import type { LibraryIndex } from "./library-index.ts";
import { oncePerRun } from "./per-run.ts";

/** At most this many are worth reading. */
const most = 5;

/**
 * Names in the directories of `lists` that differ from `name` in what follows `.so`, or in letter case: libssl.so.3 for
 * libssl.so.1.1. At most five, in the order of the directories. Each list is read once in a run.
 */
export function nearMissesOf(
  name: string,
  lists: readonly (readonly string[])[],
  index: LibraryIndex,
): readonly string[] {
  const wanted = stemOf(name);
  if (wanted === undefined) return [];
  const names = new Set(lists.flatMap((directories) => [...(namesByStem(index, directories).get(wanted) ?? [])]));
  names.delete(name);
  return [...names].slice(0, most);
}

const namesByStem = oncePerRun((index: LibraryIndex, directories: readonly string[]) => {
  const byStem = new Map<string, Set<string>>();
  for (const directory of directories) {
    for (const name of index.list(directory)) {
      const stem = stemOf(name);
      if (stem === undefined) continue;
      const known = byStem.get(stem);
      if (known === undefined) byStem.set(stem, new Set([name]));
      // One of them may be the missing name itself.
      else if (known.size <= most) known.add(name);
    }
  }
  return byStem;
});

/** "libssl" of libssl.so.1.1 and of libSSL-1.1.so; undefined for a name without `.so`. */
function stemOf(name: string): string | undefined {
  if (!name.includes(".so")) return undefined;
  return /^(.+?)(?:-[\d.]+)?\.so(?:\.|$)/.exec(name)?.[1]?.toLowerCase();
}
