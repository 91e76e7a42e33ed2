// Carries out a plan. The only place, with unwrap.ts, that changes executables.
//
// Every step leaves a file that starts, as the original or as the wrapped one: the sidecar (a new file, renamed into
// place), the stub, the interpreter's program header last. A step that fails takes back the ones before it.

import type { CopyReason, ExecutableNames, FilePlan, Step } from "../file-plan.ts";
import type { PatchIssue } from "../patch-issue.ts";
import { createSidecarUsers, type SidecarUsers } from "../sidecar/sidecar-users.ts";
import { finishStopped, type OpenExecutable, openExecutable } from "./executable.ts";
import { removeLeftovers } from "./leftovers.ts";
import { CallError, ChangedError, quietly } from "./system-call.ts";
import { readRegularFile, removeFile, replaceFile } from "./write-file.ts";

export type Applied =
  /** `copied`: it was replaced by a copy of itself first, and why. */
  { readonly kind: "done"; readonly copied?: CopyReason } | { readonly kind: "failed"; readonly issue: PatchIssue };

/**
 * Carries out one plan. A failed system call is in the result; the file is then as it was before, or it is done and a
 * sidecar of a former name is left.
 */
export function applyPlan(plan: FilePlan, users: SidecarUsers = createSidecarUsers()): Applied {
  const [sidecarPath] = plan.sidecarPaths;
  const { formerSidecar = sidecarPath } = plan;
  const applied = applySteps(plan, plan.steps, formerSidecar, {
    path: sidecarPath,
    write: (undo) => writeSidecars(plan, undo),
  });
  if (applied.kind === "failed") return applied;
  const former = [...(formerSidecar === sidecarPath ? [] : [formerSidecar]), ...plan.orphanSidecars];
  try {
    for (const sidecar of former) if (!users.isUsed(sidecar)) removeFile(sidecar);
  } catch (error) {
    if (error instanceof CallError) return { kind: "failed", issue: error.issue };
    throw error;
  }
  for (const name of plan.names) removeLeftovers(name);
  return applied;
}

/** Takes back one thing that was done. Throws CallError. */
type Undo = () => void;

/** What the sidecar step does. */
interface SidecarWriting {
  readonly path: string;
  /** Adds to `undo` what takes back what it does next. Throws CallError. */
  readonly write: (undo: Undo[]) => void;
}

/**
 * Carries out the steps, or none of them. `saved` is the sidecar that has the saved bytes up to the sidecar step, which
 * is `writing`.
 */
export function applySteps(
  executable: ExecutableNames,
  steps: readonly Step[],
  saved: string,
  writing?: SidecarWriting,
): Applied {
  const undo: Undo[] = [];
  let file: OpenExecutable | undefined;
  let sidecarPath = saved;
  try {
    if (steps.some(({ kind }) => kind === "edit")) file = openExecutable(executable);
    else finishStopped(executable.path);
    for (const step of steps) {
      if (step.kind === "sidecar") {
        writing?.write(undo);
        sidecarPath = writing?.path ?? saved;
      } else {
        file?.expect(step);
        undo.push(() => file?.takeBack(step));
        file?.write(step, sidecarPath);
      }
    }
    file?.finish();
    return { kind: "done", ...(file?.copied === undefined ? {} : { copied: file.copied }) };
  } catch (error) {
    if (!(error instanceof CallError) && !(error instanceof ChangedError)) throw error;
    const isWhole = takeBack(undo);
    file?.abandon(isWhole);
    return { kind: "failed", issue: isWhole ? error.issue : unfinished(error.issue) };
  }
}

/** Undoes in reverse order, up to what cannot be undone: the sidecar must stay where the saved bytes could not be put back. */
function takeBack(undo: readonly Undo[]): boolean {
  return undo.toReversed().every((step) => quietly(step));
}

function unfinished(issue: CallError["issue"] | ChangedError["issue"]): PatchIssue {
  return issue.kind === "system-call-failed" ? { ...issue, isUnfinished: true } : issue;
}

function writeSidecars(plan: FilePlan, undo: Undo[]): void {
  for (const path of plan.sidecarPaths) {
    const previous = readRegularFile(path, Number.POSITIVE_INFINITY);
    // Done or not done, in one step: where it fails there is nothing to take back.
    replaceFile(path, plan.sidecar, plan.sidecarMode);
    undo.push(() => {
      if (previous === undefined) removeFile(path);
      else replaceFile(path, previous, plan.sidecarMode);
    });
  }
}
