// From a request to what became of every file:
//
//     discover ──▶ examine (every file) ──▶ plan (every executable) ──▶ apply ──▶ outcome
//
// Up to "apply" nothing is written, and nothing is written at all if an error was found before it.

import type { SkippedPath } from "../../files/discovery.ts";
import type { OnProgress } from "../../files/progress.ts";
import { toldOnce } from "../../linker/solve/told-once.ts";
import { applyPlans, closedDirectories } from "../../patch/write/apply.ts";
import { tryToRemove } from "../../patch/write/write-file.ts";
import type { Examined } from "../../planning/examine.ts";
import { leaveAlone } from "../../planning/left-alone.ts";
import { checkLibraryDirectories } from "../../planning/library-directories.ts";
import { type PlannedFile, planEligible, type Surroundings } from "../../planning/plan-executable.ts";
import { carriersOf, planLibrary } from "../../planning/plan-library.ts";
import { survey } from "../../planning/survey.ts";
import type { WrapRequest } from "../../planning/wrap-request.ts";
import type { Issue } from "../../report/issue.ts";
import { severityOf } from "../../report/issues/all-issues.ts";
import type { RunOutcome } from "./run-outcome.ts";
import { type ApplyMode, type Settling, settle } from "./settle.ts";

/** Who is told how far a run is. */
export interface RunObserver {
  /** Told how many ELF files there are to look at, before the first is. */
  readonly onFound?: (count: number) => void;
  readonly onProgress?: OnProgress | undefined;
}

/** Wraps what is asked for. Expected trouble is in the outcome; what is thrown is a bug. */
export function run(request: WrapRequest, { onFound, onProgress }: RunObserver = {}): RunOutcome {
  const { found, examined, surroundings } = survey(request, { onFound, onProgress, asOriginals: true });
  // Libraries first: the executables see them as they will be.
  const libraries = planLibraries(examined, surroundings);
  const planned = [
    ...examined.map((file, at) => {
      const plan = libraries.get(file) ?? planExamined(file, surroundings);
      onProgress?.("plan", found.candidates[at]?.size ?? 0, examined.length);
      return plan;
    }),
    ...found.skipped.map((path) => settleSkipped(path)),
  ];
  const issues: readonly Issue[] = [
    ...found.issues,
    ...surroundings.interpreters.issues,
    ...checkLibraryDirectories(request.libraryDirectories),
    ...toldOnce(planned.flatMap((file) => file.issues)),
  ];
  const named = new Set(found.candidates.flatMap(({ path, isNamed }) => (isNamed ? [path] : [])));
  const naming = {
    isNamed: (path: string) => named.has(path),
    originOf: surroundings.interpreters.originOf,
  };
  return apply(planned, issues, found.leftovers, request.dryRun, naming, onProgress);
}

function planLibraries(examined: readonly Examined[], surroundings: Surroundings): ReadonlyMap<Examined, PlannedFile> {
  const libraries = examined.flatMap((file) => (file.kind === "library" ? [file] : []));
  if (libraries.length === 0) return new Map();
  const carriers = carriersOf(examined, surroundings);
  return new Map(libraries.map((file) => [file, planLibrary(file, carriers, surroundings)]));
}

function planExamined(file: Examined, surroundings: Surroundings): PlannedFile {
  switch (file.kind) {
    case "eligible":
      return planEligible(file, surroundings);
    case "library":
      throw new Error(`${file.candidate.path} is planned with the libraries`);
    case "left-alone":
      return { kind: "settled", ...leaveAlone(file.file) };
    case "broken":
      return { kind: "settled", outcome: { kind: "failed", path: file.path }, issues: [file.issue] };
    default:
      return file satisfies never;
  }
}

function settleSkipped(file: SkippedPath): PlannedFile {
  return { kind: "settled", ...leaveAlone(file) };
}

function apply(
  planned: readonly PlannedFile[],
  issues: readonly Issue[],
  leftovers: readonly string[],
  dryRun: boolean,
  naming: Omit<Settling, "mode">,
  onProgress: OnProgress | undefined,
): RunOutcome {
  const plans = planned.flatMap((file) => (file.kind === "settled" ? [] : [file.plan]));
  const early = [...issues, ...(dryRun || hasError(issues) ? [] : closedDirectories(plans))];
  const mode: ApplyMode = hasError(early) ? "refuse" : dryRun ? "dry-run" : "write";
  const applied = mode === "write" ? applyPlans(plans) : [];
  const results = new Map(plans.map((plan, index) => [plan, applied[index]]));
  const settled = planned.map((file) => {
    onProgress?.("write", 0, planned.length);
    return settle(file, file.kind === "settled" ? undefined : results.get(file.plan), { ...naming, mode });
  });
  if (mode === "write") for (const path of leftovers) tryToRemove(path);
  const all = [...early, ...settled.flatMap((file) => file.issues)];
  return { dryRun, files: settled.map(({ outcome }) => outcome), issues: all, ok: !hasError(all) };
}

function hasError(issues: readonly Issue[]): boolean {
  return issues.some((issue) => severityOf(issue) === "error");
}
