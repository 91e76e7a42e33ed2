// How far the change of each executable of a run has come. All of them go through each phase together (change-files.ts).

import { lstatSync } from "node:fs";
import { signatureOf } from "../../base/file-signature.ts";
import { systemPath } from "../../base/path.ts";
import type { Edit, ExecutableNames, Passing, PlannedSidecar } from "../file-plan.ts";
import type { PatchIssue } from "../patch-issue.ts";
import { copyPathOf, secondCopyPathOf } from "../sidecar/file-names.ts";
import type { Copy } from "./copies.ts";
import { attempt, quietly, WriteError } from "./system-call.ts";

/** What one executable and its sidecar are to become. */
export interface Change extends ExecutableNames {
  /** From the file as it is, one after the other. */
  readonly edits: readonly Edit[];
  /** Put in its places before the edits. */
  readonly placing?: PlannedSidecar;
  readonly passing?: Passing;
  /** Former sidecars go away. Throws CallError. */
  readonly finish: () => void;
  /** Starts that have begun may still look for what `finish` takes away. */
  readonly takesAway: boolean;
}

/** Takes back one thing that was done. Throws WriteError. */
export type Undo = () => void;

export interface Progress {
  readonly change: Change;
  /** In the order done. Emptied where there is no way back any more. */
  readonly undo: Undo[];
  /** The temporary files as they were made, by their paths: another run may make its own in their place. */
  readonly staged: Map<string, string>;
  /** What the executable was when it was copied, or became since: another program may change it meanwhile. */
  seen: string | undefined;
  issue: PatchIssue | undefined;
  isDone: boolean;
}

export function progressOf(change: Change): Progress {
  return { change, undo: [], staged: new Map(), seen: undefined, issue: undefined, isDone: false };
}

/** A text that is another when the file at `path` has been written, or replaced. Throws CallError. */
export function seenNow(path: string): string {
  return signatureOf(attempt(path, "stat", () => lstatSync(systemPath(path), { bigint: true }))).text;
}

/** Whether a new file takes the executable's place. */
export function isReplaced({ edits, replaceByCopy, isBuildOutput }: Change): boolean {
  return edits.length > 0 && (replaceByCopy || !isBuildOutput);
}

/** A copy to be made of an executable, and the bytes to be changed in it. */
export interface EditedCopy {
  readonly copy: Copy;
  readonly edits: readonly Edit[];
  /** The copy's path, or a link's to it, beside a name of the executable. */
  readonly placeOf: (name: string) => string;
}

/** The copies by which an executable is replaced, in their order. */
export function copiesOf(change: Change): readonly EditedCopy[] {
  const { path, edits, passing } = change;
  if (!isReplaced(change)) return [];
  const made = (placeOf: EditedCopy["placeOf"], edits: readonly Edit[]): EditedCopy => ({
    copy: { from: path, to: placeOf(path) },
    edits,
    placeOf,
  });
  if (passing === undefined) return [made(copyPathOf, edits)];
  return [made(copyPathOf, passing.edits), made(secondCopyPathOf, edits)];
}

/** Does it for all that have not failed yet. Expected trouble with one of them takes back what was done to that one. */
export function forEach(all: readonly Progress[], step: (progress: Progress) => void): void {
  for (const progress of all) {
    if (progress.issue !== undefined) continue;
    try {
      step(progress);
    } catch (error) {
      if (!(error instanceof WriteError)) throw error;
      fail(progress, error);
    }
  }
}

/** Takes back what was done to one of them, and keeps the reason. */
export function fail(progress: Progress, { issue }: WriteError): void {
  const isWhole = takeBack(progress);
  // What is gone was there when it was planned, and what is there was not.
  const isOther = issue.kind === "system-call-failed" && (issue.code === "ENOENT" || issue.code === "EEXIST");
  if (isOther || issue.kind === "file-changed") {
    progress.issue = { kind: "file-changed", path: progress.change.path };
    return;
  }
  progress.issue = isWhole || issue.kind !== "system-call-failed" ? issue : { ...issue, isUnfinished: true };
}

/** Undoes in reverse order, up to what cannot be undone. Whether all could be. */
export function takeBack({ undo }: Progress): boolean {
  return undo
    .splice(0)
    .reverse()
    .every((step) => quietly(step));
}
