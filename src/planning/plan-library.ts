// The plan for one shared library or plug-in: a run path of its own, in place, or nothing. Writes nothing.

import type { ElfFile } from "../elf/elf-file.ts";
import { readObjectFacts } from "../linker/load/object-facts.ts";
import { type LibraryResolution, resolveLibrary } from "../linker/solve/resolve-library.ts";
import type { InPlaceEdits } from "../patch/in-place/in-place-plan.ts";
import { type InPlaceFilePlanned, planFileInPlace, planLibraryBack } from "../patch/in-place/plan-file.ts";
import { originalElf } from "../patch/original.ts";
import type { Issue } from "../report/issue.ts";
import { severityOf } from "../report/issues/all-issues.ts";
import { writtenFile } from "./build-output.ts";
import type { Carriers } from "./carriers.ts";
import type { LibraryFile } from "./examine.ts";
import { leaveAlone } from "./left-alone.ts";
import type { PlannedFile } from "./plan-executable.ts";
import { resolveContext, type Surroundings } from "./surroundings.ts";
import type { SurveyedSurroundings } from "./survey.ts";

/** A library with a plan for it, or with what became of it instead. */
export type PlannedLibrary =
  | PlannedFile
  /** It was patched in place, and nothing is wanted of it any more. */
  | { readonly kind: "restored"; readonly plan: InPlaceEdits; readonly issues: readonly Issue[] };

/**
 * Plans one library. What it lacks is no error where there are executables, although none of them carries it: they are
 * what the run is for. One that an earlier run has written, and that this one would not, becomes the original again: the
 * executables are planned as if it were, and a run path that is left in it may lead to libraries of former options.
 */
export function planLibrary(
  library: LibraryFile,
  carriers: Carriers,
  surroundings: SurveyedSurroundings,
): PlannedLibrary {
  const planned = planAnew(library, carriers, surroundings) ?? leftAlone(library);
  return planned.kind === "settled" && planned.outcome.kind === "skipped"
    ? (planBack(library, planned.issues, surroundings) ?? planned)
    : planned;
}

/** Undefined where nothing is to be done, or nothing can be. */
function planAnew(
  library: LibraryFile,
  carriers: Carriers,
  surroundings: SurveyedSurroundings,
): PlannedFile | undefined {
  if (!mayChange(library, carriers, surroundings)) return undefined;
  const reading = library.file.use((elf) => planElf(elf, library, carriers, surroundings));
  return reading.kind === "read" ? reading.result : undefined;
}

function planBack(
  library: LibraryFile,
  issues: readonly Issue[],
  { request, linkers }: SurveyedSurroundings,
): PlannedLibrary | undefined {
  const { candidate, original, file } = library;
  if (original.kind !== "in-place" || request.libraries === "leave" || !linkers.has(candidate.path)) return undefined;
  const reading = file.use((current) => planLibraryBack({ ...writtenFile(candidate, request), current, original }));
  if (reading.kind !== "read" || reading.result === undefined) return undefined;
  return { kind: "restored", plan: reading.result, issues };
}

function leftAlone(library: LibraryFile): Extract<PlannedFile, { readonly kind: "settled" }> {
  return { kind: "settled", ...leaveAlone(library.leftAlone) };
}

/** False where it is not worth reading: most libraries are carried. */
function mayChange(
  { candidate: { path } }: LibraryFile,
  carriers: Carriers,
  surroundings: SurveyedSurroundings,
): boolean {
  const { libraries, runtimeDependencies, appendRunPath } = surroundings.request;
  const linker = surroundings.linkers.get(path);
  if (linker === undefined || libraries === "leave") return false;
  if (libraries === "in-place") return true;
  // What it opens later is looked at only where directories are given for that.
  if (carriers.carries(path, linker)) return runtimeDependencies.length + appendRunPath.length > 0;
  return libraries !== "carry";
}

/** Undefined where nothing is to be done. */
function planElf(
  current: ElfFile,
  library: LibraryFile,
  carriers: Carriers,
  surroundings: Surroundings,
): PlannedFile | undefined {
  const { path } = library.candidate;
  const elf = originalElf(current, library.original);
  const interpreter = surroundings.interpreters.choose(elf);
  if (interpreter === undefined) return undefined;
  const { libraries, strict } = surroundings.request;
  const resolution = resolveLibrary(elf, path, resolveContext(path, interpreter, surroundings));
  if (libraries !== "in-place" && carriers.carries(path, interpreter.path)) {
    return planCarried(elf, current, library, resolution, surroundings);
  }
  const { wantsRunPath, unsearched } = resolution;
  const isWanted = wantsRunPath || unsearched.length > 0;
  if (!isWanted && !resolution.issues.some((issue) => isError(issue) || issue.kind === "missing-library"))
    return undefined;
  const planned = isWanted ? planRunPath(current, library, resolution, surroundings) : undefined;
  const found: readonly Issue[] = [...resolution.issues, ...(planned?.kind === "impossible" ? [planned.issue] : [])];
  const issues = libraries === "in-place" || strict || carriers.isEmpty ? found : found.map(asWarning);
  if (issues.some(isError)) return { kind: "settled", outcome: { kind: "failed", path }, issues };
  if (planned?.kind !== "plan") return { ...leftAlone(library), issues };
  expectRunPath(elf, path, resolution, surroundings);
  return { kind: "in-place", plan: planned.plan, resolution, issues };
}

function isError(issue: Issue): boolean {
  return severityOf(issue) === "error";
}

/** The same; what the library lacks is a warning. */
function asWarning(issue: Issue): Issue {
  switch (issue.kind) {
    case "missing-library":
    case "missing-version":
    case "dlopen-missing":
      return issue.severity === "error" ? { ...issue, severity: "warning" } : issue;
    case "no-room-in-place":
    case "no-dynamic-entry":
      return { ...issue, severity: "warning" };
    default:
      return issue;
  }
}

/**
 * An executable carries what it needs. What it opens is another matter: with a DT_RUNPATH of its own it searches the
 * directories that are given for that only where they stand in it.
 */
function planCarried(
  elf: ElfFile,
  current: ElfFile,
  library: LibraryFile,
  resolution: LibraryResolution,
  surroundings: Surroundings,
): PlannedFile | undefined {
  const { unsearched } = resolution;
  const { path } = library.candidate;
  if (unsearched.length === 0) return undefined;
  const planned =
    surroundings.request.libraries === "carry" ? undefined : planRunPath(current, library, resolution, surroundings);
  if (planned?.kind === "plan") {
    expectRunPath(elf, path, resolution, surroundings);
    return { kind: "in-place", plan: planned.plan, resolution: { ...resolution, issues: [] }, issues: [] };
  }
  return {
    ...leftAlone(library),
    issues: [{ kind: "given-directories-unsearched", severity: "warning", path, directories: unsearched }],
  };
}

function planRunPath(
  current: ElfFile,
  library: LibraryFile,
  { runPath, runPathTag: tag }: LibraryResolution,
  { request }: Surroundings,
): InPlaceFilePlanned {
  const content = { interpreter: undefined, runPath, tag };
  return planFileInPlace({ ...writtenFile(library.candidate, request), current, original: library.original, content });
}

/** The executables of the run see it as it will be. */
function expectRunPath(
  elf: ElfFile,
  path: string,
  { runPath, runPathTag: tag }: LibraryResolution,
  { index }: Surroundings,
): void {
  const text = runPath.join(":");
  index.expect(path, {
    ...readObjectFacts(elf),
    rpath: tag === "rpath" ? text : undefined,
    runpath: tag === "runpath" ? text : undefined,
  });
}
