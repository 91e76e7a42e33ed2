// Carries out a plan of the form that has no sidecar.

import type { InPlaceFilePlan } from "../in-place/model.ts";
import type { SidecarUsers } from "../sidecar/sidecar-users.ts";
import { type Applied, applySteps } from "./apply.ts";
import { removeLeftovers } from "./leftovers.ts";
import { CallError } from "./system-call.ts";
import { removeFile } from "./write-file.ts";

/**
 * Carries out one plan. A failed system call is in the result; the file is then as it was before, or it is done and the
 * sidecar of its former stub is left.
 */
export function applyInPlace(plan: InPlaceFilePlan, users: SidecarUsers): Applied {
  const { savedIn = "", formerSidecars, names } = plan;
  const applied = applySteps(plan, plan.steps, savedIn);
  if (applied.kind === "failed") return applied;
  for (const name of names) users.forget(name);
  try {
    for (const sidecar of formerSidecars) if (!users.isUsed(sidecar)) removeFile(sidecar);
  } catch (error) {
    if (error instanceof CallError) return { kind: "failed", issue: error.issue };
    throw error;
  }
  for (const name of names) removeLeftovers(name);
  return applied;
}
