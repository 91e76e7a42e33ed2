// What a library misses, told once for all executables that load it. A tree of a thousand executables with one broken
// library would have a thousand issues to say it.

import type { LibraryIssue } from "./library-issue.ts";

type MissingLibrary = Extract<LibraryIssue, { readonly kind: "missing-library" }>;

const weights = { note: 0, warning: 1, error: 2 } as const satisfies {
  readonly [S in MissingLibrary["severity"]]: number;
};

/**
 * The issues of a run, in their order, with one for each name that a library misses: the first of the most severe.
 * What an executable itself misses is always told.
 */
export function toldOnce<One extends { readonly kind: string }>(issues: readonly One[]): readonly One[] {
  const places = new Map<string, number>();
  const told: One[] = [];
  for (const issue of issues) {
    if (!isMissingLibrary(issue)) {
      told.push(issue);
      continue;
    }
    const key = `${issue.name}\0${issue.neededByFile ?? issue.neededBy}`;
    const place = places.get(key);
    const before = place === undefined ? undefined : told[place];
    if (place === undefined || before === undefined || !isMissingLibrary(before)) places.set(key, told.push(issue) - 1);
    else if (weights[issue.severity] > weights[before.severity]) told[place] = issue;
  }
  return told;
}

function isMissingLibrary(issue: { readonly kind: string }): issue is MissingLibrary {
  return issue.kind === "missing-library";
}
