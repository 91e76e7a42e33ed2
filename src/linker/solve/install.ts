// From the intended load to what is installed: the run path's order and tag, injected needed entries. Each choice is
// checked by simulating the load that it leads to.

import { directoryOf, normalise } from "../../base/path.ts";
import { isCLibraryName } from "../interpreter/c-library.ts";
import { endsLoad, type Load, type Lookup, type Program, simulateLoad, simulateOwnLoad } from "../load/load-order.ts";
import { openCandidate } from "../search/candidate.ts";
import type { Decision } from "../search/intended-search.ts";
import { searchElsewhere } from "../search/of-this-machine.ts";
import type { Place, Places } from "../search/places.ts";
import { type RunPathEntry, withoutDuplicates } from "../search/run-path.ts";
import type { Resolution } from "./resolution.ts";
import type { ResolveContext } from "./resolve-context.ts";

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
  /** Only searched for, never loaded for its sake: what `.note.dlopen` mentions. */
  readonly isOptional: boolean;
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

/** What is meant to be loaded, and the means that are there already. */
export interface Intention {
  readonly decisions: readonly Decision[];
  readonly needs: readonly CarriedNeed[];
  readonly places: Places;
  /** As `composeRunPath` made it. */
  readonly runPath: readonly RunPathEntry[];
  /** Needed entries that stand after the original ones already. */
  readonly added: readonly string[];
  /** Loads of this program that have been simulated, by what it had. */
  readonly attempts: Map<string, Load>;
}

/** Chooses order, tag and injected entries so that the load becomes the intended one, as far as that can be had. */
export function install(program: Program, intention: Intention, context: ResolveContext): Installation {
  const { decisions, needs, places, added, attempts } = intention;
  const search = searchElsewhere(context, program.header);
  const isGlibc = context.interpreter.cLibrary === "glibc";
  const intended = new Map(decisions.map((decision) => [decision.name, decision]));

  function attempt(runPath: readonly RunPathEntry[], tag: Resolution["runPathTag"], last: readonly string[]): Load {
    const key = [tag, last.join(" "), ...runPath.map(({ text }) => text)].join(":");
    const load =
      attempts.get(key) ?? simulateLoad(programWith(program, runPath, tag, { last }), context.interpreter, search);
    attempts.set(key, load);
    return load;
  }

  function strays(load: Load): readonly Lookup[] {
    return load.lookups.filter((lookup) => {
      const decision = intended.get(lookup.name);
      // Another order of directories can load another library, with needs that nobody has decided about.
      return decision === undefined ? isOverlooked(lookup) : isStray(lookup, decision);
    });
  }

  function isOverlooked({ name, target }: Lookup): boolean {
    return target === undefined && holderOf(name) !== undefined;
  }

  /** The best place with a library of this name. */
  function holderOf(name: string): Place | undefined {
    return places.having(name).find(({ path }) => openCandidate(context, program.header, path).kind === "library")
      ?.place;
  }

  let runPath = reordered();
  const { tag, reason } = chooseTag();
  const carried = needs.filter((need) => !need.isOptional && (need.ignoresRpath || tag === "runpath"));
  let neededLast = [...new Set([...added, ...(isGlibc ? carried.map(({ name }) => name) : [])])];
  let load = attempt(runPath, tag, neededLast);
  for (;;) {
    const left = strays(load);
    // musl's libraries inherit every run path, so there is nothing to inject.
    const names = isGlibc ? left.flatMap(({ by, name }) => (by.loader === undefined ? [] : [name])) : [];
    const injected = names.filter((name) => !neededLast.includes(name));
    const extended = withoutDuplicates([
      ...runPath,
      ...left.flatMap(({ name }) => (intended.has(name) ? [] : (holderOf(name)?.entry ?? []))),
    ]);
    if (injected.length === 0 && extended.length === runPath.length) break;
    neededLast = [...new Set([...neededLast, ...injected])];
    runPath = extended;
    load = attempt(runPath, tag, neededLast);
  }
  return { runPath, tag, reason, neededLast, load };

  /**
   * The run path with a directory moved in front of the one whose file of that name keeps the executable from what it
   * is meant to find: a text file called libc.so, where the library stands in a later directory.
   */
  function reordered(): readonly RunPathEntry[] {
    let best = intention.runPath;
    let remaining = ownStrays(best);
    for (const stray of remaining) {
      const moved = withMoved(best, stray, intended.get(stray.name));
      const left = ownStrays(moved);
      if (isBetter(left, remaining)) [best, remaining] = [moved, left];
    }
    return best;
  }

  function ownStrays(runPath: readonly RunPathEntry[]): readonly Lookup[] {
    // By musl every object is searched for in the executable's run path.
    if (!isGlibc) return strays(attempt(runPath, "runpath", added));
    const wanted = programWith(program, runPath, "runpath", { last: added });
    return strays(simulateOwnLoad(wanted, context.interpreter, search));
  }

  function chooseTag(): Pick<Installation, "tag" | "reason"> {
    if (context.runPathMode !== "auto") return { tag: context.runPathMode, reason: "asked" };
    if (!isGlibc) return { tag: "runpath", reason: "default" };
    if (program.facts.rpath !== undefined && !context.ignoreExistingRunPath) {
      return { tag: "rpath", reason: "executable-has-rpath" };
    }
    // What a library opens is searched for by its own run path and by what it inherits: a DT_RUNPATH is neither.
    // Source: glibc elf/dl-load.c, _dl_map_object.
    if (context.runtimeDependencies.length + context.appendRunPath.length > 0) {
      return { tag: "rpath", reason: "given-directories" };
    }
    const isInherited =
      needs.some((need) => !need.ignoresRpath) ||
      strays(attempt(runPath, "runpath", added)).some(
        ({ by }) => by.loader !== undefined && by.facts.runpath === undefined,
      );
    if (isInherited) return { tag: "rpath", reason: "bundled-needs-inherited-search" };
    return { tag: "runpath", reason: "default" };
  }
}

