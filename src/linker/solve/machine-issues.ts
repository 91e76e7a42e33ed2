// Entries that lead to what may be on this machine alone, and what is found nowhere else.

import type { Load, Program } from "../load/load-order.ts";
import type { Places } from "../search/places.ts";
import type { LibraryIssue } from "./library-issue.ts";

type OnlyHere = Extract<LibraryIssue, { readonly kind: "only-on-this-machine" }>;

/**
 * One issue for each entry: the executable's own, and those of its libraries that something is found by. A warning where
 * the program will not start without it.
 */
export function machineIssues(findings: {
  readonly program: Program;
  readonly places: Pick<Places, "ofMachine">;
  readonly intendedLoad: Load;
}): readonly LibraryIssue[] {
  const { program, places, intendedLoad } = findings;
  const found = new Map<string, OnlyHere>();
  for (const { directory, entry } of places.ofMachine) {
    found.set(
      directory,
      issueFor(program, { neededBy: program.path, entry: "run-path", path: entry?.text ?? directory }),
    );
  }
  for (const { name, by, outcome } of intendedLoad.lookups) {
    if (!outcome?.found?.isOfMachine) continue;
    const { provenance } = outcome.found;
    const isPath = provenance.kind === "absolute";
    const path = "directory" in provenance ? provenance.directory : outcome.found.path;
    const issue =
      found.get(path) ?? issueFor(program, { neededBy: by.path, entry: isPath ? "needed" : "run-path", path });
    found.set(path, { ...issue, severity: "warning", libraries: isPath ? [] : [...issue.libraries, name] });
  }
  return [...found.values()];
}

function issueFor({ path }: Program, what: Pick<OnlyHere, "neededBy" | "entry" | "path">): OnlyHere {
  return { kind: "only-on-this-machine", severity: "note", executable: path, ...what, libraries: [], count: 1 };
}
