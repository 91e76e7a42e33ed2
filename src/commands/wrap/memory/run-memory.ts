// What a run remembers of itself for the next one: which executables it has wrapped, and all that it has seen to know how.
// Types only.

import type { WrapFacts } from "../../../patch/file-plan.ts";
import type { Issue } from "../../../report/issue.ts";

/** Where runs are remembered, and who remembers. */
export interface RunMemory {
  /** Absolute; made when it is not there. */
  readonly directory: string;
  /** This program's, and whatever else tells it from another build of it. */
  readonly version: () => string;
  /** Processor time that planning has to take to be worth remembering, milliseconds. */
  readonly worthwhile: number;
}

/** One executable that is wrapped as the request wants it. */
export interface KnownExecutable {
  readonly path: string;
  /** Its package, as `packageOf` says. */
  readonly packageName: string | undefined;
  readonly signature: string;
  readonly sidecarPath: string;
  readonly sidecarSignature: string;
  readonly interpreterSignature: string;
  readonly facts: WrapFacts;
  /** What was said of it. */
  readonly issues: readonly Issue[];
}

/** The file system, as far as the plans follow from it. */
export interface SeenState {
  /** A check of the names in each directory. */
  readonly directories: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, string>;
  readonly areDirectories: ReadonlyMap<string, boolean>;
  readonly realPaths: ReadonlyMap<string, string>;
}

export interface RememberedRun {
  /** All that the executables have in common (run-key.ts). */
  readonly key: string;
  readonly seen: SeenState;
  readonly executables: readonly KnownExecutable[];
  /** Files that had something to be said of them. What plug-ins lack is said once, of one of these. */
  readonly tellers: readonly string[];
}
