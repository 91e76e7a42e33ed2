// Writes a plan. The only place, with unwrap.ts, that changes files.
//
// Every step leaves a file that starts, as the original or as the wrapped one: the sidecar (a new file, renamed into
// place), the stub, the interpreter's program header last. A step that fails takes back the ones before it.

import { constants, copyFileSync, renameSync } from "node:fs";
import { systemPath } from "../libraries/path.ts";
import { errorCode } from "../system-error.ts";
import type { Edit, FilePlan, PatchIssue } from "./model.ts";
import { attempt, CallError, readIfThere, removeIfThere, replaceFile, withWritable, writeAt } from "./write-file.ts";

export type Applied = { readonly kind: "done" } | { readonly kind: "failed"; readonly issue: PatchIssue };

type Undo = (() => void)[];

/** Carries out one plan. A failed system call is in the result; the file is then as it was before. */
export function applyPlan(plan: FilePlan): Applied {
  const undo: Undo = [];
  try {
    if (plan.replaceByCopy) replaceByCopy(plan.path);
    for (const step of plan.steps) {
      if (step.kind === "sidecar") writeSidecars(plan, undo);
      else writeEdit(plan.path, step, undo);
    }
    return { kind: "done" };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    takeBack(undo);
    return { kind: "failed", issue: error.issue };
  }
}

/** Writes only the changed bytes, in place. */
export function writeEdit(path: string, edit: Edit, undo: Undo): void {
  undo.push(() => withWritable(path, (descriptor) => writeAt(path, descriptor, edit.before, edit.offset)));
  withWritable(path, (descriptor) => writeAt(path, descriptor, edit.after, edit.offset));
}

function writeSidecars(plan: FilePlan, undo: Undo): void {
  for (const path of plan.sidecarPaths) {
    const previous = readIfThere(path);
    undo.push(() => {
      if (previous === undefined) removeIfThere(path);
      else replaceFile(path, previous, plan.sidecarMode);
    });
    replaceFile(path, plan.sidecar, plan.sidecarMode);
  }
}

/** Gives the path an inode of its own with the same content, so that the file's other names keep the old one. */
function replaceByCopy(path: string): void {
  const copy = `${path}.wrapbuddy-copy`;
  attempt(copy, "copy", () => copyFileSync(systemPath(path), systemPath(copy), constants.COPYFILE_FICLONE));
  attempt(path, "rename", () => renameSync(systemPath(copy), systemPath(path)));
}

/** Undoes in reverse order what can be undone; what cannot leaves a file that starts all the same. */
function takeBack(undo: Undo): void {
  for (const step of undo.toReversed()) {
    try {
      step();
    } catch (error) {
      if (!(error instanceof CallError) && errorCode(error) === undefined) throw error;
    }
  }
}
