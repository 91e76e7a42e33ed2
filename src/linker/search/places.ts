// The directories where an executable's libraries are looked for, best first.

import { directoryOf, distance, joinPath } from "../../base/path.ts";
import { interpreterDirectories, isCLibraryName } from "../interpreter/c-library.ts";
import type { ResolveContext } from "../solve/resolve-context.ts";
import { directoryListOfRun } from "./directory-list.ts";
import type { OwnEntries } from "./own-entries.ts";
import { oncePerRun } from "./per-run.ts";
import { entryFor, type RunPathEntry } from "./run-path.ts";

/** Which list a directory stands in, in the order of preference. */
const kinds = ["existing", "bundled", "library", "interpreter", "fallback", "given", "machine"] as const;
export type DirectoryKind = (typeof kinds)[number];

/** A directory of the search. Places are compared by identity: one list has one object for each. */
export interface Place {
  readonly kind: DirectoryKind;
  readonly directory: string;
  /** How it is written into the run path; undefined where there is no way. */
  readonly entry: RunPathEntry | undefined;
  /** Smaller is searched first, among places of one kind. */
  readonly rank: number;
}

/** An entry of a directory: it may be a library, and may not. */
export interface Held {
  readonly place: Place;
  readonly path: string;
}

export interface Places {
  readonly existing: readonly Place[];
  /** The executable's own entries that may be on this machine alone. */
  readonly ofMachine: readonly Place[];
  /** The entries of this name in all places, the best place first. */
  having(name: string): readonly Held[];
  /** The place of a directory that is not one of the executable's own entries; undefined when there is none. */
  at(directory: string): Place | undefined;
  /** Every directory, best first: the executable's own, then those that all executables of the run share, as one list. */
  lists(): readonly (readonly string[])[];
  /** How many there are. */
  readonly count: number;
}

/** Sorts by preference. */
export function comparePlaces(a: Place, b: Place): number {
  return kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || a.rank - b.rank;
}

/** The directories of the bundled libraries, each once, in the order found. */
const bundledDirectories = oncePerRun((_, libraries: readonly string[]) => [...new Set(libraries.map(directoryOf))]);

/** Where a directory stands in a list. */
const numberOf = oncePerRun(
  (_, directories: readonly string[]) =>
    new Map(directories.toReversed().map((one, at) => [one, directories.length - 1 - at])),
);

/** For each interpreter, by its path. */
const sharedDirectoriesOfRun = oncePerRun(() => new Map<string, readonly string[]>());

/** All but the executable's own. */
function sharedDirectories(context: ResolveContext): readonly string[] {
  const { index, interpreter, bundledLibraries, libraryDirectories, fallbackLibraryDirectories } = context;
  const known = sharedDirectoriesOfRun(index, bundledLibraries);
  const directories = known.get(interpreter.path) ?? [
    ...bundledDirectories(index, bundledLibraries),
    ...libraryDirectories,
    ...interpreterDirectories(context),
    ...fallbackLibraryDirectories,
    ...givenDirectories(context),
  ];
  known.set(interpreter.path, directories);
  return directories;
}

/** For each list of appended entries. */
const givenDirectoriesOfRun = oncePerRun(() => new Map<string, readonly string[]>());

/** What stands at the end of every run path, whether something is found there or not. */
function givenDirectories({ index, runtimeDependencies, appendRunPath }: ResolveContext): readonly string[] {
  const known = givenDirectoriesOfRun(index, runtimeDependencies);
  const key = appendRunPath.join(":");
  const directories = known.get(key) ?? [
    ...runtimeDependencies,
    ...appendRunPath.filter((entry) => entry.startsWith("/")),
  ];
  known.set(key, directories);
  return directories;
}

/** The places that are no executable's own, as those of one directory see them. */
interface SharedPlaces {
  /** What they have been made for, compared by identity. */
  readonly settings: readonly unknown[];
  /** Best first. */
  having(name: string): readonly Held[];
  /** Those of the interpreter alone. */
  ofInterpreter(name: string): readonly Held[];
  at(directory: string): Place | undefined;
  readonly count: number;
}

/** By the executables' directory and the interpreter. */
const sharedPlacesOfRun = oncePerRun(() => new Map<string, SharedPlaces>());

/** Directories that are remembered: a run goes from one to the next, and one of a large tree takes 100 KB. */
const mostDirectories = 8;

/**
 * Worked out once for the executables of a directory: which places there are for a name, how far each is and how it is
 * written depends on nothing else.
 */
