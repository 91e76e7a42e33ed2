// What all executables of a run have in common: with the same key, an executable that has not changed, and that saw what
// it saw before, is to be wrapped as it was before.

import { createHash } from "node:crypto";
import { directoryOf } from "../../../base/path.ts";
import type { Surroundings } from "../../../planning/plan-executable.ts";
import type { WrapRequest } from "../../../planning/wrap-request.ts";
import { textAt } from "./seen-state.ts";

/** The name under which runs of this request are kept: its paths and options, except --dry-run. */
export function nameOfRun(request: WrapRequest): string {
  return digestOf(wordsOf(request)).slice(0, 32);
}

/** `carriers`: their key. */
export function keyOfRun(version: string, surroundings: Surroundings, carriers: readonly string[]): string {
  const { request, trees, bundledLibraries, packageOf } = surroundings;
  const linkers = [...request.interpreters, ...request.fallbackInterpreters];
  return digestOf([
    [version, process.version, process.getuid?.()],
    wordsOf(request),
    linkers.map((path) => textAt(path)),
    trees,
    // With their files: one that is given a run path of its own is read outside of the index.
    bundledLibraries.map((path) => [path, packageOf(path), packageOf(directoryOf(path)), textAt(path)]),
    carriers,
  ]);
}

function wordsOf({ dryRun: _, interpreterOrigins, ...rest }: WrapRequest): unknown {
  return { ...rest, interpreterOrigins: [...interpreterOrigins] };
}

function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
