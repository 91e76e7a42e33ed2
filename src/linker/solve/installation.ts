// What an executable is to be given, and what that is made from.

import type { Load, Program } from "../load/load-order.ts";
import type { Decision } from "../search/intended-search.ts";
import type { Place, Places } from "../search/places.ts";
import type { RunPathEntry } from "../search/run-path.ts";
import type { Resolution } from "./resolution.ts";

/** What an executable is given, and the load that follows from it. */
export interface Installation {
  readonly runPath: readonly RunPathEntry[];
  readonly tag: Resolution["runPathTag"];
  readonly reason: Resolution["runPathReason"];
  readonly neededLast: readonly string[];
  readonly load: Load;
}

/** A name that an object of the process will want later (a plug-in's needed entry), and what can carry it. */
export interface CarriedNeed {
  readonly name: string;
  readonly place: Place;
  /** The object that wants it has a DT_RUNPATH, so the executable's DT_RPATH does not help it. */
  readonly ignoresRpath: boolean;
  /** Only searched for, never loaded for its sake: what `.note.dlopen` mentions. */
  readonly isOptional: boolean;
}

/** The executable as it would be with these additions. */
export function programWith(
  program: Program,
  runPath: readonly RunPathEntry[],
  tag: Resolution["runPathTag"],
  needed: {
    readonly first?: readonly string[];
    readonly last: readonly string[];
  },
): Program {
  const text = runPath.length === 0 ? undefined : runPath.map((entry) => entry.text).join(":");
  return {
    ...program,
    facts: {
      ...program.facts,
      rpath: tag === "rpath" ? text : undefined,
      runpath: tag === "runpath" ? text : undefined,
      needed: [...(needed.first ?? []), ...program.facts.needed, ...needed.last],
    },
  };
}

/** What is meant to be loaded, and the means that are there already. */
export interface Intention {
  readonly decisions: readonly Decision[];
  readonly needs: readonly CarriedNeed[];
  readonly places: Places;
  /** As `composeRunPath` made it. */
  readonly runPath: readonly RunPathEntry[];
  /** Needed entries that stand after the original ones already. */
  readonly added: readonly string[];
  /** Loads of this program that have been simulated, by what it had. */
  readonly attempts: Map<string, Load>;
}
