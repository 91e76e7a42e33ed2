// From the intended load to what is installed: the run path's order and tag, injected needed entries. Each choice is
// checked by simulating the load that it leads to.

import { directoryOf, normalise } from "../../base/path.ts";
import type { Lookup, Program } from "../load/load-order.ts";
import type { Decision } from "../search/intended-search.ts";
import { type RunPathEntry, withoutDuplicates } from "../search/run-path.ts";
import type { Installation, Intention } from "./installation.ts";
import type { ResolveContext } from "./resolve-context.ts";
import { createTrial, type Trial } from "./trial.ts";

/** Chooses order, tag and injected entries so that the load becomes the intended one, as far as that can be had. */
export function install(program: Program, intention: Intention, context: ResolveContext): Installation {
  const trial = createTrial(program, intention, context);
  const { intended, attempt, strays, holderOf } = trial;
  const { needs, added } = intention;
  const isGlibc = context.interpreter.cLibrary === "glibc";
  let runPath = reordered(trial);
  const { tag, reason } = chooseTag(trial, runPath);
  const carried = needs.filter((need) => !need.isOptional && (need.ignoresRpath || tag === "runpath"));
  let neededLast = [...new Set([...added, ...(isGlibc ? carried.map(({ name }) => name) : [])])];
  let load = attempt(runPath, tag, neededLast);
  for (;;) {
    const left = strays(load);
    // musl's libraries inherit every run path, so there is nothing to inject.
    const names = isGlibc ? left.flatMap(({ by, name }) => (by.loader === undefined ? [] : [name])) : [];
    const injected = names.filter((name) => !neededLast.includes(name));
    const extended = withoutDuplicates([
      ...runPath,
      ...left.flatMap(({ name }) => (intended.has(name) ? [] : (holderOf(name)?.entry ?? []))),
    ]);
    if (injected.length === 0 && extended.length === runPath.length) break;
    neededLast = [...new Set([...neededLast, ...injected])];
    runPath = extended;
    load = attempt(runPath, tag, neededLast);
  }
  return { runPath, tag, reason, neededLast, load };
}

/**
 * The run path with a directory moved in front of the one whose file of that name keeps the executable from what it
 * is meant to find: a text file called libc.so, where the library stands in a later directory.
 */
function reordered({ intention, intended, ownStrays }: Trial): readonly RunPathEntry[] {
  let best = intention.runPath;
  let remaining = ownStrays(best);
  for (const stray of remaining) {
    const moved = withMoved(best, stray, intended.get(stray.name));
    const left = ownStrays(moved);
    if (isBetter(left, remaining)) [best, remaining] = [moved, left];
  }
  return best;
}

function chooseTag(
  { program, intention, context, attempt, strays }: Trial,
  runPath: readonly RunPathEntry[],
): Pick<Installation, "tag" | "reason"> {
  const { needs, added } = intention;
  if (context.runPathMode !== "auto") return { tag: context.runPathMode, reason: "asked" };
  if (context.interpreter.cLibrary !== "glibc") return { tag: "runpath", reason: "default" };
  if (program.facts.rpath !== undefined && !context.ignoreExistingRunPath) {
    return { tag: "rpath", reason: "executable-has-rpath" };
  }
  // What a library opens is searched for by its own run path and by what it inherits: a DT_RUNPATH is neither.
  // Source: glibc elf/dl-load.c, _dl_map_object.
  if (context.runtimeDependencies.length + context.appendRunPath.length > 0) {
    return { tag: "rpath", reason: "given-directories" };
  }
  const isInherited =
    needs.some((need) => !need.ignoresRpath) ||
    strays(attempt(runPath, "runpath", added)).some(
      ({ by }) => by.loader !== undefined && by.facts.runpath === undefined,
    );
  if (isInherited) return { tag: "rpath", reason: "bundled-needs-inherited-search" };
  return { tag: "runpath", reason: "default" };
}

/** Fewer names that are not found at all, or as many and fewer that are found elsewhere than meant. */
function isBetter(left: readonly Lookup[], before: readonly Lookup[]): boolean {
  const unfound = (strays: readonly Lookup[]) => strays.filter(({ target }) => target === undefined).length;
  return unfound(left) < unfound(before) || (unfound(left) === unfound(before) && left.length < before.length);
}

/** `runPath` with the directory that is meant for a stray lookup right before the directory that it ended in. */
function withMoved(
  runPath: readonly RunPathEntry[],
  { target, outcome }: Lookup,
  decision: Decision | undefined,
): readonly RunPathEntry[] {
  const place = decision?.place;
  const entry = place === undefined || place === "own" ? undefined : place.entry;
  const found = target === undefined || target === "kernel" ? outcome?.refused.at(-1)?.path : target.path;
  if (entry === undefined || found === undefined) return runPath;
  const where = normalise(directoryOf(found));
  const culprit = runPath.findIndex(({ directory }) => normalise(directory) === where);
  if (culprit === -1) return runPath;
  return withoutDuplicates([...runPath.slice(0, culprit), entry, ...runPath.slice(culprit)]);
}
