// Pinning: the whole load order as absolute paths in front of the original needed entries, so that glibc opens each
// library at once. The original names stay after it, because symbol versions are looked up by them.

import { isInside, joinPath, normalise } from "../../base/path.ts";
import type { VersionNeed } from "../../elf/elf-file.ts";
import { type Load, type Lookup, type Program, simulateLoad } from "../load/load-order.ts";
import { checkVersions } from "../load/symbol-versions.ts";
import { isOfDriverFamily } from "../search/drivers.ts";
import { movesWithStore, withoutAbsoluteLinks, withoutDots } from "../search/moved-store.ts";
import { searchElsewhere } from "../search/of-this-machine.ts";
import { originRelative } from "../search/run-path.ts";
import { hasTokens } from "../search/tokens.ts";
import { type Installation, programWith } from "./installation.ts";
import type { ResolveContext } from "./resolve-context.ts";

export interface Pinned {
  /** Needed entries to put in front; [] when nothing is gained or the load would change. */
  readonly neededFirst: readonly string[];
  /** The load with them. */
  readonly load: Load;
}

/**
 * The pinned list of an installation, proved by simulating it: the same objects from the same paths in the same order,
 * with no new trouble about versions. Where an object cannot be listed without changing the load, the list ends before
 * it, since every beginning of the load order in front leaves the rest in its order. musl does not match by soname:
 * never pinned. `versionNeeds`: the executable's.
 */
export function pin(
  program: Program,
  installation: Installation,
  versionNeeds: readonly VersionNeed[],
  context: ResolveContext,
): Pinned {
  const unpinned: Pinned = { neededFirst: [], load: installation.load };
  if (context.interpreter.cLibrary !== "glibc" || installation.load.stoppedAt !== undefined) return unpinned;
  let list = withoutBareEnd(pinnedList(program, installation, context));
  while (list.length > 0) {
    const load = loadWith(list.map(({ text }) => text));
    const difference = firstDifference(installation.load, load, movesWithStore(program.origin, context));
    if (difference === undefined) {
      return versionTrouble(load) === versionTrouble(installation.load)
        ? { neededFirst: list.map(({ text }) => text), load }
        : unpinned;
    }
    // Entry N of the list is object N + 1 of the load.
    list = withoutBareEnd(list.slice(0, Math.min(Math.max(difference - 1, 0), list.length - 1)));
  }
  return unpinned;

  function versionTrouble(load: Load): number {
    const { gaps, unanswered } = checkVersions(load, versionNeeds);
    return gaps.length + unanswered.length;
  }

  function loadWith(first: readonly string[]): Load {
    const pinnedProgram = programWith(program, installation.runPath, installation.tag, {
      first,
      last: installation.neededLast,
    });
    return simulateLoad(pinnedProgram, context.interpreter, searchElsewhere(context, program.header));
  }
}

interface ListEntry {
  readonly text: string;
  readonly isPath: boolean;
}

/** Names at the end save nothing: ld.so searches for them in any case. */
function withoutBareEnd(list: readonly ListEntry[]): readonly ListEntry[] {
  return list.slice(0, list.findLastIndex((entry) => entry.isPath) + 1);
}

/** `isMovable`: a path has another spelling than the one that the library is found by without it. */
function firstDifference(a: Load, b: Load, isMovable: boolean): number | undefined {
  const nameOf = (object: Load["objects"][number] | undefined) =>
    (isMovable ? object?.fileId : undefined) ?? object?.path;
  const length = Math.max(a.objects.length, b.objects.length);
  for (let at = 0; at < length; at++) {
    if (nameOf(a.objects[at]) !== nameOf(b.objects[at])) return at;
  }
  return undefined;
}

