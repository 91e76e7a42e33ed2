// What a shared library needs so that it finds its own needed entries in a process that nobody wrapped: the same
// simulation, with the library where the executable stands. What its libraries need is their own affair: each of them
// is the root of a simulation of its own.

import { isInside } from "../../base/path.ts";
import { mayNameSymbol } from "../../elf/dynamic/imports.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { answerNotes } from "../load/dlopen-want.ts";
import { type Load, type Lookup, type Program, simulateLoad } from "../load/load-order.ts";
import { type Decision, intendedSearch } from "../search/intended-search.ts";
import { searchElsewhere } from "../search/of-this-machine.ts";
import { ownEntries } from "../search/own-entries.ts";
import { type Place, type Places, placesFor } from "../search/places.ts";
import { meaningOf } from "../search/run-path.ts";
import { composeRunPath } from "./compose-run-path.ts";
import { programWith } from "./installation.ts";
import { issuesOf } from "./issues-of-load.ts";
import type { Resolution } from "./resolution.ts";
import { loadedObject, programOf } from "./resolve.ts";
import type { ResolveContext } from "./resolve-context.ts";
import { isStray } from "./trial.ts";

/** A resolution without injected needed entries: a library cannot be given any. */
export interface LibraryResolution extends Resolution {
  /** False where it finds everything by itself, or nothing can be done about what it does not find. */
  readonly wantsRunPath: boolean;
  /**
   * Directories that the request gives for what is opened while a program runs, and that this library does not search
   * when it opens something: it has a DT_RUNPATH, so that no executable's run path counts for it.
   */
  readonly unsearched: readonly string[];
}

/**
 * What the library at `path` (absolute) is to be given. Throws ElfError when its dynamic array, versions or notes are
 * damaged; what is wrong with other libraries is among the issues. A host's libraries count as missing: what is there
 * already when the library is opened is the user's to say (`ignoreMissing`).
 */
export function resolveLibrary(elf: ElfFile, path: string, context: ResolveContext): LibraryResolution {
  const program = programOf(elf, path, context);
  const places = placesFor(path, ownEntries(program.facts, program.origin, context), context);
  const intended = intendedSearch(places, program.header, context);
  const bare = programWith(program, [], "runpath", { last: [] });
  const intendedLoad = simulateLoad(bare, context.interpreter, intended.search);
  const decisions = intended.decisions.filter(isOwn);
  const notes = answerNotes(intendedLoad, intended.search, context.trees);
  const used = new Set<Place>(
    intended.decisions.filter(isOwn).flatMap(({ place }) => (place === undefined || place === "own" ? [] : [place])),
  );
  const { runPath, tag, reason, load } = chooseRunPath(
    program,
    { places, used, decisions: intended.decisions },
    context,
  );
  const { versionNeeds } = program.facts;
  const issues = issuesOf({ program, versionNeeds, places, load, intendedLoad, decisions, notes }, context);
  return {
    loadOrder: load.objects.map(loadedObject),
    runPath: runPath.map(({ text }) => text),
    runPathTag: tag,
    runPathReason: reason,
    neededFirst: [],
    neededLast: [],
    plugInIssues: [],
    issues: issues.filter((issue) => !("neededBy" in issue) || issue.neededBy === path),
    wantsRunPath: runPath.length > 0 && findsOtherwise(program, decisions, context),
    unsearched: mayOpen(elf) ? unsearchedDirectories(program, context) : [],
  };
}

interface Intention {
  readonly places: Places;
  /** Where its own needed entries are meant to come from. */
  readonly used: ReadonlySet<Place>;
  readonly decisions: readonly Decision[];
}

interface Chosen {
  readonly runPath: ReturnType<typeof composeRunPath>;
  readonly tag: Resolution["runPathTag"];
  readonly reason: Resolution["runPathReason"];
  readonly load: Load;
}

/**
 * The run path for its own needed entries. Where a library outside of the trees is found by it and does not find what it
 * needs itself, having no run path at all, one that it inherits: in musl every one, in glibc a DT_RPATH.
 */
function chooseRunPath(program: Program, { places, used, decisions }: Intention, context: ResolveContext): Chosen {
  const search = searchElsewhere(context, program.header);
  const attempt = (chosen: ReadonlySet<Place>, how: Pick<Chosen, "tag" | "reason">): Chosen => {
    const runPath = composeRunPath(program, places, chosen, context);
    const wanted = programWith(program, runPath, how.tag, { last: [] });
    return { runPath, ...how, load: simulateLoad(wanted, context.interpreter, search) };
  };
  const usual = attempt(used, tagFor(program, context));
  if (usual.reason !== "default") return usual;
  const helpless = decisions.flatMap(({ name, by, place }) => {
    const isHelpless = !isOwn({ by }) && place !== undefined && place !== "own" && by.facts.runpath === undefined;
    // One in the trees is the root of a simulation of its own.
    return isHelpless && !context.trees.some((tree) => isInside(by.path, tree)) ? [{ name, place }] : [];
  });
  const lost = ({ load }: Chosen): number =>
    load.lookups.filter(({ name, target }) => target === undefined && helpless.some((one) => one.name === name)).length;
  if (lost(usual) === 0) return usual;
  const wider = new Set([...used, ...helpless.map(({ place }) => place)]);
  const inherited = attempt(
    wider,
    context.interpreter.cLibrary === "musl"
      ? { tag: usual.tag, reason: usual.reason }
      : { tag: "rpath", reason: "bundled-needs-inherited-search" },
  );
  return lost(inherited) < lost(usual) ? inherited : usual;
}

/** What opens a library by name is searched for by the run path of the caller. Source: glibc elf/dl-load.c, _dl_map_object. */
function mayOpen(elf: ElfFile): boolean {
  return mayNameSymbol(elf, "dlopen") || mayNameSymbol(elf, "dlmopen");
}

/** musl's libraries search the executable's run path, whatever they have themselves. */
function unsearchedDirectories({ facts, origin }: Program, context: ResolveContext): readonly string[] {
  if (context.interpreter.cLibrary === "musl" || facts.runpath === undefined) return [];
  const searched = facts.runpath.split(":").map((entry) => meaningOf(entry, origin, context) ?? entry);
  return [...context.runtimeDependencies, ...context.appendRunPath].filter(
    (entry) => !searched.includes(meaningOf(entry, origin, context) ?? entry),
  );
}

/** Whether the library as it is does not find what it is meant to, where there is something to find. */
function findsOtherwise(program: Program, decisions: readonly Decision[], context: ResolveContext): boolean {
  const intended = new Map(decisions.map((decision) => [decision.name, decision]));
  const load = simulateLoad(program, context.interpreter, searchElsewhere(context, program.header));
  return load.lookups.filter(isOwn).some((lookup) => {
    const decision = intended.get(lookup.name);
    return decision !== undefined && isStray(lookup, decision);
  });
}

/** A needed entry of the library itself. */
function isOwn({ by }: Pick<Lookup, "by">): boolean {
  return by.loader === undefined;
}

/** A DT_RPATH stays one: what the library brings with it may depend on inheriting it. */
function tagFor(
  { facts }: Program,
  { runPathMode, ignoreExistingRunPath }: ResolveContext,
): { readonly tag: Resolution["runPathTag"]; readonly reason: Resolution["runPathReason"] } {
  if (runPathMode !== "auto") return { tag: runPathMode, reason: "asked" };
  if (facts.rpath !== undefined && !ignoreExistingRunPath) return { tag: "rpath", reason: "executable-has-rpath" };
  return { tag: "runpath", reason: "default" };
}
