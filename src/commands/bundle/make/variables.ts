// Values of variables and arguments, with what they name where that is now.

import { realPathOf } from "../../../base/real-path.ts";
import type { Collection } from "../collect/collect.ts";
import type { CollectedExecutable } from "../collect/collected.ts";
import { storeObjectOf, storePathsIn } from "../collect/given-programs.ts";
import type { Layout } from "../collect/layout.ts";
import type { VariableChange } from "./launcher.ts";

/** Gives a path of before as a launcher finds it. */
type Below = (path: string) => string;

/** What the C library has to be told of where things are now. */
export function cLibraryVariables(
  { path, interpreter }: CollectedExecutable,
  below: Below,
  { characterSets, locales: { directories, archive } }: Collection,
): readonly VariableChange[] {
  const modules = characterSets.get(path) ?? characterSets.get(interpreter.path);
  const isGlibc = interpreter.cLibrary === "glibc";
  const values: readonly (readonly [name: string, value: string | undefined])[] = [
    ["GCONV_PATH", modules && below(modules)],
    ["LOCPATH", isGlibc && directories.length > 0 ? directories.map(below).join(":") : undefined],
    ["LOCALE_ARCHIVE", isGlibc ? archive && below(archive) : undefined],
  ];
  return values.flatMap(([name, value]) => (value === undefined ? [] : [{ does: "set-default", name, value }]));
}

/** A text of before with the paths of the store that are in the bundle where they are now. */
export function movedText(text: string, storeDirectory: string, below: Below, layout: Layout): string {
  let moved = text;
  for (const path of new Set(storePathsIn(text, storeDirectory))) {
    const object = storeObjectOf(path, storeDirectory);
    const real = object === undefined ? undefined : realPathOf(object);
    if (object !== undefined && real !== undefined && layout.contains(real)) {
      moved = moved.replaceAll(object, below(object));
    }
  }
  return moved;
}

/** A path in a value: after its beginning, a separator of lists, a quote, or an option of one letter. */
const pathInText = /(?<=^|[:;,=\s"']|(?:^|\s)-[A-Za-z])\/(?!\/)[^:;,\s"']*/g;

/** What many programs put names in, as Lua does: `/usr/share/lua/5.4/?.lua`. */
const pattern = /[?*%$]/;

/**
 * A value that somebody asks for, with the paths that are in the bundle where they are now. Of one with a pattern in it
 * the directories before that count. `outside`: the other paths.
 */
export function placedText(
  text: string,
  layout: Pick<Layout, "contains">,
  below: Below,
): { readonly text: string; readonly outside: readonly string[] } {
  const outside: string[] = [];
  const placed = (path: string): string => {
    const at = path.search(pattern);
    const fixed = at === -1 ? path : path.slice(0, path.lastIndexOf("/", at));
    const real = realPathOf(fixed === "" ? "/" : fixed);
    if (real !== undefined && layout.contains(real)) return below(real) + path.slice(fixed.length);
    outside.push(path);
    return path;
  };
  // It may be one path with spaces.
  const isWhole = text.startsWith("/") && realPathOf(text) !== undefined;
  return { text: isWhole ? placed(text) : text.replace(pathInText, placed), outside };
}
