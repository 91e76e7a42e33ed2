// Which files belong together. What an executable opens while it runs is in its own package, or belongs to a library
// that it loads: of a directory with a hundred unpacked packages none opens another's plug-ins.

import { readEntries } from "../base/directory-entries.ts";
import { baseName, isInside, normalise } from "../base/path.ts";
import { requireErrorCode } from "../base/system-error.ts";
import type { LibraryMode } from "../linker/solve/library-settings.ts";
import type { PackageOf } from "../linker/solve/resolve-context.ts";

/** A directory with one of these is one installed thing, whatever else it holds. */
const prefixNames: ReadonlySet<string> = new Set(
  "bin sbin lib lib32 lib64 libx32 libexec share opt etc var usr app resources node_modules".split(" "),
);

/** Directories that are a part of the thing they lie in. */
const partNames: ReadonlySet<string> = new Set([...prefixNames, "site-packages", "dist-packages", "plugins"]);

/** What the packages of a run are told by. */
export interface PackageFacts {
  /** What is to be wrapped, and the directories of files named by themselves; without symlinks. */
  readonly directories: readonly string[];
  /** Those that are to be wrapped. */
  readonly executables: readonly string[];
  readonly libraries: LibraryMode;
}

/**
 * All that is named is one package, with one exception: a directory that holds nothing but directories, none of them
 * named like a part of an installed program (`bin`, `lib`, `usr` and so on), is a collection, and each directory in it is a
 * package. Where libraries are carried or left alone, whoever may open them, a package without executables is anyone's.
 */
export function packagesOf({ directories, executables, libraries }: PackageFacts): PackageOf {
  const collections = directories.filter(isCollection);
  if (collections.length === 0) return () => "";
  function nameOf(path: string): string | undefined {
    const written = path.includes("/.") ? normalise(path) : path;
    const collection = collections.find((directory) => isInside(written, directory));
    if (collection === undefined) return directories.some((directory) => isInside(written, directory)) ? "" : undefined;
    const start = collection.length + 1;
    const end = written.indexOf("/", start);
    return written.slice(0, end === -1 ? written.length : end);
  }
  if (libraries !== "carry") return nameOf;
  const withExecutables = new Set(executables.map(nameOf));
  return (path) => {
    const name = nameOf(path);
    return withExecutables.has(name) ? name : undefined;
  };
}

function isCollection(directory: string): boolean {
  if (partNames.has(baseName(directory))) return false;
  try {
    const entries = readEntries(directory);
    return entries.length > 0 && entries.every(({ name, kind }) => kind === "directory" && !prefixNames.has(name));
  } catch (error) {
    requireErrorCode(error);
    return false;
  }
}
