// From the intended load to what is installed: run path, its tag, injected needed entries. Each choice is checked by
// simulating the load that it leads to.

import { cLibraryDirectory, isCLibraryName } from "./c-library.ts";
import { openCandidate } from "./candidate.ts";
import type { ResolveContext } from "./context.ts";
import type { Decision, Place } from "./intended-search.ts";
import { endsLoad, type Load, type Lookup, type Program, simulateLoad } from "./load-order.ts";
import type { Resolution } from "./model.ts";
import { nativeSearch } from "./native-search.ts";
import { joinPath } from "./path.ts";
import { entryFor, meaningOf, normalise, type RunPathEntry, withoutDuplicates } from "./run-path.ts";

/** What an executable is given, and the load that follows from it. */
export interface Installation {
  readonly runPath: readonly RunPathEntry[];
  readonly tag: Resolution["runPathTag"];
  readonly reason: Resolution["runPathReason"];
  readonly neededLast: readonly string[];
  readonly load: Load;
}

/** A name that an object of the process will want later (a plug-in's needed entry), and what can carry it. */
export interface CarriedNeed {
  readonly name: string;
  readonly place: Place;
  /** The object that wants it has a DT_RUNPATH, so the executable's DT_RPATH does not help it. */
  readonly ignoresRpath: boolean;
}

/** The executable as it would be with these additions. */
export function programWith(
  program: Program,
  runPath: readonly RunPathEntry[],
  tag: Resolution["runPathTag"],
  needed: {
    readonly first?: readonly string[];
    readonly last: readonly string[];
  },
): Program {
  const text = runPath.length === 0 ? undefined : runPath.map((entry) => entry.text).join(":");
  return {
    ...program,
    facts: {
      ...program.facts,
      rpath: tag === "rpath" ? text : undefined,
      runpath: tag === "runpath" ? text : undefined,
      needed: [...(needed.first ?? []), ...program.facts.needed, ...needed.last],
    },
  };
}

/**
 * The run path: existing entries, then the places that decisions use in the order of `places`, then the runtime
 * dependencies and the appended entries; the interpreter's directory last, where its default search does not have it. It
 * comes before the first directory with a C library of another build, which ld.so would take otherwise.
 */
export function composeRunPath(
  program: Program,
  places: readonly Place[],
  used: ReadonlySet<Place>,
  context: ResolveContext,
): readonly RunPathEntry[] {
  const { interpreter } = context;
  const carried = places.filter(
    (place) => place.kind === "existing" || (used.has(place) && place.kind !== "interpreter"),
  );
  const verbatim = (text: string): RunPathEntry => ({
    text,
    directory: meaningOf(text, program.origin, context) ?? text,
  });
  const entries = withoutDuplicates([
    ...carried.flatMap((place) => place.entry ?? []),
    ...context.runtimeDependencies.flatMap((directory) => entryFor(directory, program.path, context) ?? []),
    ...context.appendRunPath.map(verbatim),
  ]);
  const home = cLibraryDirectory(context);
  const own = entryFor(home, program.path, context);
  if (own === undefined) return entries;
  const rival = context.keepLibc
    ? -1
    : entries.findIndex(({ directory }) => hasRivalCLibrary(directory, home, program, context));
  if (rival !== -1) return withoutDuplicates([...entries.slice(0, rival), own, ...entries.slice(rival)]);
  const isUsed = interpreter.cLibrary === "glibc" || [...used].some((place) => place.directory === home);
  const isSearched = interpreter.defaultDirectories.some((directory) => normalise(directory) === normalise(home));
  return isUsed && !isSearched ? withoutDuplicates([...entries, own]) : entries;
}

/** Whether `directory` holds a library of the interpreter's family that a process would load and that is not the interpreter's own. */
function hasRivalCLibrary(
  directory: string,
  home: string,
  { header }: Program,
  { index, interpreter }: ResolveContext,
): boolean {
  if (interpreter.cLibrary === "musl" || index.realPath(directory) === index.realPath(home)) return false;
  return index.list(home).some((name) => {
    if (!isCLibraryName(name) || !index.has(directory, name)) return false;
    const rival = joinPath(directory, name);
    return (
      openCandidate(index, header, rival).kind === "library" &&
      index.realPath(rival) !== index.realPath(joinPath(home, name))
    );
  });
}

/** Chooses tag and injected entries so that the load becomes the intended one, as far as that can be had. */
export function install(
  program: Program,
  runPath: readonly RunPathEntry[],
  decisions: readonly Decision[],
  needs: readonly CarriedNeed[],
  extraNeeded: readonly string[],
  context: ResolveContext,
): Installation {
  const search = nativeSearch(context, program.header);
  const isGlibc = context.interpreter.cLibrary === "glibc";
  const intended = new Map(decisions.map((decision) => [decision.name, decision]));

  function attempt(tag: Resolution["runPathTag"], last: readonly string[]): Load {
    return simulateLoad(programWith(program, runPath, tag, { last }), context.interpreter, search);
  }

  function strays(load: Load): readonly Lookup[] {
    return load.lookups.filter((lookup) => isStray(lookup, intended.get(lookup.name)));
  }

  const { tag, reason } = chooseTag();
  let neededLast: readonly string[] = [...extraNeeded];
  if (isGlibc) {
    const byNeeds = needs.filter((need) => need.ignoresRpath || tag === "runpath").map((need) => need.name);
    neededLast = [...new Set([...neededLast, ...byNeeds])];
  }
  let load = attempt(tag, neededLast);
  for (;;) {
    const injected = strays(load)
      .filter((stray) => stray.by.loader !== undefined && !neededLast.includes(stray.name))
      .map((stray) => stray.name);
    if (!isGlibc || injected.length === 0) break;
    neededLast = [...new Set([...neededLast, ...injected])];
    load = attempt(tag, neededLast);
  }
  return { runPath, tag, reason, neededLast, load };

  function chooseTag(): {
    tag: Resolution["runPathTag"];
    reason: Resolution["runPathReason"];
  } {
    if (context.runPathMode !== "auto") return { tag: context.runPathMode, reason: "asked" };
    if (!isGlibc) return { tag: "runpath", reason: "default" };
    if (program.facts.rpath !== undefined && !context.ignoreExistingRunPath) {
      return { tag: "rpath", reason: "executable-has-rpath" };
    }
    const isInherited =
      needs.some((need) => !need.ignoresRpath) ||
      strays(attempt("runpath", extraNeeded)).some(
        ({ by }) => by.loader !== undefined && by.facts.runpath === undefined,
      );
    if (isInherited) return { tag: "rpath", reason: "bundled-needs-inherited-search" };
    return { tag: "runpath", reason: "default" };
  }
}

/** Whether a lookup does not find what is meant: nothing, a file that ends the load, or the wrong one where it matters. */
function isStray(lookup: Lookup, decision: Decision | undefined): boolean {
  if (decision?.file === undefined) return false;
  const { target } = lookup;
  if (target === undefined) return true;
  if (target === "kernel" || target.fileId === undefined || lookup.outcome === undefined) return false;
  if (endsLoad(lookup)) return true;
  const isParticular = isCLibraryName(lookup.name) || (decision.place !== "own" && decision.place?.kind === "bundled");
  return isParticular && target.fileId !== decision.file.fileId;
}
