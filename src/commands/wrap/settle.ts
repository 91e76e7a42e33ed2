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
  if (planned.kind === "in-place") return settleInPlace(planned, settling);
  const { mode, users, isNamed, originOf } = settling;
  const { plan, resolution } = planned;
  const { path, facts } = plan;
  let copied: CopyReason | undefined = plan.replaceByCopy ? "other-names" : undefined;
  if (mode === "refuse" && plan.steps.length > 0) return { outcome: { kind: "unchanged", path }, issues: [] };
  if (mode === "write") {
    const applied = applyPlan(plan, users);
    if (applied.kind === "failed") return { outcome: { kind: "failed", path }, issues: [applied.issue] };
    copied = applied.copied;
  }
  if (plan.steps.length === 0) return { outcome: { kind: "already-wrapped", path, facts }, issues: [] };
  return {
    outcome: {
      kind: "wrapped",
      path,
      isNamed: isNamed(path),
      interpreterOrigin: originOf(facts.interpreter),
      sidecarPath: plan.sidecarPaths[0],
      facts,
      resolution,
      rewrapped: plan.isRewrap,
      replacedByCopy: copied !== undefined,
      ...(copied === undefined ? {} : { copyReason: copied }),
    },
    issues: [],
  };
}

function settleInPlace(
  { plan, resolution }: Extract<PlannedFile, { readonly kind: "in-place" }>,
  { mode, users, isNamed, originOf }: Settling,
): { readonly outcome: FileOutcome; readonly issues: readonly Issue[] } {
  const { path, facts } = plan;
  if (mode === "refuse" && plan.steps.length > 0) return { outcome: { kind: "unchanged", path }, issues: [] };
  let copied: CopyReason | undefined = plan.replaceByCopy ? "other-names" : undefined;
  if (mode === "write") {
    const applied = applyInPlace(plan, users);
    if (applied.kind === "failed") return { outcome: { kind: "failed", path }, issues: [applied.issue] };
    copied = applied.copied;
  }
  if (plan.steps.length === 0) return { outcome: { kind: "already-in-place", path, facts }, issues: [] };
  return {
    outcome: {
      kind: "in-place",
      path,
      isNamed: isNamed(path),
      ...(facts.interpreter === undefined ? {} : { interpreterOrigin: originOf(facts.interpreter) }),
      facts,
      resolution,
      rewrapped: plan.isRewrap,
      replacedByCopy: copied !== undefined,
      ...(copied === undefined ? {} : { copyReason: copied }),
    },
    issues: [],
  };
}
