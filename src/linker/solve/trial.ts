// Trying out what an executable could be given: the load that it leads to, and where that strays from what is meant.

import { isCLibraryName } from "../interpreter/c-library.ts";
import { endsLoad, type Load, type Lookup, type Program, simulateLoad, simulateOwnLoad } from "../load/load-order.ts";
import { openCandidate } from "../search/candidate.ts";
import type { Decision } from "../search/intended-search.ts";
import { searchElsewhere } from "../search/of-this-machine.ts";
import type { Place } from "../search/places.ts";
import type { RunPathEntry } from "../search/run-path.ts";
import { type Intention, programWith } from "./installation.ts";
import type { Resolution } from "./resolution.ts";
import type { ResolveContext } from "./resolve-context.ts";

/** One executable with what is meant for it. */
export interface Trial {
  readonly program: Program;
  readonly intention: Intention;
  readonly context: ResolveContext;
  /** What is meant, by name. */
  readonly intended: ReadonlyMap<string, Decision>;
  /** The load with these additions; simulated once for each. */
  readonly attempt: (
    runPath: readonly RunPathEntry[],
    tag: Resolution["runPathTag"],
    neededLast: readonly string[],
  ) => Load;
  /** Lookups of a load that do not find what is meant. */
  readonly strays: (load: Load) => readonly Lookup[];
  /** Those of what the executable itself has this run path for; by musl that is every object's. */
  readonly ownStrays: (runPath: readonly RunPathEntry[]) => readonly Lookup[];
  /** The best place with a library of this name. */
  readonly holderOf: (name: string) => Place | undefined;
}

/** `program` is the executable as it is; `intention` what it is to load. Loads are simulated when they are asked for. */
export function createTrial(program: Program, intention: Intention, context: ResolveContext): Trial {
  const { interpreter } = context;
  const { decisions, places, added, attempts } = intention;
  const search = searchElsewhere(context, program.header);
  const intended = new Map(decisions.map((decision) => [decision.name, decision]));

  const attempt: Trial["attempt"] = (runPath, tag, last) => {
    const key = [tag, last.join(" "), ...runPath.map(({ text }) => text)].join(":");
    const load = attempts.get(key) ?? simulateLoad(programWith(program, runPath, tag, { last }), interpreter, search);
    attempts.set(key, load);
    return load;
  };
  const holderOf: Trial["holderOf"] = (name) =>
    places.having(name).find(({ path }) => openCandidate(context, program.header, path).kind === "library")?.place;
  const strays: Trial["strays"] = ({ lookups }) =>
    lookups.filter((lookup) => {
      const decision = intended.get(lookup.name);
      if (decision !== undefined) return isStray(lookup, decision);
      // Another order of directories can load another library, with needs that nobody has decided about.
      return lookup.target === undefined && holderOf(lookup.name) !== undefined;
    });
  const ownStrays: Trial["ownStrays"] = (runPath) => {
    if (interpreter.cLibrary !== "glibc") return strays(attempt(runPath, "runpath", added));
    const wanted = programWith(program, runPath, "runpath", { last: added });
    return strays(simulateOwnLoad(wanted, interpreter, search));
  };
  return { program, intention, context, intended, attempt, strays, ownStrays, holderOf };
}

/**
 * Whether a lookup does not find what is meant: nothing, a file that ends the load, or the wrong one where it matters.
 */
export function isStray(lookup: Lookup, decision: Decision): boolean {
  if (decision.file === undefined) return false;
  const { target } = lookup;
  if (target === undefined) return true;
  if (target === "kernel" || target.fileId === undefined || lookup.outcome === undefined) return false;
  if (endsLoad(lookup)) return true;
  if (target.fileId === decision.file.fileId) return false;
  const kind = decision.place === "own" ? undefined : decision.place?.kind;
  // Where this machine's directory is not there, the lookup finds nothing.
  if (lookup.outcome.found?.isOfMachine === true) return true;
  return isCLibraryName(lookup.name) || kind === "bundled" || kind === "existing";
}
