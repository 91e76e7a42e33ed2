// The first phase of a run (change-files.ts): new sidecars and changed copies of the executables, under temporary names.

import { newSidecarPathOf } from "../sidecar/file-names.ts";
import { copiesOf, type EditedCopy, fail, forEach, isReplaced, type Progress, seenNow } from "./change-progress.ts";
import { checkKept, copyAll, keepAccess, keepAll, withAccessList } from "./copies.ts";
import { editFile } from "./edit-file.ts";
import { noteStaged, requireStaged, takeAway } from "./staged-files.ts";
import { sync } from "./sync-changes.ts";
import { CallError, ChangedError, ownershipError } from "./system-call.ts";
import { linkFile, ownerOf, setMode, writeNewFile } from "./write-file.ts";

/** Makes and syncs them. What fails with one of them takes back what was done for that one. */
export function stage(all: readonly Progress[]): void {
  forEach(all, stageSidecars);
  keepAccessLists(all);
  const copies = all.flatMap((progress) => copiesOf(progress.change).map((edited) => ({ ...edited, progress })));
  for (const { placeOf, progress } of copies) {
    progress.undo.push(() => {
      for (const name of progress.change.names) takeAway(progress, placeOf(name));
    });
  }
  forEach(all, (progress) => {
    if (isReplaced(progress.change) || !progress.change.isBuildOutput) progress.seen = seenNow(progress.change.path);
  });
  runOn(copies, copyAll);
  for (const { copy, edits, progress } of copies) {
    forEach([progress], () => {
      noteStaged(progress, copy.to);
      editFile(copy.to, edits);
    });
  }
  runOn(copies, keepAll);
  for (const { copy, placeOf, progress } of copies) {
    forEach([progress], ({ change, seen }) => {
      // Otherwise it would be said to be kept or not of another file than was copied.
      if (seenNow(copy.from) !== seen) throw new ChangedError(copy.from);
      requireStaged(progress, copy.to);
      checkKept(copy);
      for (const name of change.names.slice(1)) {
        linkFile(copy.to, placeOf(name));
        noteStaged(progress, placeOf(name));
      }
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

/** The new sidecars under their temporary names. Throws WriteError. */
export function stageSidecars(progress: Progress): void {
  const { change, undo } = progress;
  const { placing, path } = change;
  if (placing === undefined) return;
  const owner = change.isBuildOutput ? undefined : ownerOf(path);
  for (const place of placing.sidecarPaths) {
    const staged = newSidecarPathOf(place);
    undo.push(() => takeAway(progress, staged));
    try {
      writeNewFile(staged, placing.sidecar, placing.sidecarMode, owner);
    } catch (error) {
      const isOwners = error instanceof CallError && error.issue.call === "chown" && error.issue.code === "EPERM";
      throw isOwners && owner !== undefined ? ownershipError(path, owner) : error;
    }
    noteStaged(progress, staged);
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
