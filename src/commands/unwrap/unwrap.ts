// The way back of every wrapped file of a request. A file that cannot be restored does not keep the others from it.

import { type Candidate, discover } from "../../files/discover.ts";
import { type FileReading, readElfFile } from "../../files/read-file.ts";
import { issuesOfNamed } from "../../files/skipped-by-name.ts";
import type { ExecutableNames } from "../../patch/file-plan.ts";
import { createSidecarUsers, type SidecarUsers } from "../../patch/sidecar/sidecar-users.ts";
import { removeLeftover } from "../../patch/write/leftovers.ts";
import {
  applyUnwrap,
  planUnwrap,
  previewUnwrap,
  type UnwrapPlanned,
  type Unwrapped,
} from "../../patch/write/restore.ts";
import type { Issue } from "../../report/issue.ts";
import type { UnwrapOutcome, UnwrapReport, UnwrapRequest } from "./unwrap-report.ts";

interface Settled {
  readonly outcome: UnwrapOutcome;
  readonly issues: readonly Issue[];
}

/** Restores what is asked for. Expected trouble is in the report; what is thrown is a bug. */
export function unwrap(request: UnwrapRequest): UnwrapReport {
  const found = discover(request.paths, request);
  const users = createSidecarUsers();
  const settled = found.candidates.flatMap((candidate) => settle(candidate, users, request.dryRun) ?? []);
  if (!request.dryRun) for (const path of found.leftovers) removeLeftover(path);
  const issues = [...found.issues, ...issuesOfNamed(found.skipped), ...settled.flatMap((file) => file.issues)];
  return {
    dryRun: request.dryRun,
    files: settled.map(({ outcome }) => outcome),
    issues,
    ok: issues.length === 0,
  };
}

function settle(candidate: Candidate, users: SidecarUsers, dryRun: boolean): Settled | undefined {
  const { path, names, isNamed, linkCount } = candidate;
  const executable: ExecutableNames = {
    path,
    names: [path, ...names.filter((name) => name !== path)],
    replaceByCopy: linkCount > names.length,
  };
  const reading = readElfFile(path, (elf) => planUnwrap(elf, executable, users));
  const planned = plannedOf(reading, path);
  switch (planned.kind) {
    case "not-wrapped":
      return { outcome: { kind: "not-wrapped", path, isNamed }, issues: [] };
    case "impossible":
      return { outcome: { kind: "failed", path }, issues: [planned.issue] };
    case "plan":
      return outcomeOf(path, dryRun ? previewUnwrap(planned.plan, users) : applyUnwrap(planned.plan, users));
    case "unread":
      // A damaged file of a tree is no executable of ours.
      return isNamed ? { outcome: { kind: "failed", path }, issues: [planned.issue] } : undefined;
    default:
      return planned satisfies never;
  }
}

function plannedOf(
  reading: FileReading<UnwrapPlanned>,
  path: string,
): UnwrapPlanned | { readonly kind: "unread"; readonly issue: Issue } {
  switch (reading.kind) {
    case "read":
      return reading.result;
    case "damaged":
      return { kind: "unread", issue: { kind: "damaged-elf", path, defect: reading.defect } };
    case "unreadable":
      return { kind: "unread", issue: { kind: "cannot-read", path, code: reading.code } };
    default:
      return reading satisfies never;
  }
}

function outcomeOf(path: string, unwrapped: Unwrapped): Settled {
  if (unwrapped.kind === "failed") return { outcome: { kind: "failed", path }, issues: [unwrapped.issue] };
  const { removed, kept, copied } = unwrapped;
  const outcome: UnwrapOutcome = {
    kind: "unwrapped",
    path,
    removed,
    kept,
    ...(copied === undefined ? {} : { copyReason: copied }),
  };
  return { outcome, issues: [] };
}
