// The way back of every wrapped file of a request. A file that cannot be restored does not keep the others from it.

import { errorCode } from "../../base/system-error.ts";
import { PT_NULL } from "../../elf/constants.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { discover } from "../../files/discover.ts";
import type { Candidate } from "../../files/discovery.ts";
import { isUpxPacked } from "../../files/kind/without-interpreter.ts";
import type { OnProgress } from "../../files/progress.ts";
import { type FileReading, readElfFile } from "../../files/read-file.ts";
import { resolveRoots } from "../../files/roots.ts";
import type { ExecutableNames } from "../../patch/file-plan.ts";
import type { PatchIssue } from "../../patch/patch-issue.ts";
import { sidecarPathOf } from "../../patch/sidecar/file-names.ts";
import { createSidecarUsers, type SidecarUsers } from "../../patch/sidecar/sidecar-users.ts";
import { isThere } from "../../patch/write/leftovers.ts";
import {
  applyUnwraps,
  planUnwrap,
  previewUnwrap,
  type UnwrapPlan,
  type UnwrapPlanned,
  type Unwrapped,
} from "../../patch/write/restore.ts";
import { tryToRemove } from "../../patch/write/write-file.ts";
import { writtenFile } from "../../planning/build-output.ts";
import { issueOfDamage } from "../../planning/damaged-file.ts";
import { linkedPaths, removeRoots, rootsDirectoryOf } from "../../planning/gc-roots/roots-directory.ts";
import { issuesOfSkipped } from "../../planning/issues-of-skipped.ts";
import type { Issue } from "../../report/issue.ts";
import { severityOf } from "../../report/issues/all-issues.ts";
import type { UnwrapOutcome, UnwrapReport, UnwrapRequest } from "./unwrap-report.ts";

interface Settled {
  readonly outcome: UnwrapOutcome;
  readonly issues: readonly Issue[];
}

/** One file: what became of it, or what is to be done. */
type Prepared = (Settled & Pick<Candidate, "size">) | Planned;

type Planned = Pick<Candidate, "path" | "isNamed" | "size"> & { readonly plan: UnwrapPlan };

/** Restores what is asked for. Expected trouble is in the report; what is thrown is a bug. */
export function unwrap(request: UnwrapRequest, onProgress?: OnProgress): UnwrapReport {
  const found = discover(request.paths, request, onProgress);
  const users = createSidecarUsers();
  const prepared = found.candidates.flatMap((candidate) => prepare(candidate, users, request) ?? []);
  const plans = prepared.flatMap((file) => ("plan" in file ? [file.plan] : []));
  const results = request.dryRun ? plans.map((plan) => previewUnwrap(plan, users)) : applyUnwraps(plans, users);
  const unwrapped = new Map(plans.map((plan, index) => [plan, results[index]]));
  const settled = prepared.map((file) => {
    onProgress?.("write", file.size, prepared.length);
    return "plan" in file ? outcomeOf(file, unwrapped.get(file.plan)) : file;
  });
  const ofFiles = new Set(settled.flatMap(({ outcome }) => ("removed" in outcome ? outcome.removed : [])));
  const leftovers = found.leftovers.filter((path) => !ofFiles.has(path) && (request.dryRun || tryToRemove(path)));
  const problems = [
    ...found.issues,
    ...issuesOfSkipped(found.skipped, "warning"),
    ...settled.flatMap((file) => file.issues),
  ];
  const isDone = problems.length === 0 && request.recurse && request.exclude.length === 0;
  const roots = isDone ? dropRoots(request) : { gcRoots: [], issues: [] };
  const issues = [...problems, ...roots.issues];
  return {
    dryRun: request.dryRun,
    gcRoots: roots.gcRoots,
    leftovers,
    files: settled.map(({ outcome }) => outcome),
    issues,
    ok: issues.every((issue) => severityOf(issue) !== "error"),
  };
}

