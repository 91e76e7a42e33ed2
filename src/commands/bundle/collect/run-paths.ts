// The run paths that libraries have in the bundle: relative to themselves where theirs named places of before.

import { baseName, directoryOf, isInside, normalise, relativePath } from "../../../base/path.ts";
import { realPathOf } from "../../../base/real-path.ts";
import type { Interpreter } from "../../../linker/interpreter/interpreter.ts";
import { meaningOf } from "../../../linker/search/run-path.ts";
import type { CollectedLibrary } from "./collected.ts";
import type { Layout } from "./layout.ts";
import type { NeededObject } from "./needs.ts";

/** Remembers which library found what it needs where, over all loads of a bundle. */
export interface RunPaths {
  readonly learn: (objects: readonly NeededObject[], interpreter: Interpreter) => void;
  /** Those whose own run path names a place of before, sorted by path. */
  readonly libraries: (layout: Layout) => readonly CollectedLibrary[];
}

interface Known {
  readonly interpreter: Interpreter;
  readonly object: NeededObject;
  /** Directories of what it needs, without symlinks, in the order of its needed entries. */
  readonly directories: Set<string>;
}

/** Nothing is learnt yet. */
export function createRunPaths(): RunPaths {
  const known = new Map<string, Known>();
  return {
    learn(objects, interpreter) {
      const byName = new Map<string, string>();
      for (const { path, facts } of objects) {
        for (const name of [facts.soname, baseName(path)])
          if (name !== undefined && !byName.has(name)) byName.set(name, path);
      }
      for (const object of objects) {
        const real = realPathOf(object.path) ?? object.path;
        const one = known.get(real) ?? { interpreter, object, directories: new Set<string>() };
        known.set(real, one);
        for (const name of object.facts.needed) {
          const found = byName.get(baseName(name));
          if (found !== undefined) one.directories.add(realPathOf(directoryOf(found)) ?? directoryOf(found));
        }
      }
    },
    libraries: (layout) =>
      [...known].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([path, one]) => libraryWith(path, one, layout) ?? []),
  };
}

/** Undefined for one whose run path, or the lack of one, is as good in the bundle as it was before. */
function libraryWith(
  path: string,
  { interpreter, object, directories }: Known,
  layout: Layout,
): CollectedLibrary | undefined {
  const { runpath, rpath } = object.facts;
  const entries = (runpath ?? rpath ?? "").split(":").filter((entry) => entry !== "");
  if (!entries.some((entry) => entry.startsWith("/") && !isInside(normalise(entry), "/run"))) return undefined;
  const origin = directoryOf(path);
  const relative = (directory: string): string => {
    const text = relativePath(origin, directory);
    return text === "" ? "$ORIGIN" : `$ORIGIN/${text}`;
  };
  const runPath = new Set<string>();
  const lostEntries: string[] = [];
  for (const entry of entries) {
    if (!entry.startsWith("/") || isInside(normalise(entry), "/run")) {
      runPath.add(entry);
      continue;
    }
    const meant = meaningOf(entry, origin, { interpreter });
    const directory = meant === undefined ? undefined : realPathOf(meant);
    if (directory !== undefined && layout.holds(directory)) runPath.add(relative(directory));
    else lostEntries.push(entry);
  }
  for (const directory of directories) if (layout.holds(directory)) runPath.add(relative(directory));
  const tag = runpath === undefined ? "rpath" : "runpath";
  return { path, tag, runPath: [...runPath], lostEntries };
}
