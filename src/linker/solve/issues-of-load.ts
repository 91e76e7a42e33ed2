// What is wrong with an executable's libraries, or worth a note: read off the loads, put into the contract's form.

import { compilePattern } from "../../base/pattern.ts";
import type { VersionNeed } from "../../elf/elf-file.ts";
import type { AnsweredNote } from "../load/dlopen-want.ts";
import type { LinkedObject, Load, Program } from "../load/load-order.ts";
import type { PlugInNeed } from "../load/plug-ins.ts";
import { checkVersions } from "../load/symbol-versions.ts";
import { openCandidate } from "../search/candidate.ts";
import { type Asker, comesWithDriver } from "../search/drivers.ts";
import type { Decision } from "../search/intended-search.ts";
import { nearMissesOf } from "../search/near-miss.ts";
import { oncePerRun } from "../search/per-run.ts";
import type { Places } from "../search/places.ts";
import type { LibraryIssue, PassedOver } from "./library-issue.ts";
import { machineIssues } from "./machine-issues.ts";
import type { ResolveContext } from "./resolve-context.ts";

/** What there is to read off. */
export interface Findings {
  readonly program: Program;
  /** The executable's. */
  readonly versionNeeds: readonly VersionNeed[];
  /** The load that follows from the installation. */
  readonly load: Load;
  readonly intendedLoad: Load;
  readonly decisions: readonly Decision[];
  readonly notes: readonly AnsweredNote[];
  readonly places: Pick<Places, "having" | "lists" | "ofMachine">;
}

/** What of the surroundings matters for them. */
export type IssueContext = Pick<ResolveContext, "index" | "interpreter" | "ignoreMissing">;

type Of<Kind extends LibraryIssue["kind"]> = Extract<LibraryIssue, { kind: Kind }>;

/**
 * All issues, in the order of the load: missing libraries, versions, dlopen notes, then notes about choices.
 */
export function issuesOf(findings: Findings, context: IssueContext): readonly LibraryIssue[] {
  return [
    ...missingLibraries(findings, context),
    ...missingVersions(findings, context),
    ...noteIssues(findings, context),
    ...machineIssues(findings),
    ...rejected(findings),
    ...duplicates(findings, context),
  ];
}

const compiledPatterns = oncePerRun((_, patterns: readonly string[]) => patterns.map(compilePattern));

function isIgnored(name: string, { index, ignoreMissing }: IssueContext): boolean {
  return compiledPatterns(index, ignoreMissing).some((matches) => matches(name));
}

function missingLibrary(
  { program, places }: Pick<Findings, "program" | "places">,
  context: IssueContext,
  what: Pick<Of<"missing-library">, "name" | "neededBy" | "searched" | "severity">,
): Of<"missing-library"> {
  const file = context.index.realPath(what.neededBy);
  const passedOver = passedOverFor(what.name, { program, places }, context);
  return {
    kind: "missing-library",
    ...(file === what.neededBy ? {} : { neededByFile: file }),
    executable: program.path,
    nearMisses: nearMissesOf(what.name, places.lists(), context.index),
    ...(passedOver.length === 0 ? {} : { passedOver }),
    ...what,
  };
}

/** What the places have under that name and what a process of the program cannot load. */
function passedOverFor(
  name: string,
  { program, places }: Pick<Findings, "program" | "places">,
  context: IssueContext,
): readonly PassedOver[] {
  return places.having(name).flatMap(({ path }): readonly PassedOver[] => {
    const candidate = openCandidate(context, program.header, path);
    return candidate.kind === "refused" ? [{ path, reason: candidate.refusal.reason }] : [];
  });
}

function missingLibraries(findings: Findings, context: IssueContext): readonly LibraryIssue[] {
  const issues = new Map<string, LibraryIssue>();
  for (const { name, by, target, outcome } of findings.load.lookups) {
    if (target !== undefined || comesWithDriver(name, askerOf(by), mainFacts(findings))) continue;
    const intended = findings.intendedLoad.lookups.find(
      (lookup) => lookup.name === name && lookup.outcome !== undefined,
    );
    const searched = Math.max(outcome?.searched ?? 0, intended?.outcome?.searched ?? 0);
    const severity = isIgnored(name, context) ? "note" : "error";
    issues.set(
      `${name}\0${by.path}`,
      missingLibrary(findings, context, {
        name,
        neededBy: by.path,
        searched,
        severity,
      }),
    );
  }
  return [...issues.values()];
}

