// Plans become files, or in a dry run nothing; either way they become outcomes.

import type { CopyReason } from "../../patch/file-plan.ts";
import type { SidecarUsers } from "../../patch/sidecar/sidecar-users.ts";
import { applyPlan } from "../../patch/write/apply.ts";
import { applyInPlace } from "../../patch/write/apply-in-place.ts";
import type { InterpreterOrigin } from "../../planning/interpreter-origin.ts";
import type { PlannedFile } from "../../planning/plan-executable.ts";
import type { Issue } from "../../report/issue.ts";
import type { FileOutcome } from "./run-outcome.ts";

/** "write": write. "dry-run": say what would be written. "refuse": an error was found, so nothing is written. */
export type ApplyMode = "write" | "dry-run" | "refuse";

/** What the files of a run are settled with. */
export interface Settling {
  readonly mode: ApplyMode;
  readonly users: SidecarUsers;
  /** Whether the request names the file at that path. */
  readonly isNamed: (path: string) => boolean;
  /** Why the dynamic linker at that path was chosen. */
  readonly originOf: (path: string) => InterpreterOrigin;
}

/** What became of one planned file. A file that cannot be written does not keep the others from it. */
export function settle(
  planned: PlannedFile,
  settling: Settling,
): { readonly outcome: FileOutcome; readonly issues: readonly Issue[] } {
  if (planned.kind === "settled") return { outcome: planned.outcome, issues: [] };
  const { mode, users } = settling;
  const { path, steps, replaceByCopy } = planned.plan;
  if (mode === "refuse" && steps.length > 0) return { outcome: { kind: "unchanged", path }, issues: [] };
  let copied: CopyReason | undefined = replaceByCopy ? "other-names" : undefined;
  if (mode === "write") {
    const applied = planned.kind === "plan" ? applyPlan(planned.plan, users) : applyInPlace(planned.plan, users);
    if (applied.kind === "failed") return { outcome: { kind: "failed", path }, issues: [applied.issue] };
    copied = applied.copied;
  }
  return { outcome: steps.length === 0 ? alreadyDone(planned) : done(planned, copied, settling), issues: [] };
}

type Written = Exclude<PlannedFile, { readonly kind: "settled" }>;

function alreadyDone({ kind, plan }: Written): FileOutcome {
  const { path } = plan;
  return kind === "plan"
    ? { kind: "already-wrapped", path, facts: plan.facts }
    : { kind: "already-in-place", path, facts: plan.facts };
}

function done(written: Written, copied: CopyReason | undefined, { isNamed, originOf }: Settling): FileOutcome {
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
    replacedByCopy: copied !== undefined,
    ...(copied === undefined ? {} : { copyReason: copied }),
  };
  return kind === "plan"
    ? { kind: "wrapped", ...what, sidecarPath: plan.sidecarPaths[0], facts: plan.facts, ...how }
    : { kind: "in-place", ...what, facts: plan.facts, ...how };
}
