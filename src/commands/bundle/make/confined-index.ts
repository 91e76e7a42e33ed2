// The file system as it will be where a bundle goes: what is in the bundle, and nothing else.

import { isInside, normalise } from "../../../base/path.ts";
import type { LibraryIndex } from "../../../linker/search/library-index.ts";

/**
 * `index` without what lies outside of `directory`, which has no links that lead out. The dynamic linker on paper then
 * finds what the real one will find on a machine with neither these libraries nor a store.
 */
export function confinedIndex(index: LibraryIndex, directory: string): LibraryIndex {
  const isHere = (path: string): boolean => isInside(normalise(path), directory);
  return {
    open: (path) => (isHere(path) ? index.open(path) : { kind: "absent" }),
    has: (inDirectory, name) => isHere(inDirectory) && index.has(inDirectory, name),
    list: (inDirectory) => (isHere(inDirectory) ? index.list(inDirectory) : []),
    isDirectory: (path) => isHere(path) && index.isDirectory(path),
    realPath: (path) => index.realPath(path),
    expect: (path, facts) => index.expect(path, facts),
    consulted: index.consulted,
  };
}
