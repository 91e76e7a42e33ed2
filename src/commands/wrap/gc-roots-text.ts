// What keeps store paths from the garbage collector, in words.

import { type ReportContext, showPath } from "../../report/context.ts";
import type { Verbosity } from "../../report/render.ts";
import { countOf } from "../../report/words.ts";
import type { RunOutcome } from "./run-outcome.ts";

/** A line for each tree whose roots have changed, with -v for every one and its store paths. */
export function describeGcRoots(outcome: RunOutcome, verbosity: Verbosity, context: ReportContext): readonly string[] {
  return (outcome.gcRoots ?? []).flatMap(({ directory, storePaths, added, removed }) => {
    if (verbosity < 1 && added.length + removed.length === 0) return [];
    const kept = `${countOf(storePaths.length, "store path")} from the garbage collector: ${showPath(directory, context)}`;
    const line = `${outcome.dryRun ? "would keep" : "kept"} ${kept}`;
    return [line, ...(verbosity < 1 ? [] : storePaths.map((path) => `  ${showPath(path, context)}`))];
  });
}
