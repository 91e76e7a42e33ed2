// From a request to what became of every file:
//
//     discover ──▶ examine (every file) ──▶ plan (every executable) ──▶ apply ──▶ outcome
//
// Up to "apply" nothing is written, and nothing is written at all if an error was found before it.

import type { SkippedPath } from "../../files/discover.ts";
import type { OnProgress } from "../../files/progress.ts";
import { toldOnce } from "../../linker/solve/told-once.ts";
import { createSidecarUsers } from "../../patch/sidecar/sidecar-users.ts";
import { removeLeftover } from "../../patch/write/leftovers.ts";
import type { Examined } from "../../planning/examine.ts";
import { leaveAlone } from "../../planning/left-alone.ts";
import { checkLibraryDirectories } from "../../planning/library-directories.ts";
import { type PlannedFile, planEligible, type Surroundings } from "../../planning/plan-executable.ts";
import { carriersOf, planLibrary } from "../../planning/plan-library.ts";
import { survey } from "../../planning/survey.ts";
import type { WrapRequest } from "../../planning/wrap-request.ts";
import type { Issue } from "../../report/issue.ts";
import { severityOf } from "../../report/issues/all-issues.ts";
import type { FileOutcome, RunOutcome } from "./run-outcome.ts";
import { type Settling, settle } from "./settle.ts";

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
  const settling = {
    mode: hasError(issues) ? "refuse" : request.dryRun ? "dry-run" : "write",
    users: createSidecarUsers(),
    isNamed: (path: string) => named.has(path),
    originOf: surroundings.interpreters.originOf,
  } as const;
  return apply(planned, issues, found.leftovers, request.dryRun, settling, onProgress);
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
  settling: Settling,
  onProgress: OnProgress | undefined,
): RunOutcome {
  const files: FileOutcome[] = [];
  const late: Issue[] = [];
  for (const file of planned) {
    const settled = settle(file, settling);
    onProgress?.("write", 0, planned.length);
    files.push(settled.outcome);
    for (const issue of settled.issues) late.push(issue);
  }
  if (settling.mode === "write") for (const path of leftovers) removeLeftover(path);
  const all = [...issues, ...late];
  return { dryRun, files, issues: all, ok: !hasError(all) };
}

function hasError(issues: readonly Issue[]): boolean {
  return issues.some((issue) => severityOf(issue) === "error");
}