/** One entry per object of the load, in order, as far as they can be listed. */
function pinnedList(program: Program, installation: Installation, context: ResolveContext): readonly ListEntry[] {
  const list: ListEntry[] = [];
  const seen = new Set<unknown>();
  for (const lookup of installation.load.lookups) {
    const { by, name, target } = lookup;
    if (target === "kernel" || (target !== undefined && seen.has(target)) || target === installation.load.objects[0])
      continue;
    seen.add(target ?? name);
    if (target?.provenance.kind === "interpreter") {
      // Its soname is a name that ld.so knows itself by; a path would load it a second time.
      list.push({ text: target.facts.soname ?? name, isPath: false });
      continue;
    }
    const path = target === undefined ? undefined : pinnablePath(lookup, program, installation, context);
    // What a DT_RPATH of a library between gives its children is lost when the executable asks for them. In a store that
    // is moved it leads nowhere anyway.
    const isLost = target === undefined ? by.loader !== undefined : hasRpathBetween(lookup);
    if (isLost && !(path !== undefined && movesWithStore(program.origin, context))) break;
    list.push(
      path === undefined ? { text: asWritten(name, program, context), isPath: false } : { text: path, isPath: true },
    );
  }
  return list;
}

/** A name that stays one. One that is a path has been `$ORIGIN/…`, perhaps, and is then to be that again. */
function asWritten(name: string, program: Program, context: ResolveContext): string {
  if (!context.relocatable || !name.startsWith("/")) return name;
  return originRelative(normalise(name), program.path, context) ?? name;
}

function hasRpathBetween({ by }: Lookup): boolean {
  for (let object = by; object.loader !== undefined; object = object.loader) {
    if (object.facts.rpath !== undefined) return true;
  }
  return false;
}

/** How to name the library by path; undefined when it must stay a name, for ld.so to search when the program starts. */
function pinnablePath(
  { name, target, outcome }: Lookup,
  program: Program,
  installation: Installation,
  context: ResolveContext,
): string | undefined {
  if (target === undefined || target === "kernel" || name.includes("/") || target.facts.soname !== name)
    return undefined;
  // The machine that runs the program may have it elsewhere.
  if (outcome?.found?.isOfMachine) return undefined;
  if (isOfDriverFamily(name) || hasHwcapsVariant(name, installation, context)) return undefined;
  const { path, provenance } = target;
  const { storeDirectory, trees, relocatable } = context;
  const isInTree = trees.some((tree) => isInside(normalise(path), tree));
  const isFixed = isInside(program.path, storeDirectory)
    ? isInside(normalise(path), storeDirectory)
    : !isInside(path, "/run");
  if (!isInTree && !isFixed) return undefined;
  const isRelative = relocatable !== false && (isInTree || movesWithStore(program.origin, context));
  if (!isRelative) return hasTokens(path) ? undefined : path;
  const hasAbsoluteLink = relocatable === "store" && withoutAbsoluteLinks(path, context) !== withoutDots(path, context);
  // The same spelling as the run path's gives the library the same `$ORIGIN` as without pinning.
  const isFoundHere = "by" in provenance && provenance.by === program.path && !hasAbsoluteLink;
  const entry = isFoundHere ? entryOf(provenance.directory, installation) : undefined;
  if (entry !== undefined) return joinPath(entry, name);
  return originRelative(relocatable === "store" ? path : normalise(path), program.path, context);
}

function entryOf(directory: string, { runPath }: Installation): string | undefined {
  return runPath.find((entry) => entry.directory === directory && hasTokens(entry.text))?.text;
}

/** Whether some directory of the search has a version of the library for newer processors only. */
function hasHwcapsVariant(name: string, { runPath }: Installation, { index, interpreter }: ResolveContext): boolean {
  return [...runPath.map(({ directory }) => directory), ...interpreter.defaultDirectories].some((directory) => {
    if (!index.has(directory, "glibc-hwcaps")) return false;
    const variants = joinPath(directory, "glibc-hwcaps");
    return index.list(variants).some((level) => index.has(joinPath(variants, level), name));
  });
}
