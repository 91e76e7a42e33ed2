// The garbage collector's roots of a run: what of the store the wrapped files refer to is kept for as long as they are
// there. Nix is started only for store paths that have no root yet.

import { existsSync } from "node:fs";
import { baseName, directoryOf, isInside, joinPath } from "../../base/path.ts";
import type { GcRoots, RunOutcome } from "../../commands/wrap/run-outcome.ts";
import type { RequestIssue } from "../../files/request-issue.ts";
import { resolveRoots } from "../../files/roots.ts";
import { linkedPaths, missingRoots, rootsDirectoryOf } from "../../planning/gc-roots/roots-directory.ts";
import { referencesOf, storePathsOf } from "../../planning/gc-roots/store-paths.ts";
import type { WrapRequest } from "../../planning/wrap-request.ts";
import { severityOf } from "../../report/issues/all-issues.ts";
import { isNixBuild } from "./nix-build.ts";
import { changeRoots } from "./nix-roots.ts";

/** What --gc-roots says: a directory, yes, no, or nothing. */
export type GcRootsChoice = string | boolean | undefined;

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Nix's state, whose presence says that Nix looks after the store. Source: Nix manual, "Common Environment Variables",
 * NIX_STATE_DIR.
 */
export function stateDirectoryOf(variables: Variables, storeDirectory: string): string {
  const said = variables["NIX_STATE_DIR"] ?? "";
  return said === "" ? joinPath(directoryOf(storeDirectory), "var/nix") : said;
}

/**
 * Makes the roots that are missing after a run that went well, and removes those that nothing needs any more. Without
 * `choice` only for trees outside the store, where Nix is, and never in a Nix build; then what fails is a warning.
 */
export async function keepStorePaths(
  outcome: RunOutcome,
  request: Pick<WrapRequest, "paths" | "recurse" | "exclude" | "storeDirectory">,
  choice: GcRootsChoice,
  variables: Variables,
): Promise<RunOutcome> {
  const { storeDirectory } = request;
  const state = stateDirectoryOf(variables, storeDirectory);
  const isWanted = choice ?? (!isNixBuild(variables) && existsSync(state));
  if (isWanted === false || !outcome.ok) return outcome;
  const under = typeof choice === "string" ? choice : undefined;
  const gcRoots: GcRoots[] = [];
  const issues: RequestIssue[] = [];
  for (const { path: tree } of resolveRoots(request.paths).roots) {
    const storePaths = pathsOfTree(outcome, tree, storeDirectory);
    if (isInside(tree, storeDirectory) || tree === "/") continue;
    const directory = rootsDirectoryOf(tree, under);
    const before = linkedPaths(directory);
    // Of a tree of which not all was looked at, what else is in it may refer to the others.
    const isWhole = request.recurse && request.exclude.length === 0;
    const removed = isWhole ? (before ?? []).filter((path) => !storePaths.includes(path)) : [];
    const added = missingRoots(directory, storePaths, state);
    if (storePaths.length === 0 && removed.length === 0) continue;
    if (!outcome.dryRun && added.length + removed.length > 0) {
      const reason = await changeRoots(directory, { added, removed }, variables);
      if (reason !== undefined) {
        const severity = choice === undefined ? "warning" : "error";
        issues.push({ kind: "gc-roots-not-made", severity, path: tree, directory, storePaths: added, reason });
        continue;
      }
    }
    gcRoots.push({ tree, directory, storePaths, added, removed });
  }
  const ok = outcome.ok && issues.every((issue) => severityOf(issue) !== "error");
  return { ...outcome, ok, issues: [...outcome.issues, ...issues], ...(gcRoots.length === 0 ? {} : { gcRoots }) };
}

function pathsOfTree({ files }: RunOutcome, tree: string, storeDirectory: string): readonly string[] {
  const references = files.flatMap((file) =>
    "facts" in file && isInside(file.path, tree) ? referencesOf(file.facts) : [],
  );
  return storePathsOf(references, storeDirectory).filter((path) => baseName(path) !== "");
}
