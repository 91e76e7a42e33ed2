// The run path that an executable is to have, before it is tried.

import { directoryOf, joinPath, normalise } from "../../base/path.ts";
import { cLibraryDirectory, isCLibraryName } from "../interpreter/c-library.ts";
import type { Program } from "../load/load-order.ts";
import { openCandidate } from "../search/candidate.ts";
import type { LibraryIndex } from "../search/library-index.ts";
import { movesWithStore, withoutAbsoluteLinks } from "../search/moved-store.ts";
import { oncePerRun } from "../search/per-run.ts";
import { comparePlaces, type Place, type Places } from "../search/places.ts";
import { entryFor, meaningOf, movableText, type RunPathEntry, withoutDuplicates } from "../search/run-path.ts";
import type { ResolveContext } from "./resolve-context.ts";

/**
 * The run path: existing entries, then the places that decisions use in the order of `places`, then the runtime
 * dependencies and the appended entries; the interpreter's directory last, where its default search does not have it.
 * Entries that may be on this machine alone stand after all of them, and after what the interpreter would search by
 * itself.
 * It comes before the first directory with a C library of another build, which ld.so would take otherwise. It also
 * stands alone where nothing of the executable's own run path is kept: without any run path the loader leaves that one
 * in force. `foundByOthers`: directories of libraries that others find by themselves, to come after the places.
 */
export function composeRunPath(
  program: Program,
  places: Places,
  used: ReadonlySet<Place>,
  context: ResolveContext,
  foundByOthers: readonly string[] = [],
): readonly RunPathEntry[] {
  const { interpreter } = context;
  const isFound = ({ kind }: Place) => kind !== "existing" && kind !== "machine" && kind !== "interpreter";
  const found = [...used].filter(isFound).sort(comparePlaces);
  const last = places.ofMachine.flatMap((place) => place.entry ?? []);
  // What the interpreter finds by itself comes after the whole run path.
  const before = last.length === 0 ? [] : [...used].filter(({ kind }) => kind === "interpreter").sort(comparePlaces);
  const verbatim = (text: string): RunPathEntry => ({
    text: movableText(text, program.origin, context),
    directory: meaningOf(text, program.origin, context) ?? text,
  });
  const entries = withoutDuplicates([
    ...[...places.existing, ...found].flatMap((place) => place.entry ?? []),
    ...foundByOthers.flatMap((directory) => entryFor(directory, program.path, context) ?? []),
    ...context.runtimeDependencies.flatMap((directory) => entryFor(directory, program.path, context) ?? []),
    ...context.appendRunPath.map(verbatim),
    ...before.flatMap((place) => place.entry ?? []),
  ]);
  const home = movableHome(context);
  const own = entryFor(home, program.path, context);
  if (own === undefined) return withoutDuplicates([...entries, ...last]);
  const rival = context.keepLibc
    ? -1
    : entries.findIndex(({ directory }) => hasRivalCLibrary(directory, home, program, context));
  if (rival !== -1) return withoutDuplicates([...entries.slice(0, rival), own, ...entries.slice(rival), ...last]);
  const isUsed = interpreter.cLibrary === "glibc" || [...used].some((place) => place.directory === home);
  const isSearched =
    !program.facts.skipsDefaultDirectories &&
    // A dynamic linker of the store searches the old place when it has been moved.
    !movesWithStore(home, context) &&
    interpreter.defaultDirectories.some((directory) => normalise(directory) === normalise(home));
  const isAfter = last.length > 0;
  const mustReplace = entries.length === 0 && (program.facts.runpath ?? program.facts.rpath ?? "") !== "";
  const isNamed = mustReplace || (isUsed && (isAfter || !isSearched));
  return isNamed ? withoutDuplicates([...entries, own, ...last]) : withoutDuplicates([...entries, ...last]);
}

/** The C library's directory, and where it lies itself if a link leads to it that is lost when the store is moved. */
export function movableHome(context: ResolveContext): string {
  const { index, interpreter } = context;
  const home = cLibraryDirectory(context);
  if (!movesWithStore(home, context)) return home;
  const library = joinPath(home, "libc.so.6");
  return directoryOf(withoutAbsoluteLinks(index.has(home, "libc.so.6") ? library : interpreter.path, context));
}

/**
 * Whether `directory` holds a library of the interpreter's family that a process would load and that is not the
 * interpreter's own.
 */
function hasRivalCLibrary(
  directory: string,
  home: string,
  { header }: Program,
  { index, interpreter }: ResolveContext,
): boolean {
  if (interpreter.cLibrary === "musl" || index.realPath(directory) === index.realPath(home)) return false;
  return familyIn(index, interpreter.defaultDirectories, home).some((name) => {
    if (!index.has(directory, name)) return false;
    const rival = joinPath(directory, name);
    return (
      openCandidate({ index, interpreter }, header, rival).kind === "library" &&
      index.realPath(rival) !== index.realPath(joinPath(home, name))
    );
  });
}

const familyOfRun = oncePerRun(() => new Map<string, readonly string[]>());

/** The names of the C library's own libraries in `home`, which may be a directory of a thousand others. */
function familyIn(index: LibraryIndex, searched: readonly string[], home: string): readonly string[] {
  const known = familyOfRun(index, searched);
  const names = known.get(home) ?? index.list(home).filter(isCLibraryName);
  known.set(home, names);
  return names;
}