/** Fewer names that are not found at all, or as many and fewer that are found elsewhere than meant. */
function isBetter(left: readonly Lookup[], before: readonly Lookup[]): boolean {
  const unfound = (strays: readonly Lookup[]) => strays.filter(({ target }) => target === undefined).length;
  return unfound(left) < unfound(before) || (unfound(left) === unfound(before) && left.length < before.length);
}

/** `runPath` with the directory that is meant for a stray lookup right before the directory that it ended in. */
function withMoved(
  runPath: readonly RunPathEntry[],
  { target, outcome }: Lookup,
  decision: Decision | undefined,
): readonly RunPathEntry[] {
  const place = decision?.place;
  const entry = place === undefined || place === "own" ? undefined : place.entry;
  const found = target === undefined || target === "kernel" ? outcome?.refused.at(-1)?.path : target.path;
  if (entry === undefined || found === undefined) return runPath;
  const where = normalise(directoryOf(found));
  const culprit = runPath.findIndex(({ directory }) => normalise(directory) === where);
  if (culprit === -1) return runPath;
  return withoutDuplicates([...runPath.slice(0, culprit), entry, ...runPath.slice(culprit)]);
}

/**
 * Whether a lookup does not find what is meant: nothing, a file that ends the load, or the wrong one where it matters.
 */
export function isStray(lookup: Lookup, decision: Decision): boolean {
  if (decision.file === undefined) return false;
  const { target } = lookup;
  if (target === undefined) return true;
  if (target === "kernel" || target.fileId === undefined || lookup.outcome === undefined) return false;
  if (endsLoad(lookup)) return true;
  if (target.fileId === decision.file.fileId) return false;
  const kind = decision.place === "own" ? undefined : decision.place?.kind;
  // Where this machine's directory is not there, the lookup finds nothing.
  if (lookup.outcome.found?.isOfMachine === true) return true;
  return isCLibraryName(lookup.name) || kind === "bundled" || kind === "existing";
}
