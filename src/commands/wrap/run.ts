// From a request to what became of every file:
//
//     discover ──▶ examine (every file) ──▶ plan (every executable) ──▶ apply ──▶ outcome
//                                            └─ except for those that are known to be wrapped like that (memory/)
//
// Up to "apply" nothing is written, and nothing is written at all if an error was found before it.

import type { SkippedPath } from "../../files/discovery.ts";
import type { OnProgress } from "../../files/progress.ts";
import { toldOnce } from "../../linker/solve/told-once.ts";
import { applyPlans, closedDirectories } from "../../patch/write/apply.ts";
import { hasLeftovers } from "../../patch/write/leftovers.ts";
import { tryToRemove } from "../../patch/write/write-file.ts";
import { type Carriers, carriersOf, noCarriers } from "../../planning/carriers.ts";
import type { Examined } from "../../planning/examine.ts";
import { leaveAlone } from "../../planning/left-alone.ts";
import { checkLibraryDirectories } from "../../planning/library-directories.ts";
import { type PlannedFile, planEligible } from "../../planning/plan-executable.ts";
import { type PlannedLibrary, planLibrary } from "../../planning/plan-library.ts";
import type { Surroundings } from "../../planning/surroundings.ts";
import { type SurveyedSurroundings, survey } from "../../planning/survey.ts";
import type { WrapRequest } from "../../planning/wrap-request.ts";
import type { Issue } from "../../report/issue.ts";
import { severityOf } from "../../report/issues/all-issues.ts";
import { recall } from "./memory/recall.ts";
import { type Remembering, remember } from "./memory/remember.ts";
import { runKeyOf } from "./memory/run-key.ts";
import type { RunMemory } from "./memory/run-memory.ts";
import type { RunOutcome } from "./run-outcome.ts";
import { type ApplyMode, type KnownFile, type Settling, settle } from "./settle.ts";

/** Who is told how far a run is. */
export interface RunObserver {
  /** Told how many ELF files there are to look at, before the first is. */
  readonly onFound?: (count: number) => void;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Wraps what is asked for. Expected trouble is in the outcome; what is thrown is a bug. With a `memory` what has been
 * wrapped before, and would be wrapped again in the same way, is not planned again.
 */
export function run(request: WrapRequest, { onFound, onProgress }: RunObserver = {}, memory?: RunMemory): RunOutcome {
  const beginning = Date.now();
  const { found, examined, surroundings } = survey(request, { onFound, onProgress, asOriginals: true });
  const spent = process.cpuUsage();
  // Libraries first: the executables see them as they will be.
  const carriers = examined.some(({ kind }) => kind === "library") ? carriersOf(examined, surroundings) : noCarriers;
  const libraries = planLibraries(examined, carriers, surroundings);
  const known = memory === undefined ? undefined : lookBack(memory, examined, carriers, surroundings);
  const planned = [
    ...examined.map((file, at) => {
      const plan = libraries.get(file) ?? recalledFile(file, known) ?? planExamined(file, surroundings);
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
  const { user, system } = process.cpuUsage(spent);
  const outcome = apply(planned, issues, found.leftovers, request.dryRun, naming, onProgress);
  if (known !== undefined && outcome.ok && !request.dryRun) {
    const isWorthwhile = (user + system) / 1000 >= known.memory.worthwhile || known.recalled.executables.size > 0;
    if (isWorthwhile)
      remember(
        planned.flatMap((file) => (file.kind === "known" ? [] : [file])),
        { ...known, beginning },
      );
  }
  return outcome;
}

function lookBack(
  memory: RunMemory,
  examined: readonly Examined[],
  carriers: Carriers,
  surroundings: Surroundings,
): Omit<Remembering, "beginning"> | undefined {
  const { request, orphanSidecars, packageOf } = surroundings;
  // With a shared loader more files decide; of sidecars without executables it takes a plan to say whose they were.
  if (request.loaderDirectory !== undefined || orphanSidecars.length > 0) return undefined;
  const key = runKeyOf(memory.version, surroundings, carriers.key);
  return { memory, ...key, surroundings, recalled: recall(memory, key, examined, packageOf) };
}

function recalledFile(file: Examined, known: Omit<Remembering, "beginning"> | undefined): KnownFile | undefined {
  if (file.kind !== "eligible") return undefined;
  const { path, names, isNamed } = file.candidate;
  const found = known?.recalled.executables.get(path);
  // Of a tree they are found, and go at the end.
  if (found === undefined || (isNamed && names.some(hasLeftovers))) return undefined;
  return {
    kind: "known",
    outcome: { kind: "already-wrapped", path: found.path, facts: found.facts },
    issues: found.issues,
  };
}

function planLibraries(
  examined: readonly Examined[],
  carriers: Carriers,
  surroundings: SurveyedSurroundings,
): ReadonlyMap<Examined, PlannedLibrary> {
  const libraries = examined.flatMap((file) => (file.kind === "library" ? [file] : []));
  return new Map(
    libraries.map((file) => {
      const planned = planLibrary(file, carriers, surroundings);
      file.file.forget();
      return [file, planned];
    }),
  );
}

function planExamined(file: Examined, surroundings: Surroundings): PlannedFile {
  switch (file.kind) {
    case "eligible": {
      const planned = planEligible(file, surroundings);
      file.file.forget();
      return planned;
    }
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
  planned: readonly (PlannedLibrary | KnownFile)[],
  issues: readonly Issue[],
  leftovers: readonly string[],
  dryRun: boolean,
  naming: Omit<Settling, "mode">,
  onProgress: OnProgress | undefined,
): RunOutcome {
  const plans = planned.flatMap((file) => ("plan" in file ? [file.plan] : []));
  const early = [...issues, ...(dryRun || hasError(issues) ? [] : closedDirectories(plans))];
  const mode: ApplyMode = hasError(early) ? "refuse" : dryRun ? "dry-run" : "write";
  const applied = mode === "write" ? applyPlans(plans) : [];
  const results = new Map(plans.map((plan, index) => [plan, applied[index]]));
  const settling = { ...naming, mode };
  const settled = planned.map((file) => {
    onProgress?.("write", 0, planned.length);
    return settle(file, "plan" in file ? results.get(file.plan) : undefined, settling);
  });
  if (mode === "write") for (const path of leftovers) tryToRemove(path);
  const all = [...early, ...settled.flatMap((file) => file.issues)];
  return { dryRun, files: settled.map(({ outcome }) => outcome), issues: all, ok: !hasError(all) };
}

function hasError(issues: readonly Issue[]): boolean {
  return issues.some((issue) => severityOf(issue) === "error");
}
