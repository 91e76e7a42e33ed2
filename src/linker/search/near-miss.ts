// File names like a missing one. Directories are listed for this only after something was not found.

import type { LibraryIndex } from "./library-index.ts";

/** At most this many are worth reading. */
const most = 5;

/**
 * Names in `directories` that differ from `name` in what follows `.so`, or in letter case: libssl.so.3 for
 * libssl.so.1.1. At most five, in the order of the directories.
 */
export function nearMissesOf(name: string, directories: readonly string[], index: LibraryIndex): readonly string[] {
  const wanted = stemOf(name);
  if (wanted === undefined) return [];
  const names = new Set<string>();
  for (const directory of directories) {
    for (const candidate of index.list(directory)) {
      if (candidate !== name && stemOf(candidate) === wanted) names.add(candidate);
      if (names.size === most) return [...names];
    }
  }
  return [...names];
}

/** "libssl" of libssl.so.1.1 and of libSSL-1.1.so; undefined for a name without `.so`. */
function stemOf(name: string): string | undefined {
  return /^(.+?)(?:-[\d.]+)?\.so(?:\.|$)/.exec(name)?.[1]?.toLowerCase();
}
