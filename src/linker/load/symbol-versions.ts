// Symbol versions: what the loaded objects want of each other (DT_VERNEED) against what is there (DT_VERDEF).
// Source: glibc elf/dl-version.c, _dl_check_map_versions, match_symbol. musl does not check versions.

import type { VersionNeed } from "../../elf/elf-file.ts";
import type { LinkedObject, Load } from "./load-order.ts";

/** A version that a library does not provide. `isFatal`: the program does not start. */
export interface VersionGap {
  readonly by: LinkedObject;
  /** The name in DT_VERNEED. */
  readonly libraryName: string;
  readonly library: LinkedObject;
  readonly version: string;
  /** The newest version of the same series ("GLIBC_") that it has; undefined when it has none. */
  readonly newestProvided: string | undefined;
  readonly isFatal: boolean;
}

/** A DT_VERNEED entry for a library that no needed entry names: glibc stops at an assertion. */
export interface UnansweredVersionNeed {
  readonly by: LinkedObject;
  readonly libraryName: string;
}

export interface VersionCheck {
  readonly gaps: readonly VersionGap[];
  readonly unanswered: readonly UnansweredVersionNeed[];
}

/**
 * Checks every object of a load as glibc does when all of them are there. Names that are missing are left out. A
 * library without definitions satisfies every version as long as its symbols have numbers (DT_VERSYM), which it has for
 * what it needs itself; one that neither defines nor needs a version ends the program at an assertion when the symbol
 * is looked up. `ofExecutable`: the executable's DT_VERNEED, on which the load itself does not depend.
 * The executable's own name is "" there. Source: glibc elf/dl-lookup.c, check_match; elf/rtld.c, l_name of the main map;
 * measured with glibc 2.36 and 2.41.
 */
export function checkVersions(load: Load, ofExecutable: readonly VersionNeed[]): VersionCheck {
  const needsOf = (object: LinkedObject) => (object === load.objects[0] ? ofExecutable : object.facts.versionNeeds);
  const missing = new Set(load.lookups.filter(({ target }) => target === undefined).map(({ name }) => name));
  const kernel = new Set(load.lookups.filter(({ target }) => target === "kernel").map(({ name }) => name));
  const named = new Map<string, LinkedObject>();
  for (const object of [...load.objects].sort((a, b) => b.order - a.order)) {
    for (const name of object.names) named.set(name, object);
  }
  const [main] = load.objects;
  if (main !== undefined) named.set("", main);
  const gaps: VersionGap[] = [];
  const unanswered = new Map<string, UnansweredVersionNeed>();
  for (const by of load.objects) {
    for (const { file, version, isWeak } of needsOf(by)) {
      const library = named.get(file);
      if (library === undefined) {
        if (!missing.has(file) && !kernel.has(file)) unanswered.set(`${by.path}\0${file}`, { by, libraryName: file });
        continue;
      }
      const { facts } = library;
      if (facts.versionDefinitions.includes(version)) continue;
      // The base version's name, which the list leaves out, is the library's own.
      if (facts.hasVersionDefinitions && version === facts.soname) continue;
      gaps.push({
        by,
        libraryName: file,
        library,
        version,
        newestProvided: newestLike(version, facts.versionDefinitions),
        isFatal: facts.hasVersionDefinitions ? !isWeak : needsOf(library).length === 0,
      });
    }
  }
  return { gaps, unanswered: [...unanswered.values()] };
}

/** The newest of `versions` that has the series of `version`: what stands before its first number. */
function newestLike(version: string, versions: readonly string[]): string | undefined {
  const series = seriesOf(version);
  const alike = versions.filter((candidate) => seriesOf(candidate) === series && /\d/.test(candidate));
  return alike.reduce<string | undefined>(
    (newest, candidate) => (newest === undefined || isNewer(candidate, newest) ? candidate : newest),
    undefined,
  );
}

function seriesOf(version: string): string {
  return /^\D*/.exec(version)?.[0] ?? "";
}

function isNewer(a: string, b: string): boolean {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? -1) - (right[at] ?? -1);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function numbersOf(version: string): readonly number[] {
  return (version.match(/\d+/g) ?? []).map(Number);
}
