// The directories that a request is about.

import { directoryOf } from "../base/path.ts";
import type { Candidate } from "../files/discovery.ts";
import { resolveRoots } from "../files/roots.ts";

/** The directories among `paths`; of a file named by itself, its directory. Without symlinks, each once. */
export function treesOf(paths: readonly string[], candidates: readonly Candidate[]): readonly string[] {
  const directories = resolveRoots(paths).roots.filter(({ kind }) => kind === "directory");
  const named = candidates.filter(({ isNamed }) => isNamed);
  return [...new Set([...directories.map(({ path }) => path), ...named.map(({ path }) => directoryOf(path))])];
}
