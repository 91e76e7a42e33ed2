// The store as it is after a move: every store path where it was beside the others, and nothing in the old place. A
// symbolic link with an absolute target leads nowhere there.

import { lstatSync, readlinkSync } from "node:fs";
import { isInside, joinPath, normalise, relativePath, systemPath } from "../../base/path.ts";
import { unlessRefused } from "../../base/system-error.ts";
import { textOfBytes } from "../../base/text.ts";
import type { ResolveContext } from "../solve/resolve-context.ts";
import type { LibraryIndex } from "./library-index.ts";

type StoreContext = Pick<ResolveContext, "index" | "storeDirectory" | "relocatable">;

/** Whether what lies in `directory` is moved with the whole store. */
export function movesWithStore(directory: string, { relocatable, storeDirectory }: StoreContext): boolean {
  return relocatable === "store" && isInside(directory, storeDirectory);
}

/**
 * How to get from `origin`, a directory without symbolic links, to `path`, by links that are moved too; undefined where
 * the two are not moved together.
 */
export function relativeInStore(path: string, origin: string, context: StoreContext): string | undefined {
  if (!movesWithStore(origin, context)) return undefined;
  const to = withoutAbsoluteLinks(path, context);
  return isInside(to, context.storeDirectory) ? relativePath(origin, to) : undefined;
}

/** `path` without `.` and `..`: as text, unless a symbolic link before a `..` makes it another file. */
export function withoutDots(path: string, { index }: Pick<StoreContext, "index">): string {
  const normal = normalise(path);
  if (normal === path) return path;
  const real = index.realPath(path);
  return index.realPath(normal) === real ? normal : real;
}

/** More symbolic links than the kernel follows. Source: Linux include/linux/namei.h, MAXSYMLINKS. */
const mostLinks = 40;

const knownPaths = new WeakMap<LibraryIndex, Map<string, string>>();

/** `path`, absolute, with each symbolic link on the way whose target is an absolute path of the store replaced by that. */
export function withoutAbsoluteLinks(
  path: string,
  { index, storeDirectory }: Omit<StoreContext, "relocatable">,
): string {
  const ofIndex = knownPaths.get(index) ?? new Map<string, string>();
  knownPaths.set(index, ofIndex);
  let links = 0;

  function follow(path: string): string {
    const known = ofIndex.get(path);
    if (known !== undefined) return known;
    const followed = replaced(path);
    ofIndex.set(path, followed);
    return followed;
  }

  function replaced(path: string): string {
    const parts = path.split("/").filter((part) => part !== "");
    let reached = "/";
    for (const [at, part] of parts.entries()) {
      const here = joinPath(reached, part);
      // What stands above the store, and the store itself, is where whoever moves it puts it.
      const target = isInside(here, storeDirectory) && here !== storeDirectory ? linkTarget(here) : undefined;
      if (target !== undefined && ++links <= mostLinks) {
        const isAbsolute = target.startsWith("/");
        const meant = normalise(isAbsolute ? target : joinPath(index.realPath(reached), target));
        const followed = follow(meant);
        if (isInside(meant, storeDirectory) && (isAbsolute || followed !== meant)) {
          return follow([followed, ...parts.slice(at + 1)].join("/"));
        }
      }
      reached = here;
    }
    return reached;
  }

  return follow(withoutDots(path, { index }));
}

function linkTarget(path: string): string | undefined {
  return unlessRefused(() => {
    if (!lstatSync(systemPath(path), { throwIfNoEntry: false })?.isSymbolicLink()) return undefined;
    return textOfBytes(readlinkSync(systemPath(path), "buffer"));
  }, undefined);
}

/** Where the store stands after the move: a directory that is nowhere. */
const newPlace = "/.moved";

/** The path that `path` has after the move. */
export function movedPath(path: string): string {
  return newPlace + path;
}

/** The path that a path after the move had before; any other as it is. */
export function pathBeforeMove(path: string): string {
  return isInside(path, newPlace) ? normalise(path.slice(newPlace.length)) : path;
}

/** `index` as it finds things after the move. */
export function movedIndex({ index, storeDirectory }: Omit<StoreContext, "relocatable">): LibraryIndex {
  /** Undefined where nothing is. */
  function before(path: string): string | undefined {
    if (!isInside(path, newPlace)) return isInside(normalise(path), storeDirectory) ? undefined : path;
    const old = withoutDots(path.slice(newPlace.length), { index });
    return withoutAbsoluteLinks(old, { index, storeDirectory }) === old ? old : undefined;
  }

  function asked<Answer>(path: string, ask: (path: string) => Answer, nothing: Answer): Answer {
    const old = before(path);
    return old === undefined ? nothing : ask(old);
  }

  return {
    open: (path) => asked(path, index.open, { kind: "absent" }),
    has: (directory, name) => asked(directory, (old) => index.has(old, name), false),
    list: (directory) => asked(directory, index.list, []),
    isDirectory: (path) => asked(path, index.isDirectory, false),
    realPath: (path) => asked(path, (old) => movedPath(index.realPath(old)), path),
    expect: index.expect,
    consulted: index.consulted,
  };
}
