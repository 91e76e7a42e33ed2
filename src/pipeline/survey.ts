// What a request is about, before anything is planned: the files that are there, what each of them is, and what all
// executables share. Reads only.

import { type Candidate, type Discovery, discover } from "../discover.ts";
import { createLibraryIndex } from "../libraries/library-index.ts";
import { directoryOf } from "../libraries/path.ts";
import { executableOf } from "../patch/file-names.ts";
import { isThere } from "../patch/leftovers.ts";
import type { WrapRequest } from "../request.ts";
import { resolveRoots } from "../roots.ts";
import { type Examined, examine } from "./examine.ts";
import { loadInterpreters } from "./interpreters.ts";
import type { Surroundings } from "./plan.ts";

/** The first look at everything that a request names. */
export interface Survey {
  readonly found: Discovery;
  /** One for each candidate of `found`, in the same order. */
  readonly examined: readonly Examined[];
  readonly surroundings: Surroundings;
}

/** Finds the files, looks at each, and loads the dynamic linkers of the request. */
export function survey(request: WrapRequest): Survey {
  const found = discover(request.paths, request);
  const examined = found.candidates.map((candidate) => examine(candidate, request.storeDirectory));
  const surroundings = {
    request,
    interpreters: loadInterpreters(request),
    index: createLibraryIndex(),
    trees: treesOf(request, found.candidates),
    orphanSidecars: found.sidecars.filter((path) => !isThere(executableOf(path))),
    bundledLibraries: examined.flatMap((file) =>
      file.kind === "left-alone" && file.file.reason === "shared-library" ? [file.file.path] : [],
    ),
  };
  return { found, examined, surroundings };
}

/** The directories of the request; of a file named by itself, its directory. */
function treesOf(request: WrapRequest, candidates: readonly Candidate[]): readonly string[] {
  const directories = resolveRoots(request.paths).roots.filter(({ kind }) => kind === "directory");
  const named = candidates.filter(({ isNamed }) => isNamed);
  return [...new Set([...directories.map(({ path }) => path), ...named.map(({ path }) => directoryOf(path))])];
}
