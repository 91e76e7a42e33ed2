// Which executables need no plan, because a run before has wrapped them as this one would.

import type { PackageOf } from "../../../linker/solve/resolve-context.ts";
import type { Examined } from "../../../planning/examine.ts";
import { readRun } from "./kept-run.ts";
import type { RunKey } from "./run-key.ts";
import type { KnownExecutable, RememberedRun, RunMemory } from "./run-memory.ts";
import { isStillSo, textAt } from "./seen-state.ts";

export interface Recalled {
  /** Undefined where nothing is known that still holds. */
  readonly run: RememberedRun | undefined;
  readonly executables: ReadonlyMap<string, KnownExecutable>;
}

const nothing: Recalled = { run: undefined, executables: new Map() };

/** Of the `examined` files those that are known and have not changed, when all that was seen then is as it was. */
export function recall(
  { directory }: RunMemory,
  { name, key }: RunKey,
  examined: readonly Examined[],
  packageOf: PackageOf,
): Recalled {
  const wrapped = new Set<string>();
  const eligible = new Set<string>();
  for (const file of examined) {
    if (file.kind !== "eligible") continue;
    eligible.add(file.candidate.path);
    const { original, candidate } = file;
    if (original.kind === "wrapped" && original.isCleared && candidate.names.length === 1) wrapped.add(candidate.path);
  }
  if (wrapped.size === 0) return nothing;
  const run = readRun(directory, name());
  if (run === undefined || run.key !== key()) return nothing;
  // Somebody has to say again what they said.
  if (!run.tellers.every((path) => eligible.has(path)) || !isStillSo(run.seen)) return nothing;
  const known = run.executables.filter((one) => wrapped.has(one.path) && isUnchanged(one, packageOf));
  return { run, executables: new Map(known.map((one) => [one.path, one])) };
}

function isUnchanged(known: KnownExecutable, packageOf: PackageOf): boolean {
  const { path, packageName, signature, sidecarPath, sidecarSignature, interpreterSignature, facts } = known;
  return (
    packageOf(path) === packageName &&
    textAt(path) === signature &&
    textAt(sidecarPath) === sidecarSignature &&
    textAt(facts.interpreter) === interpreterSignature
  );
}
