// Which executables of a run carry what a library needs: those of its package, with the same dynamic linker.

import type { PackageOf } from "../linker/solve/resolve-context.ts";
import type { Examined } from "./examine.ts";
import type { SurveyedSurroundings } from "./survey.ts";

/** The executables that can carry something. */
export interface Carriers {
  /** Whether one of them carries what the library at `path` needs, if this is its dynamic linker. */
  readonly carries: (path: string, linker: string) => boolean;
  /** No executable of the run carries anything. */
  readonly isEmpty: boolean;
  /** Equal for runs in which the same libraries are carried. */
  readonly key: readonly string[];
}

/** Those of a run. */
export function carriersOf(
  examined: readonly Examined[],
  { linkers, packageOf }: Pick<SurveyedSurroundings, "linkers" | "packageOf">,
): Carriers {
  const known = new Set<string>();
  for (const file of examined) {
    if (file.kind !== "eligible") continue;
    const linker = linkers.get(file.candidate.path);
    if (linker === undefined) continue;
    known.add(keyOf(packageOf(file.candidate.path), linker));
    known.add(keyOf(undefined, linker));
  }
  return {
    carries: (path, linker) => known.has(keyOf(packageOf(path), linker)),
    isEmpty: known.size === 0,
    key: [...known].sort(),
  };
}

/** None: for a run without libraries. */
export const noCarriers: Carriers = { carries: () => false, isEmpty: true, key: [] };

function keyOf(name: ReturnType<PackageOf>, linker: string): string {
  return name === undefined ? linker : `${linker}\0${name}`;
}
