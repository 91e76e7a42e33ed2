// What the bundled libraries that no needed entry names will want when they are opened with dlopen.

import { groupBy } from "../../base/group-by.ts";
import { directoryOf } from "../../base/path.ts";
import type { FileHeader } from "../../elf/elf-file.ts";
import { openCandidate, otherCLibrary } from "../search/candidate.ts";
import { intendedSearch } from "../search/intended-search.ts";
import { oncePerRun } from "../search/per-run.ts";
import { type Place, placesFor } from "../search/places.ts";
import type { ResolveContext } from "../solve/resolve-context.ts";
import { type LinkedObject, type Program, simulateLoad } from "./load-order.ts";

/** One needed entry of a plug-in, or of a library that it brings with it, that it does not find by itself. */
export interface PlugInNeed {
  /** Path of the object that has the needed entry: the plug-in, or a library that it needs. */
  readonly by: string;
  readonly name: string;
  /** Directory that has it; undefined when it is nowhere. */
  readonly directory: string | undefined;
  /** The object has a DT_RUNPATH, so no DT_RPATH helps it. */
  readonly ignoresRpath: boolean;
  /** DT_RUNPATH of the object. */
  readonly runpath: string | undefined;
  /** Directories looked at. */
  readonly searched: number;
}

/** A need, and whose it is. */
interface OwnedNeed {
  /** Undefined: whoever opens it is not known. */
  readonly package: string | undefined;
  /** Of the plug-in: device and inode. */
  readonly fileId: string;
  readonly need: PlugInNeed;
  /** Its place among the needs of all plug-ins. */
  readonly order: number;
  /** Equal for needs that one thing helps. */
  readonly key: string;
}

/** What a process has, so that plug-ins need not bring it, and whose plug-ins it may open. */
export interface OpeningProcess {
  /** By device and inode. */
  readonly loaded: ReadonlySet<string>;
  /** Every name that it knows an object by. */
  readonly names: ReadonlySet<string>;
  readonly packages: ReadonlySet<string>;
}

/** The plug-ins of a run for one interpreter, worked out when the first executable asks. */
interface PlugIns {
  /** What can be met, by the packages whose plug-ins need it. */
  readonly met: ReadonlyMap<string | undefined, MetNeeds>;
  /** Needs that nothing meets, by the same packages. */
  readonly unmet: Map<string | undefined, readonly OwnedNeed[]>;
  /** The keys of those that an executable has told of. */
  readonly told: Set<string>;
}

/** What can be met of the needs of a package's plug-ins. */
interface MetNeeds {
  /** Needs that a directory meets, alike ones together, in the order found. */
  readonly met: readonly (readonly OwnedNeed[])[];
  /** The first of each. */
  readonly firsts: readonly OwnedNeed[];
  /** Which of them a plug-in has a part in, by device and inode. */
  readonly metOf: ReadonlyMap<string, ReadonlySet<readonly OwnedNeed[]>>;
}

const plugInsOfRun = oncePerRun(() => new Map<string, PlugIns>());

/**
 * The needs that can be met of every bundled library that the process may open, that has its machine and C library and
 * that it has not loaded. Of needs that are alike only the first is there. A damaged library is passed over.
 */
export function metNeeds(
  header: FileHeader,
  { loaded, packages }: OpeningProcess,
  context: ResolveContext,
): readonly PlugInNeed[] {
  const { met } = plugInsFor(header, context);
  // Of packages and not of sets of packages: nearly every executable of a large tree has another set.
  const lists = [undefined, ...packages].flatMap((one) => {
    const needs = met.get(one);
    return needs === undefined ? [] : [leftOf(needs, loaded)];
  });
  const owned = lists.length === 1 ? lists.flat() : firstOfAlike(lists.flat());
  return owned.sort((a, b) => a.order - b.order).map(({ need }) => need);
}

function firstOfAlike(needs: readonly OwnedNeed[]): OwnedNeed[] {
  const first = new Map<string, OwnedNeed>();
  for (const owned of needs) {
    const known = first.get(owned.key);
    if (known === undefined || owned.order < known.order) first.set(owned.key, owned);
  }
  return [...first.values()];
}

/** The first of alike needs whose plug-in the process has not loaded. */
function leftOf({ met, firsts, metOf }: MetNeeds, loaded: ReadonlySet<string>): readonly OwnedNeed[] {
  const changed = new Set<readonly OwnedNeed[]>();
  for (const fileId of loaded) for (const alike of metOf.get(fileId) ?? []) changed.add(alike);
  if (changed.size === 0) return firsts;
  return met.flatMap((alike) => {
    const one = changed.has(alike) ? alike.find(({ fileId }) => !loaded.has(fileId)) : alike[0];
    return one ?? [];
  });
}

/**
 * The needs of those libraries that nothing meets, except for the names that the executable's process knows. Each is told
 * once in a run, to the first executable that asks: it is the plug-in that lacks something, whoever opens it.
 */
