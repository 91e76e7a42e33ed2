// The plan for one executable: dynamic linker, libraries, bytes. Writes nothing.

import { directoryOf, normalise } from "../base/path.ts";
import type { ElfFile } from "../elf/elf-file.ts";
import type { ElfDefect } from "../elf/error.ts";
import { damagedParts } from "../elf/optional-parts.ts";
import type { Candidate } from "../files/discovery.ts";
import { oddHeader } from "../files/kind/odd-headers.ts";
import type { Interpreter } from "../linker/interpreter/interpreter.ts";
import { madeForBy } from "../linker/interpreter/made-for.ts";
import { refusedVersions } from "../linker/load/object-facts.ts";
import { originRelative } from "../linker/search/run-path.ts";
import type { Resolution } from "../linker/solve/resolution.ts";
import type { ResolveContext } from "../linker/solve/resolve.ts";
import type { FilePlan } from "../patch/file-plan.ts";
import type { InPlaceFilePlan } from "../patch/in-place/in-place-plan.ts";
import { planFileInPlace } from "../patch/in-place/plan-file.ts";
import { originalElf } from "../patch/original.ts";
import { planFile } from "../patch/plan.ts";
import type { PlanRequest } from "../patch/plan-request.ts";
import { privilegeIssue } from "../patch/privileges.ts";
import type { Issue } from "../report/issue.ts";
import { severityOf } from "../report/issues/all-issues.ts";
import { writtenFile } from "./build-output.ts";
import type { EligibleFile } from "./examine.ts";
import type { Interpreters } from "./interpreters.ts";
import { leaveAlone, type NotWrapped } from "./left-alone.ts";
import { openedIssues } from "./opened-by-name.ts";
import { executableContext, type Surroundings } from "./surroundings.ts";

/** A file with a plan for it, or with what became of it instead. */
export type PlannedFile =
  | {
      readonly kind: "plan";
      readonly plan: FilePlan;
      readonly resolution: Resolution;
      readonly issues: readonly Issue[];
    }
  /** A library, or an executable of that form. */
  | {
      readonly kind: "in-place";
      readonly plan: InPlaceFilePlan;
      readonly resolution: Resolution;
      readonly issues: readonly Issue[];
    }
  | { readonly kind: "settled"; readonly outcome: NotWrapped; readonly issues: readonly Issue[] };

/** Plans one executable that `examine` found eligible. */
export function planEligible(eligible: EligibleFile, surroundings: Surroundings): PlannedFile {
  const { path, isNamed } = eligible.candidate;
  const reading = eligible.file.use((elf) => planElf(elf, eligible, surroundings));
  switch (reading.kind) {
    case "read":
      return reading.result;
    case "damaged":
      return leftDamaged(eligible.candidate, reading.defect);
    case "unreadable":
      return { kind: "settled", ...leaveAlone({ path, isNamed, reason: "unreadable", detail: reading.code }) };
    default:
      return reading satisfies never;
  }
}

function planElf(current: ElfFile, { candidate, original }: EligibleFile, surroundings: Surroundings): PlannedFile {
  const elf = originalElf(current, original);
  const interpreter = surroundings.interpreters.choose(elf);
  if (interpreter === undefined) return withoutInterpreter(elf, candidate, surroundings.interpreters);
  const versionDefect = interpreter.cLibrary === "glibc" ? refusedVersions(elf) : undefined;
  const { form } = surroundings.request;
  const oddInPlace = form === "stub" ? undefined : oddHeader(elf, "in-place");
  const oddWithStub = form === "in-place" ? undefined : oddHeader(elf, "stub");
  const odd = form === "auto" ? oddInPlace && oddWithStub : (oddInPlace ?? oddWithStub);
  const defect = versionDefect ?? odd;
  if (defect !== undefined) return leftDamaged(candidate, defect);
  const context = executableContext(elf, candidate.path, interpreter, surroundings);
  /** What plug-ins lack, and what they name, is told to one resolution only. */
  const toldTo = (resolution: Resolution): readonly Issue[] => [
    ...resolution.plugInIssues,
    ...openedIssues({ elf, path: candidate.path, interpreter, resolution }, surroundings),
  ];
  let told: readonly Issue[] | undefined;
  let notInPlace: readonly WithoutRoom[] = [];
  if (form !== "stub" && oddInPlace === undefined) {
    const unpinned = surroundings.resolve(elf, candidate.path, { ...context, pin: false });
    told = toldTo(unpinned);
    const inPlace = planExecutableInPlace(current, { candidate, original }, interpreter, unpinned, told, surroundings);
    if (form === "in-place" || inPlace.kind === "in-place") return inPlace;
    notInPlace = inPlace.issues.filter(isWithoutRoom);
  }
  if (oddWithStub !== undefined) return leftDamaged(candidate, oddWithStub);
  const resolution = surroundings.resolve(elf, candidate.path, context);
  const found = { current, original, interpreter, ...relativeName(candidate.path, context), resolution };
  const apart = surroundings.request.relocatable ? nameApart(elf, candidate, found) : undefined;
  if (apart !== undefined) return failed(candidate.path, [{ kind: "names-apart", path: candidate.path, other: apart }]);
  const planned = planFile(planRequest(candidate, found, surroundings));
  const issues: readonly Issue[] = [
    ...ignoredDamage(elf, candidate.path),
    ...resolution.issues,
    ...(told ?? toldTo(resolution)),
    // Why it gets a stub; where there is no room for that either, why it gets nothing.
    ...notInPlace.map((issue) => ({ ...issue, severity: planned.kind === "impossible" ? "error" : "note" }) as const),
    ...(planned.kind === "impossible" ? [planned.issue] : []),
  ];
  if (planned.kind === "impossible" || issues.some((issue) => severityOf(issue) === "error")) {
    return failed(candidate.path, issues);
  }
  const privileges = privilegeIssue(candidate.path, candidate.mode, planned.plan.facts.naming);
  return { kind: "plan", plan: planned.plan, resolution, issues: privileges ? [...issues, privileges] : issues };
}

