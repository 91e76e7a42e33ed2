// The plan for one shared library or plug-in: a run path of its own, in place, or nothing. Writes nothing.

import type { ElfFile } from "../elf/elf-file.ts";
import { readObjectFacts } from "../linker/load/object-facts.ts";
import { type LibraryResolution, resolveLibrary } from "../linker/solve/resolve-library.ts";
import { type InPlaceFilePlanned, planFileInPlace } from "../patch/in-place/plan-file.ts";
import { originalElf } from "../patch/original.ts";
import type { Issue } from "../report/issue.ts";
import { severityOf } from "../report/issues/all-issues.ts";
import type { Examined, LibraryFile } from "./examine.ts";
import { leaveAlone } from "./left-alone.ts";
import { type PlannedFile, resolveContext, type Surroundings } from "./plan-executable.ts";

/**
 * The dynamic linkers of the executables of a run: each of them carries what the libraries beside it need, whose dynamic
 * linker is the same.
 */
export function carriersOf(examined: readonly Examined[], { interpreters }: Surroundings): ReadonlySet<string> {
  const paths = examined.flatMap((file): readonly string[] => {
    if (file.kind !== "eligible") return [];
    const reading = file.file.use((elf) => interpreters.choose(originalElf(elf, file.original))?.path);
    return reading.kind === "read" && reading.result !== undefined ? [reading.result] : [];
  });
  return new Set(paths);
}

/** Plans one library. `carriers`: the dynamic linkers of executables that can carry what it needs. */
export function planLibrary(
  library: LibraryFile,
  carriers: ReadonlySet<string>,
  surroundings: Surroundings,
): PlannedFile {
  const untouched = leftAlone(library);
  if (surroundings.request.libraries === "leave") return untouched;
  const reading = library.file.use((elf) => planElf(elf, library, carriers, surroundings));
  return reading.kind === "read" ? (reading.result ?? untouched) : untouched;
}

function leftAlone(library: LibraryFile): Extract<PlannedFile, { readonly kind: "settled" }> {
  return { kind: "settled", ...leaveAlone(library.leftAlone) };
}

/** Undefined where nothing is to be done. */
function planElf(
  current: ElfFile,
  library: LibraryFile,
  carriers: ReadonlySet<string>,
  surroundings: Surroundings,
): PlannedFile | undefined {
  const { path } = library.candidate;
  const elf = originalElf(current, library.original);
  const interpreter = surroundings.interpreters.choose(elf);
  if (interpreter === undefined) return undefined;
  const { libraries } = surroundings.request;
  const isCarried = carriers.has(interpreter.path);
  if (libraries === "carry" && !isCarried) return undefined;
  const context = resolveContext(path, interpreter, surroundings);
  // What it opens later is looked at only where directories are given for that: most runs need not read it.
  const isGiven = context.runtimeDependencies.length + context.appendRunPath.length > 0;
  if (libraries !== "in-place" && isCarried && !isGiven) return undefined;
  const resolution = resolveLibrary(elf, path, context);
  if (libraries !== "in-place" && isCarried) return planCarried(elf, current, library, resolution, surroundings);
  const { wantsRunPath, unsearched } = resolution;
  const errors = resolution.issues.filter((issue) => severityOf(issue) === "error");
  const isWanted = wantsRunPath || unsearched.length > 0;
  if (!isWanted && errors.length === 0) return undefined;
  const planned = isWanted ? planRunPath(current, library, resolution, surroundings) : undefined;
  const issues: readonly Issue[] = [...resolution.issues, ...(planned?.kind === "impossible" ? [planned.issue] : [])];
  if (planned?.kind !== "plan" || errors.length > 0) {
    return { kind: "settled", outcome: { kind: "failed", path }, issues };
  }
  expectRunPath(elf, path, resolution, surroundings);
  return { kind: "in-place", plan: planned.plan, resolution, issues };
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
  { candidate, original }: LibraryFile,
  { runPath, runPathTag: tag }: LibraryResolution,
  { request: { storeDirectory } }: Surroundings,
): InPlaceFilePlanned {
  const { path, names, linkCount } = candidate;
  const hasOtherNames = linkCount > names.length;
  const content = { interpreter: undefined, runPath, tag };
  return planFileInPlace({ path, names, hasOtherNames, storeDirectory, current, original, content });
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
