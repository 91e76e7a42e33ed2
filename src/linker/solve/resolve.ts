// Everything about one executable's libraries, read off simulated loads: first the intended one, then the one that
// follows from what will be installed.

import { directoryOf } from "../../base/path.ts";
import type { ElfFile, VersionNeed } from "../../elf/elf-file.ts";
import { answerNotes } from "../load/dlopen-want.ts";
import { embeddedNeeds } from "../load/embedded-needs.ts";
import { type Load, type Program, simulateLoad } from "../load/load-order.ts";
import { type ObjectFacts, readObjectFacts } from "../load/object-facts.ts";
import { metNeeds, type PlugInNeed, untoldNeeds } from "../load/plug-ins.ts";
import type { LoadedObject } from "../load/provenance.ts";
import { type Decision, intendedSearch } from "../search/intended-search.ts";
import { movesWithStore, withoutAbsoluteLinks } from "../search/moved-store.ts";
import { ownEntries } from "../search/own-entries.ts";
import { type Place, type Places, placesFor } from "../search/places.ts";
import { movableText, originOf } from "../search/run-path.ts";
import { composeRunPath, movableHome } from "./compose-run-path.ts";
import { install } from "./install.ts";
import { type CarriedNeed, type Installation, programWith } from "./installation.ts";
import { issuesOf, plugInIssues } from "./issues-of-load.ts";
import { lostByMove } from "./lost-by-move.ts";
import { openedByOldPath } from "./opened-by-old-path.ts";
import { pin } from "./pin.ts";
import type { Resolution } from "./resolution.ts";
import type { ResolveContext } from "./resolve-context.ts";

export { createLibraryIndex, type LibraryIndex } from "../search/library-index.ts";
export type { ResolveContext } from "./resolve-context.ts";

/**
 * What the executable at `path` (absolute) will load, what must be installed for that, and what is in the way. Throws
 * ElfError when the executable's dynamic array, versions or notes are damaged; what is wrong with libraries is among
 * the issues.
 */
export function resolve(elf: ElfFile, path: string, context: ResolveContext): Resolution {
  const program = programOf(elf, path, context);
  return resolutionOf(loadsOf(program, context), program.facts.versionNeeds, context);
}

/** What an executable will load and what must be installed for that: all that does not depend on versions of symbols. */
export interface Loads {
  readonly program: Program;
  readonly places: Places;
  readonly embedded: readonly PlugInNeed[];
  readonly plan: ReturnType<typeof planWith>;
}

/** Works them out. */
export function loadsOf(program: Program, context: ResolveContext): Loads {
  const { path } = program;
  const places = placesFor(path, ownEntries(program.facts, program.origin, context), context);
  const embedded = embeddedNeeds(path, context);
  const extraNeeded = context.extraNeeded.map((name) => movableText(name, program.origin, context));
  const attempts = new Map<string, Load>();
  let plan = planWith(program, places, embedded, extraNeeded, attempts, context);
  // What is injected has needed entries of its own.
  for (let added: readonly string[] = extraNeeded; plan.installation.neededLast.length > added.length; ) {
    added = plan.installation.neededLast;
    plan = planWith(program, places, embedded, added, attempts, context);
  }
  return { program, places, embedded, plan };
}

/** The resolution of an executable with these loads that has this DT_VERNEED. */
export function resolutionOf(
  { program, places, embedded, plan }: Loads,
  versionNeeds: readonly VersionNeed[],
  context: ResolveContext,
): Resolution {
  const { installation } = plan;
  const { neededFirst, load } = context.pin
    ? pin(program, installation, versionNeeds, context)
    : { neededFirst: [], load: installation.load };
  return {
    loadOrder: load.objects.map(loadedObject),
    runPath: installation.runPath.map(({ text }) => text),
    runPathTag: installation.tag,
    runPathReason: installation.reason,
    neededFirst,
    neededLast: installation.neededLast,
    issues: [
      ...issuesOf({ ...plan, program, versionNeeds, places, load }, context),
      ...lostByMove(withAdditions(program, installation, neededFirst), load, context),
      ...openedByOldPath(program, load, context),
    ],
    plugInIssues: plugInIssues(
      [...untoldNeeds(program.header, plan.process, context), ...embedded.filter(isUnmetIn(plan.process.names))],
      { program, places, load },
      context,
    ),
  };
}

/**
 * What is meant to be loaded with `added` needed entries after the original ones, and what must be installed for it.
 */
