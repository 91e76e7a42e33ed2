// Plans become files, or in a dry run nothing; either way they become outcomes.

import { type Applied, hasWork } from "../../patch/write/apply.ts";
import type { InterpreterOrigin } from "../../planning/interpreter-origin.ts";
import type { PlannedFile } from "../../planning/plan-executable.ts";
import type { PlannedLibrary } from "../../planning/plan-library.ts";
import type { Issue } from "../../report/issue.ts";
import type { FileOutcome } from "./run-outcome.ts";

/** "write": write. "dry-run": say what would be written. "refuse": an error was found, so nothing is written. */
export type ApplyMode = "write" | "dry-run" | "refuse";

/** What the files of a run are settled with. */
export interface Settling {
  readonly mode: ApplyMode;
  /** Whether the request names the file at that path. */
  readonly isNamed: (path: string) => boolean;
  /** Why the dynamic linker at that path was chosen. */
  readonly originOf: (path: string) => InterpreterOrigin;
}

/** A file without a plan: an earlier run has wrapped it, and this one would do the same. */
export interface KnownFile {
  readonly kind: "known";
  readonly outcome: Extract<FileOutcome, { readonly kind: "already-wrapped" }>;
  readonly issues: readonly Issue[];
}

/** What became of one planned file; `applied`, when there was writing. */
export function settle(
  planned: PlannedLibrary | KnownFile,
  applied: Applied | undefined,
  settling: Settling,
): { readonly outcome: FileOutcome; readonly issues: readonly Issue[] } {
  if (planned.kind === "settled" || planned.kind === "known") return { outcome: planned.outcome, issues: [] };
  const { path } = planned.plan;
  if (applied?.kind === "failed") return { outcome: { kind: "failed", path }, issues: [applied.issue] };
  const isRefused = settling.mode === "refuse" || applied?.kind === "not-begun";
  if (planned.kind === "restored") return { outcome: { kind: isRefused ? "unchanged" : "restored", path }, issues: [] };
  if (!hasWork(planned.plan)) return { outcome: alreadyDone(planned), issues: [] };
  return { outcome: isRefused ? { kind: "unchanged", path } : done(planned, settling), issues: [] };
}

type Written = Exclude<PlannedFile, { readonly kind: "settled" }>;

function alreadyDone({ kind, plan }: Written): FileOutcome {
  const { path } = plan;
  return kind === "plan"
    ? { kind: "already-wrapped", path, facts: plan.facts }
    : { kind: "already-in-place", path, facts: plan.facts };
}

function done(written: Written, { isNamed, originOf }: Settling): FileOutcome {
  const { kind, plan, resolution } = written;
  const { path, facts } = plan;
  const what = {
    path,
    isNamed: isNamed(path),
    ...(facts.interpreter === undefined ? {} : { interpreterOrigin: originOf(facts.interpreter) }),
  };
  const how = {
    resolution,
    rewrapped: plan.isRewrap,
    replacedByCopy: plan.replaceByCopy,
  };
  return kind === "plan"
    ? { kind: "wrapped", ...what, sidecarPath: plan.sidecarPaths[0], facts: plan.facts, ...how }
    : { kind: "in-place", ...what, facts: plan.facts, ...how };
}
