// The plan for one shared library or plug-in: a run path of its own, in place, or nothing. Writes nothing.

import type { ElfFile } from "../elf/elf-file.ts";
import { readObjectFacts } from "../linker/load/object-facts.ts";
import { resolveLibrary } from "../linker/solve/resolve-library.ts";
import { planFileInPlace } from "../patch/in-place/plan-file.ts";
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
  const { libraries } = surroundings.request;
  const untouched: PlannedFile = { kind: "settled", ...leaveAlone(library.leftAlone) };
  if (libraries === "leave" || libraries === "carry") return untouched;
  const reading = library.file.use((elf) => planElf(elf, library, carriers, surroundings));
  return reading.kind === "read" ? (reading.result ?? untouched) : untouched;
}

/** Undefined where nothing is to be done. */
function planElf(
  current: ElfFile,
  { candidate, original }: LibraryFile,
  carriers: ReadonlySet<string>,
  surroundings: Surroundings,
): PlannedFile | undefined {
  const { path, names, linkCount } = candidate;
  const elf = originalElf(current, original);
  const interpreter = surroundings.interpreters.choose(elf);
  if (interpreter === undefined) return undefined;
  if (surroundings.request.libraries === "auto" && carriers.has(interpreter.path)) return undefined;
  const { wantsRunPath, ...resolution } = resolveLibrary(elf, path, resolveContext(path, interpreter, surroundings));
  const errors = resolution.issues.filter((issue) => severityOf(issue) === "error");
  if (!wantsRunPath && errors.length === 0) return undefined;
  const { runPath, runPathTag: tag } = resolution;
  const content = { interpreter: undefined, runPath, tag };
  const hasOtherNames = linkCount > names.length;
  const planned = wantsRunPath
    ? planFileInPlace({ path, names, hasOtherNames, current, original, content })
    : undefined;
  const issues: readonly Issue[] = [...resolution.issues, ...(planned?.kind === "impossible" ? [planned.issue] : [])];
  if (planned?.kind !== "plan" || errors.length > 0) {
    return { kind: "settled", outcome: { kind: "failed", path }, issues };
  }
  // The executables of the run see it as it will be.
  const facts = readObjectFacts(elf);
  const text = runPath.join(":");
  surroundings.index.expect(path, {
    ...facts,
    rpath: tag === "rpath" ? text : undefined,
    runpath: tag === "runpath" ? text : undefined,
  });
  return { kind: "in-place", plan: planned.plan, resolution, issues };
}
