// Run path entries: what one means, and how a directory is written into one.

import { directoryOf, isInside, joinPath, normalise, relativePath, withoutTrailingSlashes } from "../../base/path.ts";
import type { ResolveContext } from "../solve/resolve-context.ts";
import type { LibraryIndex } from "./library-index.ts";
import { relativeInStore } from "./moved-store.ts";
import { expandOrigin, expandTokens, hasOnlyOriginTokens, hasTokens, isExpressible } from "./tokens.ts";

/** An entry as written, and the directory that it means in the executable. */
export interface RunPathEntry {
  readonly text: string;
  readonly directory: string;
}

/** Where `executable` will be running: the directory of its real path. */
export function originOf(executable: string, index: LibraryIndex): string {
  return directoryOf(index.realPath(executable));
}

/** The directory that an entry means; undefined for a relative one and one that the interpreter cannot use. */
export function meaningOf(
  entry: string,
  origin: string,
  { interpreter }: Pick<ResolveContext, "interpreter">,
): string | undefined {
  const expanded = interpreter.cLibrary === "musl" ? expandForMusl(entry, origin) : expandTokens(entry, values());
  return expanded?.startsWith("/") ? withoutTrailingSlashes(expanded) : undefined;

  function values() {
    return {
      origin,
      lib: interpreter.libDirectoryName,
      platform: interpreter.platform,
    };
  }
}

function expandForMusl(entry: string, origin: string): string | undefined {
  return hasOnlyOriginTokens(entry) ? expandOrigin(entry, origin) : undefined;
}

/**
 * How to write `directory` into the run path of `executable`: absolute, or relative to `$ORIGIN` when it lies in the
 * same tree and the tree may be moved. Undefined when there is no way to write it (a colon, a name like a token).
 */
export function entryFor(directory: string, executable: string, context: ResolveContext): RunPathEntry | undefined {
  if (context.relocatable || !canBeWritten(directory, context)) {
    const relative = originRelative(directory, executable, context);
    if (relative !== undefined) return { text: relative, directory };
  }
  return canBeWritten(directory, context) ? { text: directory, directory } : undefined;
}

function canBeWritten(directory: string, context: ResolveContext): boolean {
  return context.interpreter.cLibrary === "musl" ? !/[:\n$]/.test(directory) : isExpressible(directory);
}

/**
 * A path or an entry of a run path as it is to be written for an executable in `origin`: by `$ORIGIN` where it is a path
 * of the store that is moved with the executable, else as it is.
 */
export function movableText(text: string, origin: string, context: ResolveContext): string {
  if (!text.startsWith("/")) return text;
  const relative = relativeInStore(text, origin, context);
  return (relative !== undefined && written(relative, context)) || text;
}

/** `$ORIGIN/RELATIVE`; undefined where a dynamic linker would read it as something else. */
function written(relative: string, context: ResolveContext): string | undefined {
  if (relative === "") return "$ORIGIN";
  return canBeWritten(relative, context) && !hasTokens(relative) ? `$ORIGIN/${relative}` : undefined;
}

/** `path` as `$ORIGIN/…` of `executable`; undefined when they are not moved together or the rest cannot be written. */
export function originRelative(path: string, executable: string, context: ResolveContext): string | undefined {
  const { index, trees } = context;
  const inStore = relativeInStore(path, originOf(executable, index), context);
  if (inStore !== undefined) return written(inStore, context);
  const tree = trees.find((root) => isInside(path, root) && isInside(executable, root));
  if (tree === undefined) return undefined;
  const relative = relativePath(directoryOf(executable), path);
  // A symbolic link on the way would make `..` mean another directory when the program runs.
  const reached = joinPath(originOf(executable, index), relative);
  return relative === "" || index.realPath(reached) === index.realPath(path) ? written(relative, context) : undefined;
}

/**
 * Each directory once, the first of its entries; entries that mean nothing here are compared as written. Of two
 * directories that are written alike the first counts: one was a link that is lost when the store is moved.
 */
export function withoutDuplicates(entries: readonly RunPathEntry[]): readonly RunPathEntry[] {
  const seen = new Set<string>();
  return entries.filter(({ directory, text }) => {
    const keys = [normalise(directory), text];
    const isNew = !keys.some((key) => seen.has(key));
    for (const key of keys) seen.add(key);
    return isNew;
  });
}
