// The executables and libraries of a bundle get relative paths, by the same means as `wrap --relocatable`.

import { lstatSync } from "node:fs";
import { groupBy } from "../../../base/group-by.ts";
import { joinPath, systemPath } from "../../../base/path.ts";
import { realPathOf } from "../../../base/real-path.ts";
import { discover } from "../../../files/discover.ts";
import { readElfFile } from "../../../files/read-file.ts";
import { readObjectFacts } from "../../../linker/load/object-facts.ts";
import { createLibraryIndex, type LibraryIndex } from "../../../linker/search/library-index.ts";
import { resolve } from "../../../linker/solve/resolve.ts";
import { planFileInPlace } from "../../../patch/in-place/plan-file.ts";
import { type AnyFilePlan, applyPlans } from "../../../patch/write/apply.ts";
import { attempt } from "../../../patch/write/system-call.ts";
import { examine } from "../../../planning/examine.ts";
import { loadInterpreters } from "../../../planning/interpreters.ts";
import { type PlannedFile, planEligible } from "../../../planning/plan-executable.ts";
import { wrapDefaults } from "../../../planning/wrap-request.ts";
import type { AnyBundleIssue } from "../bundle-issue.ts";
import type { CollectedExecutable, CollectedLibrary } from "../collect/collected.ts";
import { placeOf } from "../collect/layout.ts";
import { confinedIndex } from "./confined-index.ts";

/** What became of the files of a bundle. */
export interface WrappedCopies {
  /** By the path of before: libraries that each executable loads, the dynamic linker not counted. */
  readonly libraryCounts: ReadonlyMap<string, number>;
  readonly issues: readonly AnyBundleIssue[];
}

/**
 * Wraps what `directory`, which is without symlinks, holds. Everything is planned before anything is written. Nothing of
 * this machine counts but what is in there.
 */
export function wrapCopies(
  directory: string,
  executables: readonly CollectedExecutable[],
  libraries: readonly CollectedLibrary[],
  ignoreMissing: readonly string[],
): WrappedCopies {
  const index = confinedIndex(createLibraryIndex(), directory);
  const placed = (path: string): string => joinPath(directory, placeOf(path));
  const issues: AnyBundleIssue[] = [];
  const plans: AnyFilePlan[] = [];
  // First, so that the executables see the libraries as they will be.
  for (const [library] of byFile(libraries, placed)) {
    if (library === undefined) continue;
    const { plan, issue } = planLibrary(library, placed(library.path), index);
    if (plan !== undefined) plans.push(plan);
    if (issue !== undefined) issues.push(issue);
  }
  const libraryCounts = new Map<string, number>();
  for (const names of byFile(executables, placed)) {
    const [executable] = names;
    if (executable === undefined) continue;
    const copies = names.map(({ path }) => placed(path));
    const planned = planCopy(executable, copies, placed, { directory, index, ignoreMissing });
    for (const issue of planned.issues) issues.push(issue);
    if (planned.kind === "settled") continue;
    plans.push(planned.plan);
    for (const { path } of names) libraryCounts.set(path, planned.resolution.loadOrder.length - 2);
  }
  for (const applied of applyPlans(plans)) if (applied.kind === "failed") issues.push(applied.issue);
  return { libraryCounts, issues };
}

/** Those whose copies are one file, together: it is wrapped once. */
function byFile<T extends { readonly path: string }>(
  all: readonly T[],
  placed: (path: string) => string,
): readonly (readonly T[])[] {
  return groupBy(all, ({ path }) => {
    const copy = placed(path);
    return `${attempt(copy, "lstat", () => lstatSync(systemPath(copy), { bigint: true })).ino}`;
  });
}

interface Bundle {
  readonly directory: string;
  readonly index: LibraryIndex;
  readonly ignoreMissing: readonly string[];
}

/** In the bundle's eyes it is a store of its own: nothing in it moves by itself or changes. `copies`: its names there. */
function planCopy(
  { interpreter, libraryDirectories, openedFrom, keptEntries }: CollectedExecutable,
  copies: readonly string[],
  placed: (path: string) => string,
  { directory, index, ignoreMissing }: Bundle,
): PlannedFile {
  const request = {
    ...wrapDefaults,
    paths: copies,
    interpreters: [placed(realPathOf(interpreter.path) ?? interpreter.path)],
    libraryDirectories: libraryDirectories.map(placed),
    runtimeDependencies: openedFrom.filter((one) => !libraryDirectories.includes(one)).map(placed),
    appendRunPath: keptEntries,
    ignoreMissing,
    ignoreExistingRunPath: true,
    relocatable: true,
    pin: "always",
    // What a library opens by name is then searched for in the bundle, before anything of the machine's.
    runPathMode: "rpath",
    libraries: "leave",
    storeDirectory: directory,
    outputsIn: directory,
  } as const;
  const [candidate] = discover(copies, request).candidates;
  const examined = candidate === undefined ? undefined : examine(candidate, directory);
  if (examined?.kind !== "eligible") throw new Error(`${copies[0]} was an executable before it was copied`);
  return planEligible(examined, {
    request,
    interpreters: loadInterpreters(request),
    index,
    resolve,
    trees: [directory],
    passingPaths: new Set(),
    orphanSidecars: [],
    bundledLibraries: [],
    packageOf: () => "",
    searchesNames: false,
  });
}

function planLibrary(
  { path, tag, runPath, lostEntries }: CollectedLibrary,
  copy: string,
  index: LibraryIndex,
): { readonly plan?: AnyFilePlan; readonly issue?: AnyBundleIssue } {
  const leadsOut = { issue: { kind: "run-path-leads-out", path, entries: lostEntries } as const };
  if (runPath.length === 0) return leadsOut;
  const reading = readElfFile(copy, (current) => {
    const planned = planFileInPlace({
      path: copy,
      names: [copy],
      hasOtherNames: false,
      isBuildOutput: true,
      current,
      original: { kind: "unwrapped" },
      content: { interpreter: undefined, runPath, tag },
    });
    if (planned.kind === "impossible") return leadsOut;
    const text = runPath.join(":");
    index.expect(copy, {
      ...readObjectFacts(current),
      rpath: tag === "rpath" ? text : undefined,
      runpath: tag === "runpath" ? text : undefined,
    });
    return { plan: planned.plan };
  });
  return reading.kind === "read" ? reading.result : leadsOut;
}
