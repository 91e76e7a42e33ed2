// Where a library is meant to come from, before there is a run path: the order of search that the project promises.
// A search for load-order.ts, so that the intended load is a simulation like every other.

import type { FileHeader } from "../elf/model.ts";
import { interpreterDirectories, isCLibraryName } from "./c-library.ts";
import { openCandidate } from "./candidate.ts";
import type { ResolveContext } from "./context.ts";
import type { LibraryFile } from "./library-index.ts";
import type { LinkedObject, Refused, Search, SearchOutcome } from "./load-order.ts";
import { nativeSearch } from "./native-search.ts";
import { directoryOf, distance, joinPath } from "./path.ts";
import { entryFor, type RunPathEntry } from "./run-path.ts";

/** Which list a directory stands in, in the order of preference. */
export type DirectoryKind = "existing" | "bundled" | "library" | "interpreter" | "fallback";

/** A directory to search, and how it would be written into the run path; undefined where there is no way. */
export interface Place {
  readonly kind: DirectoryKind;
  readonly directory: string;
  readonly entry: RunPathEntry | undefined;
}

/** Where a name was found; "own" when the object that wants it finds it by itself. */
export interface Decision {
  readonly name: string;
  readonly by: LinkedObject;
  readonly place: Place | "own" | undefined;
  readonly path: string | undefined;
  readonly file: LibraryFile | undefined;
}

export interface IntendedSearch {
  readonly search: Search;
  /** What was decided so far, in order. */
  readonly decisions: readonly Decision[];
  readonly places: readonly Place[];
}

/**
 * The places to search on behalf of `executable`, best first. Among the directories of the trees the nearest to the
 * executable comes first, then the one found first, so that two versions bundled side by side stay apart.
 */
export function placesFor(
  executable: string,
  existing: readonly RunPathEntry[],
  context: ResolveContext,
): readonly Place[] {
  const here = directoryOf(executable);
  const bundled = [...new Set(context.bundledLibraries.map(directoryOf))];
  const nearest = bundled
    .map((directory) => ({ directory, steps: distance(here, directory) }))
    .sort((a, b) => a.steps - b.steps)
    .map(({ directory }) => directory);

  function places(kind: DirectoryKind, directories: readonly string[]): readonly Place[] {
    return directories.map((directory) => ({
      kind,
      directory,
      entry: entryFor(directory, executable, context),
    }));
  }

  return [
    ...existing.map(
      (entry): Place => ({
        kind: "existing",
        directory: entry.directory,
        entry,
      }),
    ),
    ...places("bundled", nearest),
    ...places("library", context.libraryDirectories),
    ...places("interpreter", interpreterDirectories(context)),
    ...places("fallback", context.fallbackLibraryDirectories),
  ];
}

/**
 * The search in that order. What a library finds by its own run path is its own affair and comes first; the C library
 * comes from the interpreter's directory wherever it has it, unless a bundled one is to be kept.
 */
export function intendedSearch(places: readonly Place[], header: FileHeader, context: ResolveContext): IntendedSearch {
  const { index } = context;
  const native = nativeSearch(context, header);
  const decisions: Decision[] = [];
  const ofInterpreter = places.filter((place) => place.kind === "interpreter");
  const bundled = places.filter((place) => place.kind === "bundled" || place.kind === "existing");

  function orderFor(name: string): readonly Place[] {
    if (!isCLibraryName(name)) return places;
    return context.keepLibc ? [...bundled, ...ofInterpreter, ...places] : [...ofInterpreter, ...places];
  }

  function findIn(order: readonly Place[], name: string, refused: Refused[]) {
    let searched = 0;
    for (const place of order) {
      searched++;
      if (!index.has(place.directory, name)) continue;
      const path = joinPath(place.directory, name);
      const candidate = openCandidate(index, header, path);
      if (candidate.kind === "absent") continue;
      if (candidate.kind === "refused") refused.push({ path, ...candidate.refusal });
      else if (place.entry === undefined && place.kind !== "interpreter") {
        refused.push({
          path,
          reason: "inexpressible-directory",
          stopsLoad: false,
        });
      } else return { place, path, file: candidate.file, searched };
    }
    return { place: undefined, path: undefined, file: undefined, searched };
  }

  const search: Search = (name, loader, main) => {
    const own = native(name, loader, main);
    if (name.includes("/") || isOwnChoice(own, name)) {
      const file = own.found?.file;
      decisions.push({
        name,
        by: loader,
        place: file && "own",
        path: own.found?.path,
        file,
      });
      return own;
    }
    const refused: Refused[] = [...own.refused];
    const { place, path, file, searched } = findIn(orderFor(name), name, refused);
    decisions.push({ name, by: loader, place, path, file });
    if (place === undefined) return { found: undefined, searched: own.searched + searched, refused };
    const provenance = {
      kind: "runpath",
      by: main.path,
      directory: place.directory,
    } as const;
    return {
      found: { path, file, provenance },
      searched: own.searched + searched,
      refused,
    };
  };

  /** What the default directories would give is not a choice: everything listed above comes before them. */
  function isOwnChoice({ found }: SearchOutcome, name: string): boolean {
    if (found === undefined || found.provenance.kind === "default") return false;
    if (context.keepLibc || !isCLibraryName(name)) return true;
    const rightful = ofInterpreter.find(({ directory }) => index.has(directory, name));
    if (rightful === undefined) return true;
    const finding = index.open(joinPath(rightful.directory, name));
    return finding.kind === "elf" && finding.file.fileId === found.file.fileId;
  }

  return { search, decisions, places };
}