function sharedPlacesFor(executable: string, context: ResolveContext): SharedPlaces {
  const { index, interpreter, trees, libraryDirectories, fallbackLibraryDirectories } = context;
  const { runtimeDependencies, appendRunPath, relocatable } = context;
  const known = sharedPlacesOfRun(index, context.bundledLibraries);
  const key = `${directoryOf(executable)}\0${interpreter.path}`;
  const settings = [trees, libraryDirectories, fallbackLibraryDirectories, runtimeDependencies, appendRunPath];
  const same = [...settings, relocatable];
  const old = known.get(key);
  if (old?.settings.every((one, at) => one === same[at])) return old;
  const shared = makeSharedPlaces(executable, same, context);
  if (known.size >= mostDirectories) known.clear();
  known.set(key, shared);
  return shared;
}

type SharedKind = Exclude<DirectoryKind, "existing" | "machine">;
const sharedKinds = ["bundled", "library", "interpreter", "fallback", "given"] as const satisfies readonly SharedKind[];

function makeSharedPlaces(executable: string, settings: readonly unknown[], context: ResolveContext): SharedPlaces {
  const { index } = context;
  const here = directoryOf(executable);
  const lists: Record<SharedKind, readonly string[]> = {
    bundled: bundledDirectories(index, context.bundledLibraries),
    library: context.libraryDirectories,
    interpreter: interpreterDirectories(context),
    fallback: context.fallbackLibraryDirectories,
    given: givenDirectories(context),
  };
  const made: Record<SharedKind, Map<number, Place>> = {
    bundled: new Map(),
    library: new Map(),
    interpreter: new Map(),
    fallback: new Map(),
    given: new Map(),
  };
  const heldByName = new Map<string, readonly Held[]>();

  function place(kind: SharedKind, number: number): readonly Place[] {
    const directory = lists[kind][number];
    if (directory === undefined) return [];
    const known = made[kind].get(number);
    if (known !== undefined) return [known];
    const rank = kind === "bundled" ? distance(here, directory) * lists.bundled.length + number : number;
    const entry = entryFor(directory, executable, context);
    const one: Place = { kind, directory, entry, rank };
    made[kind].set(number, one);
    return [one];
  }

  function listed(kind: SharedKind, name: string): readonly Held[] {
    const held = directoryListOfRun(index, lists[kind])
      .having(name)
      .flatMap(({ number, path }) => place(kind, number).map((one): Held => ({ place: one, path })));
    return held.length > 1 ? held.sort((a, b) => comparePlaces(a.place, b.place)) : held;
  }

  return {
    settings,
    having(name) {
      const known = heldByName.get(name);
      if (known !== undefined) return known;
      const held = sharedKinds.flatMap((kind) => listed(kind, name));
      heldByName.set(name, held);
      return held;
    },
    ofInterpreter: (name) => listed("interpreter", name),
    at(directory) {
      for (const kind of sharedKinds) {
        const number = numberOf(index, lists[kind]).get(directory);
        if (number !== undefined) return place(kind, number)[0];
      }
      return undefined;
    },
    count: Object.values(lists).reduce((sum, list) => sum + list.length, 0),
  };
}

/**
 * The places to search on behalf of `executable`. Among the directories of the trees the nearest to the executable
 * comes first, then the one found first, so that two versions bundled side by side stay apart. The C library comes
 * from the interpreter's directories, unless a bundled one is to be kept.
 */
export function placesFor(executable: string, { kept, ofMachine }: OwnEntries, context: ResolveContext): Places {
  const { index, keepLibc } = context;
  const shared = sharedPlacesFor(executable, context);
  const placesOf = (kind: DirectoryKind, entries: readonly RunPathEntry[]) =>
    entries.map((entry, rank): Place => ({ kind, directory: entry.directory, entry, rank }));
  const first = placesOf("existing", kept);
  const last = placesOf("machine", ofMachine);

  function having(name: string): readonly Held[] {
    const rest = shared.having(name);
    if (first.length + last.length === 0) return rest;
    const among = (places: readonly Place[]) =>
      places.flatMap((place): readonly Held[] =>
        index.has(place.directory, name) ? [{ place, path: joinPath(place.directory, name) }] : [],
      );
    return [...among(first), ...rest, ...among(last)];
  }

  return {
    existing: first,
    ofMachine: last,
    having(name) {
      const ordinary = having(name);
      if (!isCLibraryName(name)) return ordinary;
      const own = keepLibc ? ordinary.filter(({ place: { kind } }) => kind === "existing" || kind === "bundled") : [];
      const best = [...own, ...shared.ofInterpreter(name)];
      return [...best, ...ordinary.filter(({ place }) => !best.some((one) => one.place === place))];
    },
    at: shared.at,
    lists: () => [
      kept.map(({ directory }) => directory),
      sharedDirectories(context),
      ofMachine.map(({ directory }) => directory),
    ],
    count: first.length + last.length + shared.count,
  };
}
