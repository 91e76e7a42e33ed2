// What the bundled libraries that no needed entry names will want when they are opened with dlopen.

import type { FileHeader } from "../elf/model.ts";
import { openCandidate } from "./candidate.ts";
import type { ResolveContext } from "./context.ts";
import { type Decision, intendedSearch, placesFor } from "./intended-search.ts";
import { simulateLoad } from "./load-order.ts";
import type { ObjectFacts } from "./object-facts.ts";
import { directoryOf } from "./path.ts";

/** One needed entry of a plug-in, or of a library that it brings with it, that it does not find by itself. */
export interface PlugInNeed {
  readonly plugIn: string;
  /** Path of the object that has the needed entry: the plug-in, or a library that it needs. */
  readonly by: string;
  readonly name: string;
  /** Directory that has it; undefined when it is nowhere. */
  readonly directory: string | undefined;
  readonly ignoresRpath: boolean;
  readonly searched: number;
}

type Known = Map<string, readonly PlugInNeed[]>;

/** Kept per array of bundled libraries, which stands for a run: every executable of it asks for the same plug-ins. */
const knownOfRun = new WeakMap<readonly string[], Known>();

/**
 * The needs of every bundled library that has the executable's machine and C library and is not in `loaded` (by device
 * and inode). One that is damaged is passed over.
 */
export function plugInNeeds(
  header: FileHeader,
  loaded: ReadonlySet<string>,
  context: ResolveContext,
): readonly PlugInNeed[] {
  const known: Known = knownOfRun.get(context.bundledLibraries) ?? new Map();
  knownOfRun.set(context.bundledLibraries, known);
  const seen = new Set(loaded);
  return context.bundledLibraries.flatMap((path) => {
    const candidate = openCandidate(context.index, header, path);
    if (candidate.kind !== "library" || seen.has(candidate.file.fileId)) return [];
    seen.add(candidate.file.fileId);
    const key = `${context.interpreter.path}\0${path}`;
    const needs = known.get(key) ?? needsOf(path, candidate.file.header, candidate.file.facts, context);
    known.set(key, needs);
    return needs;
  });
}

function needsOf(path: string, header: FileHeader, facts: ObjectFacts, context: ResolveContext): readonly PlugInNeed[] {
  if (isForOtherCLibrary(facts, context)) return [];
  const intended = intendedSearch(placesFor(path, [], context), header, context);
  const program = {
    path,
    origin: directoryOf(path),
    header,
    facts,
    interpreterName: undefined,
  };
  const load = simulateLoad(program, context.interpreter, intended.search);
  const first = new Map<string, Decision>();
  for (const decision of intended.decisions) if (decision.place !== "own") first.set(decision.name, decision);
  return [...first.values()].flatMap((decision) => {
    if (isFoundByDefault(decision, context)) return [];
    const searched = load.lookups.find((lookup) => lookup.name === decision.name)?.outcome?.searched ?? 0;
    return [
      {
        plugIn: path,
        by: decision.by.path,
        name: decision.name,
        directory: decision.place === "own" ? undefined : decision.place?.directory,
        ignoresRpath: decision.by.facts.runpath !== undefined,
        searched,
      },
    ];
  });
}

/** The linker's own search finds it for every object that does not forbid it. */
function isFoundByDefault({ place, by }: Decision, { interpreter }: ResolveContext): boolean {
  if (place === undefined || place === "own" || by.facts.skipsDefaultDirectories) return false;
  return interpreter.defaultDirectories.includes(place.directory);
}

/** A prebuilt plug-in for the other C library, as packages for Node carry them side by side, is never opened. */
function isForOtherCLibrary({ needed }: ObjectFacts, { interpreter }: ResolveContext): boolean {
  return interpreter.cLibrary === "glibc"
    ? needed.some((name) => name === "libc.so" || name.startsWith("libc.musl-"))
    : needed.includes("libc.so.6");
}
