// What the bundled libraries that no needed entry names will want when they are opened with dlopen.

import { directoryOf } from "../../base/path.ts";
import type { FileHeader } from "../../elf/elf-file.ts";
import { openCandidate } from "../search/candidate.ts";
import { intendedSearch } from "../search/intended-search.ts";
import { oncePerRun } from "../search/per-run.ts";
import { type Place, placesFor } from "../search/places.ts";
import type { ResolveContext } from "../solve/resolve-context.ts";
import { type LinkedObject, simulateLoad } from "./load-order.ts";
import type { ObjectFacts } from "./object-facts.ts";

/** One needed entry of a plug-in, or of a library that it brings with it, that it does not find by itself. */
export interface PlugInNeed {
  /** Path of the object that has the needed entry: the plug-in, or a library that it needs. */
  readonly by: string;
  readonly name: string;
  /** Directory that has it; undefined when it is nowhere. */
  readonly directory: string | undefined;
  /** The object has a DT_RUNPATH, so no DT_RPATH helps it. */
  readonly ignoresRpath: boolean;
  /** Directories looked at. */
  readonly searched: number;
}

interface PlugIns {
  /** By device and inode. */
  readonly needs: ReadonlyMap<string, readonly PlugInNeed[]>;
  /** The needs of all of them. */
  readonly together: readonly PlugInNeed[];
}

/** The plug-ins of a run for each interpreter, worked out when the first executable asks. */
const plugInsOfRun = oncePerRun(() => new Map<string, PlugIns>());

/**
 * The needs of every bundled library that has the executable's machine and C library and is not in `loaded` (by device
 * and inode). Of needs that are alike and can be met only the first is there. A damaged library is passed over.
 */
export function plugInNeeds(
  header: FileHeader,
  loaded: ReadonlySet<string>,
  context: ResolveContext,
): readonly PlugInNeed[] {
  const known = plugInsOfRun(context.index, context.bundledLibraries);
  const { path } = context.interpreter;
  const { needs, together } = known.get(path) ?? findPlugIns(header, context);
  known.set(path, { needs, together });
  if (![...loaded].some((fileId) => needs.has(fileId))) return together;
  return withoutAlike([...needs].flatMap(([fileId, own]) => (loaded.has(fileId) ? [] : own)));
}

function findPlugIns(header: FileHeader, context: ResolveContext): PlugIns {
  const needs = new Map<string, readonly PlugInNeed[]>();
  for (const path of context.bundledLibraries) {
    const candidate = openCandidate(context.index, header, path);
    if (candidate.kind !== "library" || needs.has(candidate.file.fileId)) continue;
    const { fileId, header: own, facts } = candidate.file;
    needs.set(fileId, needsOf(path, own, facts, context));
  }
  return { needs, together: withoutAlike([...needs.values()].flat()) };
}

function withoutAlike(needs: readonly PlugInNeed[]): readonly PlugInNeed[] {
  const distinct = new Map<string, PlugInNeed>();
  for (const need of needs) {
    const key = `${need.name}\0${need.directory ?? `\0${need.by}`}\0${need.ignoresRpath}`;
    if (!distinct.has(key)) distinct.set(key, need);
  }
  return [...distinct.values()];
}

function needsOf(path: string, header: FileHeader, facts: ObjectFacts, context: ResolveContext): readonly PlugInNeed[] {
  if (isForOtherCLibrary(facts, context)) return [];
  const intended = intendedSearch(placesFor(path, [], context), header, context);
  const program = { path, origin: directoryOf(path), header, facts, interpreterName: undefined };
  const load = simulateLoad(program, context.interpreter, intended.search);
  const searched = new Map(load.lookups.map(({ name, outcome }) => [name, outcome?.searched ?? 0]));
  const wanted = new Map(intended.decisions.map((decision) => [decision.name, decision]));
  return [...wanted.values()].flatMap(({ name, by, place }) => {
    if (place === "own" || (place !== undefined && isFoundByDefault(place, by, context))) return [];
    const ignoresRpath = by.facts.runpath !== undefined;
    return [{ by: by.path, name, directory: place?.directory, ignoresRpath, searched: searched.get(name) ?? 0 }];
  });
}

/** The linker's own search finds it for every object that does not forbid it. */
function isFoundByDefault({ directory }: Place, by: LinkedObject, { interpreter }: ResolveContext): boolean {
  return !by.facts.skipsDefaultDirectories && interpreter.defaultDirectories.includes(directory);
}

/** A prebuilt plug-in for the other C library, as packages for Node carry them side by side, is never opened. */
function isForOtherCLibrary({ needed }: ObjectFacts, { interpreter }: ResolveContext): boolean {
  return interpreter.cLibrary === "glibc"
    ? needed.some((name) => name === "libc.so" || name.startsWith("libc.musl-"))
    : needed.includes("libc.so.6");
}