export function untoldNeeds(
  header: FileHeader,
  { loaded, names, packages }: OpeningProcess,
  context: ResolveContext,
): readonly PlugInNeed[] {
  const { unmet, told } = plugInsFor(header, context);
  const owners = [undefined, ...packages];
  const untold = owners
    .flatMap((one) => unmet.get(one) ?? [])
    .filter(({ fileId, need, key }) => !told.has(key) && !loaded.has(fileId) && !names.has(need.name));
  const needs = new Map(untold.sort((a, b) => a.order - b.order).map(({ key, need }) => [key, need]));
  if (needs.size === 0) return [];
  for (const key of needs.keys()) told.add(key);
  for (const one of owners) {
    const own = unmet.get(one);
    if (own !== undefined)
      unmet.set(
        one,
        own.filter(({ key }) => !told.has(key)),
      );
  }
  return [...needs.values()];
}

function plugInsFor(header: FileHeader, context: ResolveContext): PlugIns {
  const known = plugInsOfRun(context.index, context.bundledLibraries);
  const { path } = context.interpreter;
  const plugIns = known.get(path) ?? gather(findNeeds(header, context));
  known.set(path, plugIns);
  return plugIns;
}

function gather(needs: readonly OwnedNeed[]): PlugIns {
  const isMet = ({ need }: OwnedNeed) => need.directory !== undefined;
  return {
    met: new Map(byPackage(needs.filter(isMet)).map(([one, own]) => [one, arrange(own)])),
    unmet: new Map(byPackage(needs.filter((need) => !isMet(need)))),
    told: new Set(),
  };
}

function byPackage(needs: readonly OwnedNeed[]) {
  const packages = groupBy(needs, ({ package: own }) => JSON.stringify([own]));
  return packages.map((own) => [own[0]?.package, own] as const);
}

function findNeeds(header: FileHeader, context: ResolveContext): readonly OwnedNeed[] {
  const needs: OwnedNeed[] = [];
  const files = new Set<string>();
  if (context.libraries === "leave") return needs;
  for (const path of context.bundledLibraries) {
    const candidate = openCandidate(context, header, path);
    if (candidate.kind !== "library" || files.has(candidate.file.fileId)) continue;
    const { fileId, header: own, facts } = candidate.file;
    files.add(fileId);
    for (const need of needsOf({ path, origin: directoryOf(path), header: own, facts }, context)) {
      needs.push({ package: context.packageOf(path), fileId, need, order: needs.length, key: keyOf(need) });
    }
  }
  return needs;
}

function arrange(needs: readonly OwnedNeed[]): MetNeeds {
  const met = groupBy(needs, ({ key }) => key);
  const metOf = new Map<string, Set<readonly OwnedNeed[]>>();
  for (const alike of met) {
    for (const { fileId } of alike) {
      const own = metOf.get(fileId) ?? new Set();
      own.add(alike);
      metOf.set(fileId, own);
    }
  }
  return {
    met,
    firsts: met.flatMap(([first]) => first ?? []),
    metOf,
  };
}

/** Equal for needs that one thing helps, or, where nothing does, that one thing is said of. */
function keyOf({ name, by, directory, ignoresRpath }: PlugInNeed): string {
  return directory === undefined ? `${name}\0${by}` : `${name}\0${directory}\0${ignoresRpath}`;
}

/** What one plug-in, and the libraries that it brings with it, do not find by themselves. */
export function needsOf(plugIn: Omit<Program, "interpreterName">, context: ResolveContext): readonly PlugInNeed[] {
  const { path, header, facts } = plugIn;
  // A prebuilt plug-in for another C library, as packages for Node carry them side by side, is never opened.
  if (otherCLibrary(facts, context.interpreter) !== undefined) return [];
  const intended = intendedSearch(placesFor(path, { kept: [], ofMachine: [] }, context), header, context);
  const program = { ...plugIn, interpreterName: undefined };
  const load = simulateLoad(program, context.interpreter, intended.search);
  const searched = new Map(load.lookups.map(({ name, outcome }) => [name, outcome?.searched ?? 0]));
  const wanted = new Map(intended.decisions.map((decision) => [decision.name, decision]));
  return [...wanted.values()].flatMap(({ name, by, place }) => {
    if (place === "own" || (place !== undefined && isFoundByDefault(place, by, context))) return [];
    const ignoresRpath = by.facts.runpath !== undefined;
    return [
      {
        by: by.path,
        name,
        directory: place?.directory,
        ignoresRpath,
        runpath: by.facts.runpath,
        searched: searched.get(name) ?? 0,
      },
    ];
  });
}

/** The linker's own search finds it for every object that does not forbid it. */
function isFoundByDefault({ directory }: Place, by: LinkedObject, { interpreter }: ResolveContext): boolean {
  return !by.facts.skipsDefaultDirectories && interpreter.defaultDirectories.includes(directory);
}
