// What the `.note.dlopen` metadata of foreign objects asks for, looked up like a needed entry.

import type { ResolveContext } from "./context.ts";
import type { DlopenNote } from "./dlopen-note.ts";
import type { LinkedObject, Load, Search } from "./load-order.ts";
import { isInside } from "./path.ts";

/** A note none of whose alternatives is to be had. */
export interface UnmetNote {
  readonly by: LinkedObject;
  readonly note: DlopenNote;
}

/**
 * Looks for the alternatives of every note of the executable and of the libraries in the trees, in order, until one is found. What a library outside
 * the trees opens is its own package's affair. Where they are found, `search` has remembered.
 */
export function wantedByNotes(load: Load, search: Search, context: ResolveContext): readonly UnmetNote[] {
  const [main] = load.objects;
  if (main === undefined) return [];
  const isForeign = (object: LinkedObject) =>
    object === main || context.trees.some((tree) => isInside(object.path, tree));
  const isLoaded = (name: string) => load.objects.some(({ names, facts }) => names.has(name) || facts.soname === name);
  return load.objects.filter(isForeign).flatMap((by) =>
    by.facts.dlopenNotes.flatMap((note) => {
      const isMet = note.sonames.some((name) => isLoaded(name) || search(name, by, main).found !== undefined);
      return isMet ? [] : [{ by, note }];
    }),
  );
}
