// What the `.note.dlopen` metadata of foreign objects asks for, looked up like a needed entry.

import { isInside } from "../../base/path.ts";
import type { DlopenNote } from "./dlopen-note.ts";
import type { LinkedObject, Load, Search } from "./load-order.ts";

/** A note and what is there for it. */
export interface AnsweredNote {
  readonly by: LinkedObject;
  readonly note: DlopenNote;
  /** The first of its alternatives that is to be had; undefined when none is. */
  readonly path: string | undefined;
}

/**
 * Looks for the alternatives of every note of the executable and of the libraries in the trees, in order, until one is
 * found. What a library outside the trees opens is its own package's affair. Where they are found, `search` has
 * remembered.
 */
export function answerNotes(load: Load, search: Search, trees: readonly string[]): readonly AnsweredNote[] {
  const [main] = load.objects;
  if (main === undefined) return [];
  const isForeign = (object: LinkedObject) => object === main || trees.some((tree) => isInside(object.path, tree));
  const loaded = (name: string) => load.objects.find(({ names, facts }) => names.has(name) || facts.soname === name);

  return load.objects.filter(isForeign).flatMap((by) =>
    by.facts.dlopenNotes.map((note) => {
      let path: string | undefined;
      for (const name of note.sonames) path ??= loaded(name)?.path ?? search(name, by, main).found?.path;
      return { by, note, path };
    }),
  );
}
