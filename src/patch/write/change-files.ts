// Changes executables and puts their sidecars in place, for a whole run at once. In no state between two system calls is
// there an executable that does not start, be it that the process ends there or that the power goes:
//
//     stage     new sidecars and changed copies of the executables, under temporary names    ─▶ sync
//     place     sidecars get their names (one that is in use keeps its own: below)           ─▶ sync their directories
//     switch    executables: a copy is renamed over each, or its bytes are written in place  ─▶ sync their directories
//     finish    sidecars that nothing uses any more go
//
// A change of the other direction has no sidecar to place, and its own goes when its executable is the original again.
// Where the new sidecar has the name of the one in use, and the stub changes too, there is no single step from one pair
// to the other. The executable then goes through a third state, in which the sidecar has another name:
//
//     place the link .NAM~.wrapbuddy ─▶ switch to the copy that names it ─▶ rename the sidecar ─▶ switch to the other copy
//
// In place or by a copy. Nothing says that a file is in use: whoever has it mapped (`ld.so ./program`, a debugger, another
// user, another container) keeps others from no write, and /proc shows one's own processes only and now only. And while
// it is open for writing nobody can start it (ETXTBSY). So a file is written in place only in a build's output, which
// nobody uses yet; there nothing is synced either. Elsewhere it costs a copy, or none where blocks can be shared.

import { availableParallelism, loadavg } from "node:os";
import { newSidecarPathOf } from "../sidecar/file-names.ts";
import {
  type Change,
  copiesOf,
  type EditedCopy,
  forEach,
  type Progress,
  progressOf,
  seenNow,
  takeBack,
} from "./change-progress.ts";
import { editFile } from "./edit-file.ts";
import { isThere } from "./leftovers.ts";
import { isStaged, requireStaged } from "./staged-files.ts";
import { stage, stageSidecars } from "./staging.ts";
import { isSynced, syncDirectories } from "./sync-changes.ts";
import { CallError, ChangedError, WriteError } from "./system-call.ts";
import { linkFile, linkNew, removeFile, renameFile } from "./write-file.ts";

/**
 * Carries out all of them. Each ends done, or with an issue and as it was before. `isAllOrNothing`: where one fails while
 * staging, none is changed.
 */
export function changeFiles(all: readonly Progress[], isAllOrNothing: boolean): void {
  stage(all);
  if (isAllOrNothing && all.some(({ issue }) => issue !== undefined)) {
    for (const progress of all) takeBack(progress);
    return;
  }
  forEach(all, placeSidecars);
  syncDirectories(all);
  forEach(all, (progress) => switchTo(progress, copiesOf(progress.change)[0]));
  syncDirectories(all);
  forEach(all, holdSidecars);
  pass(all.filter(({ change }) => change.passing !== undefined));
  if (all.some(({ change, issue }) => issue === undefined && change.takesAway && isSynced(change))) letStartsPass();
  forEach(all, (progress) => {
    // What lies beside another run's executable is not former.
    if (isUnchanged(progress)) progress.change.finish();
    progress.isDone = true;
  });
}

function placeSidecars(progress: Progress): void {
  const { change, undo } = progress;
  const { placing, passing } = change;
  for (const [index, place] of (placing?.sidecarPaths ?? []).entries()) {
    requireStaged(progress, newSidecarPathOf(place));
    requireUnchanged(progress);
    const link = passing?.sidecarPaths[index];
    if (link !== undefined) {
      // Nothing had that name when it was chosen: what has it now is another run's.
      linkNew(newSidecarPathOf(place), link);
      undo.push(() => removeFile(link));
    } else {
      const wasThere = isThere(place);
      renameFile(newSidecarPathOf(place), place);
      if (wasThere) continue;
      undo.push(() => {
        // What another run has made of the executable meanwhile may need it.
        if (isUnchanged(progress) && isStaged(progress, newSidecarPathOf(place), place)) removeFile(place);
      });
    }
  }
}

