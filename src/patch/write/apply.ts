// Carries out plans to wrap: all of them, phase by phase (change-files.ts).

import { accessSync, constants } from "node:fs";
import { directoryOf, systemPath } from "../../base/path.ts";
import { errorCode } from "../../base/system-error.ts";
import type { FilePlan } from "../file-plan.ts";
import type { InPlaceEdits } from "../in-place/in-place-plan.ts";
import type { PatchIssue } from "../patch-issue.ts";
import { createSidecarUsers, type SidecarUsers } from "../sidecar/sidecar-users.ts";
import { changeFiles } from "./change-files.ts";
import { type Change, progressOf } from "./change-progress.ts";
import { removeLeftovers } from "./leftovers.ts";
import { removeFile } from "./write-file.ts";

/** What is to be done to one file of a run, in one form or the other. */
export type AnyFilePlan = FilePlan | InPlaceEdits;

export type Applied =
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly issue: PatchIssue }
  /** It is as it was, because another of the plans could not be prepared. */
  | { readonly kind: "not-begun" };

/**
 * Carries out the plans. Where one of them cannot be prepared, none is begun. A failed system call is in the result; the
 * file is then as it was before, or it is done and a sidecar of a former name is left.
 */
export function applyPlans(plans: readonly AnyFilePlan[]): readonly Applied[] {
  const users = createSidecarUsers();
  const all = plans.map((plan) => progressOf(changeOf(plan, users)));
  changeFiles(all, true);
  return all.map((progress): Applied => {
    if (progress.issue !== undefined) return { kind: "failed", issue: progress.issue };
    return { kind: progress.isDone ? "done" : "not-begun" };
  });
}

/** Directories in which nothing can be made, and that the plans need. Looked at before anything is written. */
export function closedDirectories(plans: readonly AnyFilePlan[]): readonly PatchIssue[] {
  const needed = plans
    .filter(hasWork)
    .filter((plan) => placesSidecar(plan) || !plan.isBuildOutput)
    .flatMap((plan) => [...("sidecarPaths" in plan ? plan.sidecarPaths : []), ...plan.names].map(directoryOf));
  return [...new Set(needed)].flatMap((path): readonly PatchIssue[] => {
    try {
      accessSync(systemPath(path), constants.W_OK | constants.X_OK);
      return [];
    } catch (error) {
      const code = errorCode(error);
      if (code === undefined) throw error;
      return [{ kind: "system-call-failed", path, call: "access", code }];
    }
  });
}

/** Whether there is anything to write. */
export function hasWork(plan: AnyFilePlan): boolean {
  return placesSidecar(plan) || plan.edits.length > 0;
}

function placesSidecar(plan: AnyFilePlan): boolean {
  return "sidecarPaths" in plan && plan.writesSidecar;
}

function changeOf(plan: AnyFilePlan, users: SidecarUsers): Change {
  const former = "sidecarPaths" in plan ? formerSidecarsOf(plan) : plan.formerSidecars;
  return {
    ...plan,
    ...("sidecarPaths" in plan && plan.writesSidecar ? { placing: plan } : {}),
    takesAway: former.length > 0,
    finish() {
      for (const sidecar of former) if (!users.isUsed(sidecar)) removeFile(sidecar);
      for (const name of plan.names) removeLeftovers(name);
    },
  };
}

function formerSidecarsOf({ sidecarPaths, formerSidecar, orphanSidecars, passing }: FilePlan): readonly string[] {
  return [
    ...(formerSidecar === undefined || sidecarPaths.includes(formerSidecar) ? [] : [formerSidecar]),
    ...orphanSidecars,
    ...(passing?.sidecarPaths ?? []),
  ];
}
