// What a library misses, what it opens by a path of before, and what leads to this machine alone, told once for all executables. A tree of a thousand
// executables with one broken library would have a thousand issues to say it.

import type { LibraryIssue } from "./library-issue.ts";

type OnlyHere = Extract<LibraryIssue, { readonly kind: "only-on-this-machine" }>;
type ByOldPath = Extract<LibraryIssue, { readonly kind: "opens-by-old-path" }>;
type MissingLibrary = Extract<LibraryIssue, { readonly kind: "missing-library" }>;

const weights = { note: 0, warning: 1, error: 2 } as const satisfies {
  readonly [S in MissingLibrary["severity"]]: number;
};

/**
 * The issues of a run, in their order, with one for each name that a library misses: the first of the most severe.
 * What an executable itself misses is always told. One also for each entry that leads to this machine alone, of all that
 * have it, and for each library that opens others by a path of before.
 */
export function toldOnce<One extends { readonly kind: string }>(issues: readonly One[]): readonly One[] {
  const places = new Map<string, number>();
  const told: One[] = [];
  for (const issue of issues) {
    if (isOnlyHere(issue)) {
      const key = `${issue.entry}\0${issue.path}`;
      const place = places.get(key);
      const before = place === undefined ? undefined : told[place];
      if (place === undefined || before === undefined || !isOnlyHere(before)) places.set(key, told.push(issue) - 1);
      else told[place] = together(before, issue);
      continue;
    }
    if (isByOldPath(issue)) {
      const key = `opens\0${issue.path}`;
      const place = places.get(key);
      const before = place === undefined ? undefined : told[place];
      if (place === undefined || before === undefined || !isByOldPath(before)) places.set(key, told.push(issue) - 1);
      else told[place] = { ...heavier(before, issue), count: before.count + issue.count };
      continue;
    }
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

function isOnlyHere(issue: { readonly kind: string }): issue is OnlyHere {
  return issue.kind === "only-on-this-machine";
}

function isByOldPath(issue: { readonly kind: string }): issue is ByOldPath {
  return issue.kind === "opens-by-old-path";
}

function heavier<One extends ByOldPath>(before: One, issue: One): One {
  return weights[issue.severity] > weights[before.severity] ? issue : before;
}

function together<One extends OnlyHere>(before: One, issue: OnlyHere): One {
  return {
    ...before,
    severity: weights[issue.severity] > weights[before.severity] ? issue.severity : before.severity,
    libraries: [...new Set([...before.libraries, ...issue.libraries])],
    count: before.count + issue.count,
  };
}