/** Gives the executable its new bytes, under all its names or none. */
function switchTo(progress: Progress, copy: EditedCopy | undefined): void {
  const { names, edits } = progress.change;
  if (copy !== undefined) {
    // What somebody has put there since is not replaced by a copy of what was there before.
    requireUnchanged(progress);
    for (const name of names) requireStaged(progress, copy.placeOf(name));
    requireSidecars(progress);
    try {
      renameAll(names, copy.placeOf);
    } finally {
      // Names that were given back are a change of the file, too.
      progress.seen = seenNow(progress.change.path);
    }
  } else if (edits.length > 0) editInPlace(progress.change);
  progress.undo.length = 0;
}

/** False where somebody has put another file in the executable's place, under any of its names, or written to it. */
function isUnchanged({ change, seen }: Progress): boolean {
  return seen === undefined || change.names.every((name) => seenNow(name) === seen);
}

/** Throws ChangedError. */
function requireUnchanged(progress: Progress): void {
  if (!isUnchanged(progress)) throw new ChangedError(progress.change.path);
}

/** Those that were placed are still there, and not another run's. */
function requireSidecars(progress: Progress): void {
  if (!hasSidecars(progress)) throw new ChangedError(progress.change.path);
}

function hasSidecars(progress: Progress): boolean {
  const { placing, passing } = progress.change;
  return (placing?.sidecarPaths ?? []).every((place, index) => {
    const staged = newSidecarPathOf(place);
    const places = [passing?.sidecarPaths[index], place].filter((at) => at !== undefined);
    return places.some((at) => isStaged(progress, staged, at));
  });
}

/**
 * Another run may have put its sidecar in the place of ours in the moment between our looking and our renaming: without
 * ours the executable does not start. The other one finds the executable changed, and does not go on.
 */
function holdSidecars(progress: Progress): void {
  if (progress.change.passing !== undefined || hasSidecars(progress) || !isUnchanged(progress)) return;
  stageSidecars(progress);
  for (const place of progress.change.placing?.sidecarPaths ?? []) renameFile(newSidecarPathOf(place), place);
  progress.undo.length = 0;
}

/** A build may run what it has made. */
function editInPlace(change: Change): void {
  try {
    editFile(change.path, change.edits);
  } catch (error) {
    if (!(error instanceof CallError) || error.issue.code !== "ETXTBSY") throw error;
    const { path, names, edits } = change;
    const whole = { path, names, edits, replaceByCopy: true, isBuildOutput: true, takesAway: false, finish: () => {} };
    const progress = progressOf(whole);
    changeFiles([progress], false);
    if (progress.issue !== undefined) throw new WriteError(progress.issue, `cannot replace ${path}`);
  }
}

function renameAll(names: readonly string[], placeOf: (name: string) => string): void {
  for (const [index, name] of names.entries()) {
    try {
      renameFile(placeOf(name), name);
    } catch (error) {
      // `name` is still the former file's.
      for (const renamed of names.slice(0, index)) {
        linkFile(name, placeOf(renamed));
        renameFile(placeOf(renamed), renamed);
      }
      throw error;
    }
  }
}

/** The second half of the way of those that pass through a third state. Each half is whole by itself. */
function pass(passing: readonly Progress[]): void {
  if (passing.every(({ issue }) => issue !== undefined)) return;
  letStartsPass();
  forEach(passing, (progress) => {
    for (const place of progress.change.placing?.sidecarPaths ?? []) {
      requireStaged(progress, newSidecarPathOf(place));
      requireUnchanged(progress);
      renameFile(newSidecarPathOf(place), place);
    }
  });
  syncDirectories(passing);
  forEach(passing, (progress) => switchTo(progress, copiesOf(progress.change)[1]));
  syncDirectories(passing);
}

/**
 * Waits for those who have started the former file and whose stub has not opened its sidecar yet: that takes a tenth of
 * a millisecond, and longer where processors and disks are busy. With 11 processes for two processors, 50 ms were not
 * enough for one of some thousand starts.
 */
function letStartsPass(): void {
  const [load = 0] = loadavg();
  const waiting = Math.max(1, load / availableParallelism());
  const milliseconds = Math.min(graceMilliseconds * waiting, longestGraceMilliseconds);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
const graceMilliseconds = 50;
const longestGraceMilliseconds = 2000;