/** Where nothing of a tree is wrapped any more, nothing of the store is to be kept for it. */
function dropRoots({ paths, gcRoots: under, dryRun }: UnwrapRequest): Pick<UnwrapReport, "gcRoots" | "issues"> {
  const gcRoots: string[] = [];
  const issues: Issue[] = [];
  for (const { path } of resolveRoots(paths).roots) {
    const directory = rootsDirectoryOf(path, under);
    if (linkedPaths(directory) === undefined) continue;
    try {
      if (!dryRun) removeRoots(directory);
      gcRoots.push(directory);
    } catch (error) {
      const code = errorCode(error);
      if (code === undefined) throw error;
      issues.push({ kind: "system-call-failed", path: directory, call: "unlink", code });
    }
  }
  return { gcRoots, issues };
}

function prepare(candidate: Candidate, users: SidecarUsers, request: UnwrapRequest): Prepared | undefined {
  const { path, isNamed, size } = candidate;
  const { hasOtherNames, ...written } = writtenFile(candidate, request);
  const executable: ExecutableNames = { ...written, replaceByCopy: hasOtherNames };
  const reading = readElfFile(path, (elf): UnwrapPlanned => {
    const planned = planUnwrap(elf, executable, users);
    const issue = planned.kind === "not-wrapped" ? traceOfWrapping(elf, path) : undefined;
    return issue === undefined ? planned : { kind: "impossible", issue };
  });
  const planned = plannedOf(reading, candidate);
  switch (planned.kind) {
    case "not-wrapped":
      return { outcome: { kind: "not-wrapped", path, isNamed }, issues: [], size };
    case "impossible":
      return { outcome: { kind: "failed", path }, issues: [planned.issue], size };
    case "plan":
      return { plan: planned.plan, path, isNamed, size };
    case "unread":
      return isNamed || planned.issue.kind !== "damaged-elf"
        ? { outcome: { kind: "failed", path }, issues: [planned.issue], size }
        : // A damaged file of a tree is no executable of ours.
          undefined;
    default:
      return planned satisfies never;
  }
}

/** What a tool has left of a file that was wrapped, and that nothing can restore now; undefined of other files. */
function traceOfWrapping(elf: ElfFile, path: string): PatchIssue | undefined {
  const sidecarPath = sidecarPathOf(path);
  if (!isThere(sidecarPath)) return undefined;
  if (isUpxPacked(elf)) return { kind: "packed-since", path, sidecarPath };
  const isCleared = elf.programHeaders.some(({ type, fileSize }) => type === PT_NULL && fileSize > 0);
  return isCleared ? { kind: "sidecar-damaged", path, sidecarPath, problem: { kind: "no-stub" } } : undefined;
}

function plannedOf(
  reading: FileReading<UnwrapPlanned>,
  { path, isNamed }: Candidate,
): UnwrapPlanned | { readonly kind: "unread"; readonly issue: Issue } {
  switch (reading.kind) {
    case "read":
      return reading.result;
    case "damaged":
      return { kind: "unread", issue: issueOfDamage(path, reading.defect) };
    case "unreadable":
      return {
        kind: "unread",
        issue: isNamed
          ? { kind: "cannot-read", path, code: reading.code }
          : { kind: "not-looked-at", severity: "warning", path, what: "file", code: reading.code },
      };
    default:
      return reading satisfies never;
  }
}

function outcomeOf({ path, isNamed }: Planned, unwrapped: Unwrapped | undefined): Settled {
  if (unwrapped === undefined) throw new Error(`nothing became of the plan for ${path}`);
  if (unwrapped.kind === "failed") return { outcome: { kind: "failed", path }, issues: [unwrapped.issue] };
  const { kind, removed, kept, replacedByCopy } = unwrapped;
  const settled = (outcome: UnwrapOutcome): Settled => ({ outcome, issues: [] });
  switch (kind) {
    case "unwrapped":
      return settled({ kind, path, isNamed, removed, kept, replacedByCopy });
    case "cleaned":
      // Another file may use all that lies there.
      return settled(
        removed.length === 0 ? { kind: "not-wrapped", path, isNamed } : { kind, path, isNamed, removed, kept },
      );
    default:
      return kind satisfies never;
  }
}