type WithoutRoom = Extract<Issue, { readonly kind: "no-room-in-place" | "no-dynamic-entry" }>;

function isWithoutRoom(issue: Issue): issue is WithoutRoom {
  return issue.kind === "no-room-in-place" || issue.kind === "no-dynamic-entry";
}

/** How an executable names its dynamic linker where that is moved with it. */
function relativeName(path: string, context: ResolveContext): Pick<PlanRequest, "interpreterName"> {
  const name = context.relocatable ? originRelative(context.interpreter.path, path, context) : undefined;
  return name === undefined ? {} : { interpreterName: name };
}

/**
 * A name in a directory from where what moves with the executable is not where its relative paths lead; the sidecar is one
 * for all names. Its own entries with `$ORIGIN` have been the same for every name before.
 */
function nameApart(
  elf: ElfFile,
  { path, names }: Candidate,
  { interpreterName, resolution }: Pick<PlanRequest, "interpreterName" | "resolution">,
): string | undefined {
  const dynamic = elf.dynamic();
  const own = new Set((dynamic?.runpath ?? dynamic?.rpath ?? "").split(":"));
  const relative = [interpreterName ?? "", ...resolution.neededFirst, ...resolution.runPath]
    .filter((text) => text.startsWith("$ORIGIN") && !own.has(text))
    .map((text) => text.slice("$ORIGIN".length));
  const leads = (name: string): string => relative.map((text) => normalise(directoryOf(name) + text)).join("\0");
  return names.find((name) => leads(name) !== leads(path));
}

/** No pins, and no needed entries: the dynamic array has no room for them, and their names would need more. */
function planExecutableInPlace(
  current: ElfFile,
  { candidate, original }: Pick<EligibleFile, "candidate" | "original">,
  interpreter: Interpreter,
  resolution: Resolution,
  told: readonly Issue[],
  { request }: Pick<Surroundings, "request">,
): PlannedFile {
  const { path } = candidate;
  const { runPath, runPathTag: tag, neededLast } = resolution;
  const content = { interpreter: interpreter.path, runPath, tag };
  const planned =
    neededLast.length > 0 || request.relocatable
      ? ({ kind: "impossible", issue: { kind: "not-in-place", path, needed: neededLast } } as const)
      : planFileInPlace({ ...writtenFile(candidate, request), current, original, content });
  const issues: readonly Issue[] = [
    ...ignoredDamage(originalElf(current, original), path),
    ...resolution.issues,
    ...told,
    ...(planned.kind === "impossible" ? [planned.issue] : []),
  ];
  if (planned.kind === "impossible" || issues.some((issue) => severityOf(issue) === "error")) {
    return failed(path, issues);
  }
  return { kind: "in-place", plan: planned.plan, resolution, issues };
}

function leftDamaged({ path, isNamed }: Candidate, defect: ElfDefect): PlannedFile {
  return { kind: "settled", ...leaveAlone({ path, isNamed, reason: "damaged", defect, isExecutable: true }) };
}

/** What is worth a note: it is damaged, and the plan is as it would be without. */
function ignoredDamage(elf: ElfFile, path: string): readonly Issue[] {
  return damagedParts(elf).map((damage) => ({ kind: "damage-ignored", path, ...damage }));
}

function failed(path: string, issues: readonly Issue[]): PlannedFile {
  return { kind: "settled", outcome: { kind: "failed", path }, issues };
}

/**
 * In a tree with executables of several kinds those that none of the dynamic linkers fits are left alone; where there
 * is none at all, or the user named the file, that is an error.
 */
function withoutInterpreter(elf: ElfFile, { path, isNamed }: Candidate, interpreters: Interpreters): PlannedFile {
  const named = elf.interpreter() ?? "";
  if (isNamed || interpreters.isEmpty) {
    // One that was given and cannot be used is the reason, and has been reported.
    if (interpreters.issues.length > 0) return { kind: "settled", outcome: { kind: "unchanged", path }, issues: [] };
    const { machine, elfClass } = elf.header;
    return failed(path, [{ kind: "no-interpreter", path, named, machine, elfClass }]);
  }
  const reason = madeForBy(elf) === "musl" ? "musl-without-interpreter" : "no-interpreter-for-it";
  return { kind: "settled", ...leaveAlone({ path, isNamed, reason, detail: named }) };
}

function planRequest(
  candidate: Candidate,
  found: Pick<PlanRequest, "current" | "original" | "interpreter" | "interpreterName" | "resolution">,
  { request, orphanSidecars, passingPaths }: Surroundings,
): PlanRequest {
  const { relocatable, storeDirectory, loaderDirectory } = request;
  return {
    ...writtenFile(candidate, request),
    mode: candidate.mode,
    ...found,
    orphanSidecars: orphanSidecars.filter((sidecar) => directoryOf(sidecar) === directoryOf(candidate.path)),
    relocatable,
    storeDirectory,
    passingPaths,
    ...(loaderDirectory === undefined ? {} : { loaderDirectory }),
  };
}
