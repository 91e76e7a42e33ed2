// Run path entries: what one means, and how a directory is written into one.

import { directoryOf, isInside, joinPath, relativePath, withoutTrailingSlashes } from "../../base/path.ts";
import type { ResolveContext } from "../solve/resolve-context.ts";
import type { LibraryIndex } from "./library-index.ts";
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

/** `path` as `$ORIGIN/…` of `executable`; undefined when they lie in no common tree or the rest cannot be written. */
export function originRelative(path: string, executable: string, context: ResolveContext): string | undefined {
  const { index, trees } = context;
  const tree = trees.find((root) => isInside(path, root) && isInside(executable, root));
  if (tree === undefined) return undefined;
  const relative = relativePath(directoryOf(executable), path);
  if (relative === "") return "$ORIGIN";
  if (!canBeWritten(relative, context) || hasTokens(relative)) return undefined;
  // A symbolic link on the way would make `..` mean another directory when the program runs.
  const reached = joinPath(originOf(executable, index), relative);
  return index.realPath(reached) === index.realPath(path) ? `$ORIGIN/${relative}` : undefined;
}

/** Each directory once, the first of its entries; entries that mean nothing here are compared as written. */
export function withoutDuplicates(entries: readonly RunPathEntry[]): readonly RunPathEntry[] {
  const seen = new Set<string>();
  return entries.filter(({ directory }) => {
    const key = normalise(directory);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** `.` and `..` resolved as text: good enough to see that `$ORIGIN/../lib` and an absolute spelling are one. */
export function normalise(path: string): string {
  if (isNormal(path)) return path;
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") kept.pop();
    else kept.push(part);
  }
  return `/${kept.join("/")}`;
}

/** Most paths are: absolute, without `.` and `..`, without a slash too many. A dot that begins a name is looked at. */
function isNormal(path: string): boolean {
  return path.startsWith("/") && !path.includes("//") && !path.includes("/.") && (path === "/" || !path.endsWith("/"));
}
