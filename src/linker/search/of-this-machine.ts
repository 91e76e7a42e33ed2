// Directories that may be on this machine alone. The one that wraps is not the one that runs the program: what is found
// there now must not win over what is given.

import { isInside, normalise, withoutTrailingSlashes } from "../../base/path.ts";
import type { FileHeader } from "../../elf/elf-file.ts";
import { interpreterDirectories } from "../interpreter/c-library.ts";
import type { LinkedObject, Search } from "../load/load-order.ts";
import type { ResolveContext } from "../solve/resolve-context.ts";
import { nativeSearch } from "./native-search.ts";
import { oncePerRun } from "./per-run.ts";
import { hasTokens } from "./tokens.ts";

const known = oncePerRun(() => new Map<string, boolean>());

/**
 * Whether nothing says that `path` (absolute) will be there where the program runs: it lies neither in the store nor in
 * what is wrapped nor in a directory that is given or the interpreter's own, and not below /run, where NixOS puts what a
 * machine has.
 */
export function isOfThisMachine(path: string, context: ResolveContext): boolean {
  const ofRun = known(context.index, context.bundledLibraries);
  const key = `${context.interpreter.path}\0${path}`;
  const old = ofRun.get(key);
  if (old !== undefined) return old;
  const isOnlyHere = !isElsewhere(path, context);
  ofRun.set(key, isOnlyHere);
  return isOnlyHere;
}

function isElsewhere(path: string, context: ResolveContext): boolean {
  const { index, trees, storeDirectory } = context;
  const written = normalise(path);
  if ([storeDirectory, "/run"].some((root) => isInside(written, root))) return true;
  const roots = [
    ...trees,
    ...context.libraryDirectories,
    ...context.fallbackLibraryDirectories,
    ...context.runtimeDependencies,
    ...context.appendRunPath.filter((entry) => entry.startsWith("/")),
    ...interpreterDirectories(context),
  ];
  if (roots.some((root) => isInside(written, normalise(root)))) return true;
  // Another spelling of such a directory: /lib for /usr/lib.
  const real = index.realPath(path);
  return roots.some((root) => isInside(real, index.realPath(root)));
}

/**
 * The interpreter's search as it is on a machine that has what is wrapped and given, and nothing else that this one has:
 * what an object of the trees finds by an absolute entry of its own that may be here alone is found last.
 */
export function searchElsewhere(context: ResolveContext, header: FileHeader): Search {
  const { index, interpreter, trees } = context;
  function isOfMachine(object: LinkedObject, path: string): boolean {
    return trees.some((tree) => isInside(object.path, tree)) && isOfThisMachine(path, context) && names(object, path);
  }
  return nativeSearch({ index, interpreter, isOfMachine }, header);
}

/** Whether the object has the path as it is, and not by a token: `$ORIGIN` goes where the object goes. */
function names({ facts }: LinkedObject, path: string): boolean {
  const entries = (facts.runpath ?? facts.rpath ?? "").split(/[:\n]/);
  const written = withoutTrailingSlashes(path);
  return [...entries, ...facts.needed].some((entry) => !hasTokens(entry) && withoutTrailingSlashes(entry) === written);
}
