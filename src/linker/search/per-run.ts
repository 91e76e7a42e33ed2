// What is worked out once for a whole run: from the run's index and a list that all of its executables share.

import type { LibraryIndex } from "./library-index.ts";

/**
 * `compute` with its results kept for as long as the index and the list are. The list is known by identity: give the
 * same array for every executable of a run.
 */
export function oncePerRun<Item, Value>(
  compute: (index: LibraryIndex, list: readonly Item[]) => Value,
): (index: LibraryIndex, list: readonly Item[]) => Value {
  const known = new WeakMap<LibraryIndex, WeakMap<readonly Item[], { readonly value: Value }>>();
  return (index, list) => {
    const ofIndex = known.get(index) ?? new WeakMap<readonly Item[], { readonly value: Value }>();
    known.set(index, ofIndex);
    const kept = ofIndex.get(list) ?? { value: compute(index, list) };
    ofIndex.set(list, kept);
    return kept.value;
  };
}