function missingVersions(findings: Findings, context: IssueContext): readonly LibraryIssue[] {
  if (context.interpreter.cLibrary === "musl") return [];
  const executable = findings.program.path;
  const damaged = findings.load.objects.flatMap(
    ({ path, facts: { versionDefect: defect } }): readonly LibraryIssue[] =>
      defect === undefined ? [] : [{ kind: "damaged-versions", severity: "error", executable, path, defect }],
  );
  const { gaps, unanswered } = checkVersions(findings.load, findings.versionNeeds);
  const missing = gaps.flatMap((gap): readonly LibraryIssue[] => {
    if (isIgnored(`${gap.libraryName}:${gap.version}`, context)) return [];
    return [
      {
        kind: "missing-version",
        severity: gap.isFatal ? "error" : "warning",
        executable,
        neededBy: gap.by.path,
        library: gap.libraryName,
        libraryPath: gap.library.path,
        version: gap.version,
        newestProvided: gap.newestProvided,
      },
    ];
  });
  const isAbsent = ({ by, libraryName }: (typeof unanswered)[number]) =>
    !comesWithDriver(libraryName, askerOf(by), mainFacts(findings));
  const absent = unanswered.filter(isAbsent).map(({ by, libraryName: name }) =>
    missingLibrary(findings, context, {
      name,
      neededBy: by.path,
      searched: 0,
      severity: isIgnored(name, context) ? "note" : "error",
    }),
  );
  return [...damaged, ...missing, ...absent];
}

function askerOf({ loader, facts }: LinkedObject): Asker {
  return { isExecutable: loader === undefined, runpath: facts.runpath };
}

/** The executable with the run path that it is given. */
function mainFacts({ program, load }: Pick<Findings, "program" | "load">) {
  return load.objects[0]?.facts ?? program.facts;
}

/** The issues about what plug-ins need and nothing meets. */
export function plugInIssues(
  needs: readonly PlugInNeed[],
  findings: Pick<Findings, "program" | "places" | "load">,
  context: IssueContext & Pick<ResolveContext, "strict">,
): readonly LibraryIssue[] {
  const missing = context.strict ? "error" : "warning";
  return needs.flatMap(({ name, by, searched, runpath }) => {
    if (comesWithDriver(name, { isExecutable: false, runpath }, mainFacts(findings))) return [];
    const severity = isIgnored(name, context) ? "note" : missing;
    return missingLibrary(findings, context, { name, neededBy: by, searched, severity });
  });
}

function noteIssues({ program, notes }: Findings, context: IssueContext): readonly LibraryIssue[] {
  const severities = {
    required: "error",
    recommended: "warning",
    suggested: "note",
  } as const;
  const unmet = notes.filter(({ path }) => path === undefined);
  return unmet.map(({ by, note }) => ({
    kind: "dlopen-missing",
    severity: note.sonames.some((name) => isIgnored(name, context)) ? "note" : severities[note.priority],
    executable: program.path,
    neededBy: by.path,
    alternatives: note.sonames,
    feature: note.feature,
    priority: note.priority,
  }));
}

function rejected({ load, intendedLoad }: Findings): readonly LibraryIssue[] {
  const issues = new Map<string, LibraryIssue>();
  for (const { name, outcome } of [...intendedLoad.lookups, ...load.lookups]) {
    for (const { path, reason } of outcome?.refused ?? []) {
      issues.set(path, {
        kind: "rejected-candidate",
        severity: "note",
        name,
        path,
        reason,
      });
    }
  }
  return [...issues.values()];
}

/** Two libraries of one name in the places that the user chose: which was taken, and which not. */
function duplicates({ decisions, places, program }: Findings, context: IssueContext): readonly LibraryIssue[] {
  const names = new Set<string>();
  return decisions.flatMap((decision): readonly LibraryIssue[] => {
    const { name, place, path, file } = decision;
    if (place === undefined || place === "own" || file === undefined || path === undefined || names.has(name))
      return [];
    names.add(name);
    if (place.kind === "interpreter" || place.kind === "fallback") return [];
    const seen = new Set([file.fileId]);
    const notTaken = places.having(name).flatMap(({ place: { kind }, path: other }) => {
      if (kind !== "bundled" && kind !== "library") return [];
      const candidate = openCandidate(context, program.header, other);
      if (candidate.kind !== "library" || seen.has(candidate.file.fileId)) return [];
      seen.add(candidate.file.fileId);
      return [other];
    });
    return notTaken.length === 0
      ? []
      : [
          {
            kind: "duplicate-soname",
            severity: "note",
            name,
            taken: path,
            notTaken,
          },
        ];
  });
}
