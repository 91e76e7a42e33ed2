// What the dynamic linker on paper tells the patcher of one executable. Types only.

import type { LoadedObject } from "../load/provenance.ts";
import type { LibraryIssue } from "./library-issue.ts";

/** All that the patcher has to know of one executable's libraries. */
export interface Resolution {
  /** Breadth-first, the executable first, the interpreter at its place. */
  readonly loadOrder: readonly LoadedObject[];
  /** The whole run path to install, existing entries that are kept included, in order, no duplicates. */
  readonly runPath: readonly string[];
  /** Which tag carries it, and why. */
  readonly runPathTag: "runpath" | "rpath";
  readonly runPathReason:
    | "default"
    | "asked"
    | "executable-has-rpath"
    | "given-directories"
    | "bundled-needs-inherited-search";
  /** Needed entries to put in front of the original ones (pinned); [] when not pinned. */
  readonly neededFirst: readonly string[];
  /** Needed entries to put after the original ones. */
  readonly neededLast: readonly string[];
  readonly issues: readonly LibraryIssue[];
  /** What plug-ins miss that no executable of the run before this one has told of. */
  readonly plugInIssues: readonly LibraryIssue[];
}
