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

import { directoryOf } from "../../base/path.ts";
import { newSidecarPathOf } from "../sidecar/file-names.ts";
import {
  type Change,
  copiesOf,
  type EditedCopy,
  fail,
  forEach,
  isReplaced,
  type Progress,
  progressOf,
  seenNow,
  takeBack,
} from "./change-progress.ts";
import { checkKept, copyAll, keepAccess, keepAll, withAccessList } from "./copies.ts";
import { editFile } from "./edit-file.ts";
import { isThere } from "./leftovers.ts";
import { syncManyAtOnce, syncPath } from "./sync.ts";
import { CallError, ChangedError, ownershipError, WriteError } from "./system-call.ts";
import { linkFile, ownerOf, removeFile, renameFile, setMode, tryToRemove, writeNewFile } from "./write-file.ts";

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
  pass(all.filter(({ change }) => change.passing !== undefined));
  if (all.some(({ change, issue }) => issue === undefined && change.takesAway && isSynced(change))) letStartsPass();
  forEach(all, (progress) => {
    progress.change.finish();
    progress.isDone = true;
  });
}

function stage(all: readonly Progress[]): void {
  forEach(all, stageSidecars);
  keepAccessLists(all);
  const copies = all.flatMap((progress) => copiesOf(progress.change).map((edited) => ({ ...edited, progress })));
  for (const { placeOf, progress } of copies) {
    progress.undo.push(() => {
      for (const name of progress.change.names) tryToRemove(placeOf(name));
    });
  }
  forEach(all, (progress) => {
    if (isReplaced(progress.change)) progress.seen = seenNow(progress.change.path);
  });
  runOn(copies, copyAll);
  for (const { copy, edits, progress } of copies) {
    forEach([progress], () => {
      // Nobody else opens it before it is whole, and cp can write to it again, whatever its mode is to be.
      setMode(copy.to, 0o600);
      editFile(copy.to, edits);
    });
  }
  runOn(copies, keepAll);
  for (const { copy, placeOf, progress } of copies) {
    forEach([progress], ({ change, seen }) => {
      // Otherwise it would be said to be kept or not of another file than was copied.
      if (seenNow(copy.from) !== seen) throw new ChangedError(copy.from);
      checkKept(copy);
      for (const name of change.names.slice(1)) linkFile(copy.to, placeOf(name));
    });
  }
  sync(all, (change) => [
    ...(change.placing?.sidecarPaths.map(newSidecarPathOf) ?? []),
    ...copiesOf(change).map(({ copy }) => copy.to),
  ]);
}

type CopyOfOne = EditedCopy & { readonly progress: Progress };

/** One run of the program for all that have not failed yet. */
function runOn(copies: readonly CopyOfOne[], program: typeof copyAll): void {
  const now = copies.filter(({ progress }) => progress.issue === undefined);
  const errors = program(now.map(({ copy }) => copy));
  for (const { copy, progress } of now) {
    const error = errors.get(copy);
    if (error !== undefined && progress.issue === undefined) fail(progress, error);
  }
}

/** The new sidecars under their temporary names. */
function stageSidecars({ change, undo }: Progress): void {
  const { placing, path } = change;
  if (placing === undefined) return;
  const owner = change.isBuildOutput ? undefined : ownerOf(path);
  for (const place of placing.sidecarPaths) {
    const staged = newSidecarPathOf(place);
    undo.push(() => tryToRemove(staged));
    try {
      writeNewFile(staged, placing.sidecar, placing.sidecarMode, owner);
    } catch (error) {
      const isOwners = error instanceof CallError && error.issue.call === "chown" && error.issue.code === "EPERM";
      throw isOwners && owner !== undefined ? ownershipError(path, owner) : error;
    }
  }
}

/**
 * Whom an access control list lets execute the one may then read the other, and the list's mask, which stands where the
 * group's bits are, gives the group nothing. Where everybody may execute it, everybody may read the sidecar anyway.
 */
function keepAccessLists(all: readonly Progress[]): void {
  const isForSome = ({ change: { placing, isBuildOutput } }: Progress): boolean =>
    placing !== undefined && !isBuildOutput && (placing.sidecarMode & 0o044) === 0o040;
  const some = all.filter((progress) => progress.issue === undefined && isForSome(progress));
  if (some.length === 0) return;
  const listed = withAccessList(some.map(({ change }) => change.path));
  for (const progress of some.filter(({ change }) => listed.has(change.path))) {
    const { path, placing } = progress.change;
    for (const to of placing?.sidecarPaths.map(newSidecarPathOf) ?? []) {
      forEach([progress], () => {
        for (const error of keepAccess([{ from: path, to }]).values()) throw error;
        setMode(to, placing?.sidecarMode ?? 0);
      });
    }
  }
}

function placeSidecars({ change, undo }: Progress): void {
  const { placing, passing } = change;
  for (const [index, place] of (placing?.sidecarPaths ?? []).entries()) {
    const link = passing?.sidecarPaths[index];
    if (link !== undefined) {
      undo.push(() => removeFile(link));
      linkFile(newSidecarPathOf(place), link);
    } else {
      const wasThere = isThere(place);
      renameFile(newSidecarPathOf(place), place);
      if (!wasThere) undo.push(() => removeFile(place));
    }
  }
}

/** Gives the executable its new bytes, under all its names or none. */
function switchTo(progress: Progress, copy: EditedCopy | undefined): void {
  const { names, edits } = progress.change;
  if (copy !== undefined) {
    // What somebody has put there since is not replaced by a copy of what was there before.
    if (names.some((name) => seenNow(name) !== progress.seen)) throw new ChangedError(progress.change.path);
    renameAll(names, copy.placeOf);
    progress.seen = seenNow(progress.change.path);
  } else if (edits.length > 0) editInPlace(progress.change);
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
  forEach(passing, ({ change }) => {
    for (const place of change.placing?.sidecarPaths ?? []) renameFile(newSidecarPathOf(place), place);
  });
  syncDirectories(passing);
  forEach(passing, (progress) => switchTo(progress, copiesOf(progress.change)[1]));
  syncDirectories(passing);
}

/**
 * Waits for those who have started the former file and whose stub has not opened its sidecar yet: that takes a tenth of
 * a millisecond, and longer where the processors are busy.
 */
function letStartsPass(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, graceMilliseconds);
}
const graceMilliseconds = 50;

/** What is lost where a build's machine loses power, the build makes again. */
function isSynced({ isBuildOutput }: Change): boolean {
  return !isBuildOutput;
}

function syncDirectories(all: readonly Progress[]): void {
  sync(all, (change) => [
    ...new Set([
      ...(change.placing?.sidecarPaths ?? []).map(directoryOf),
      ...(isReplaced(change) ? change.names.map(directoryOf) : []),
    ]),
  ]);
}

function sync(all: readonly Progress[], pathsOf: (change: Change) => readonly string[]): void {
  const waiting = all.filter(({ change, issue }) => issue === undefined && isSynced(change));
  const paths = new Set(waiting.flatMap(({ change }) => pathsOf(change)));
  if (syncManyAtOnce([...paths])) return;
  forEach(waiting, ({ change }) => {
    for (const path of pathsOf(change)) {
      if (paths.delete(path)) syncPath(path);
    }
  });
}