function planWith(
  program: Program,
  places: Places,
  embedded: readonly PlugInNeed[],
  added: readonly string[],
  attempts: Map<string, Load>,
  context: ResolveContext,
) {
  const intended = intendedSearch(places, program.header, context);
  const bare = programWith(program, [], "runpath", { last: added });
  const intendedLoad = simulateLoad(bare, context.interpreter, intended.search);
  const decisions = [...intended.decisions];
  const notes = answerNotes(intendedLoad, intended.search, context.trees);
  const noteDecisions = intended.decisions.slice(decisions.length);
  const process = {
    loaded: fileIdsOf(intendedLoad),
    names: namesOf(intendedLoad),
    packages: packagesOf(intendedLoad, context),
  };
  const plugIns = [...metNeeds(program.header, process, context), ...embedded].filter(
    ({ name }) => !process.names.has(name),
  );
  const carried = [
    ...plugIns.flatMap((need) => carriedNeed(need, places)),
    ...noteDecisions.flatMap((decision) => optionalNeed(decision)),
  ];
  const used = new Set<Place>([
    ...intended.decisions.flatMap(({ place }) => (place === undefined || place === "own" ? [] : [place])),
    ...carried.map(({ place }) => place),
  ]);
  const runPath = composeRunPath(program, places, used, context, directoriesToMove(program, intendedLoad, context));
  const installation = install(program, { decisions, needs: carried, places, runPath, added, attempts }, context);
  return { intendedLoad, decisions, notes, process, installation };
}

/** The executable as the loader will hand it over. */
function withAdditions(
  program: Program,
  { runPath, tag, neededLast }: Installation,
  first: readonly string[],
): Program {
  return programWith(program, runPath, tag, { first, last: neededLast });
}

/**
 * The directories of what libraries find by run paths of their own, which name the store where it is now: for an
 * executable that is moved with the store. The C library's is for the run path's end.
 */
function directoriesToMove(program: Program, { objects }: Load, context: ResolveContext): readonly string[] {
  if (!movesWithStore(program.origin, context)) return [];
  const home = movableHome(context);
  const directories = objects
    .filter(({ loader, provenance }) => loader !== undefined && provenance.kind !== "interpreter")
    .map(({ path }) => directoryOf(withoutAbsoluteLinks(path, context)))
    .filter((directory) => movesWithStore(directory, context) && directory !== home);
  return [...new Set(directories)];
}

/** The executable as it is in the file, with its DT_RPATH and DT_RUNPATH. */
export function programOf(
  elf: ElfFile,
  path: string,
  context: Pick<ResolveContext, "index">,
  facts: ObjectFacts = readObjectFacts(elf),
): Program {
  return {
    path,
    origin: originOf(path, context.index),
    header: elf.header,
    facts,
    interpreterName: elf.interpreter(),
  };
}

function fileIdsOf({ objects }: Load): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { fileId } of objects) if (fileId !== undefined) ids.add(fileId);
  return ids;
}

/** The executable's own, and those that it loads something from. */
function packagesOf({ objects }: Load, { packageOf }: ResolveContext): ReadonlySet<string> {
  const packages = new Set<string>();
  for (const { path } of objects) {
    const name = packageOf(path);
    if (name !== undefined) packages.add(name);
  }
  return packages;
}

/** Every name that glibc knows an object of this load by. */
function namesOf({ objects }: Load): ReadonlySet<string> {
  const known = new Set<string>();
  for (const { names, facts } of objects) {
    for (const name of names) known.add(name);
    known.add(facts.soname ?? "");
  }
  return known;
}

function isUnmetIn(names: ReadonlySet<string>): (need: PlugInNeed) => boolean {
  return ({ name, directory }) => directory === undefined && !names.has(name);
}

function carriedNeed({ name, directory, ignoresRpath }: PlugInNeed, places: Places): readonly CarriedNeed[] {
  const place = directory === undefined ? undefined : places.at(directory);
  return place === undefined ? [] : [{ name, place, ignoresRpath, isOptional: false }];
}

/** What a bundled library without a DT_RUNPATH opens by itself is found through the executable's DT_RPATH. */
function optionalNeed({ name, place, by }: Decision): readonly CarriedNeed[] {
  if (place === undefined || place === "own" || by.loader === undefined || by.facts.runpath !== undefined) return [];
  return [{ name, place, ignoresRpath: false, isOptional: true }];
}

/** One object of a simulated load, as it is reported. */
export function loadedObject({ name, path, facts, loader, provenance }: Load["objects"][number]): LoadedObject {
  return {
    name,
    path,
    soname: facts.soname,
    neededBy: loader?.path,
    provenance,
  };
}
