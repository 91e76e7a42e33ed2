// What of a run is put on the disk, and when (change-files.ts).

import { directoryOf } from "../../base/path.ts";
import { type Change, forEach, isReplaced, type Progress } from "./change-progress.ts";
import { syncManyAtOnce, syncPath } from "./sync.ts";

/** What is lost where a build's machine loses power, the build makes again. */
export function isSynced({ isBuildOutput }: Change): boolean {
  return !isBuildOutput;
}

/** Names that were given in them. */
export function syncDirectories(all: readonly Progress[]): void {
  sync(all, (change) => [
    ...new Set([
      ...(change.placing?.sidecarPaths ?? []).map(directoryOf),
      ...(isReplaced(change) ? change.names.map(directoryOf) : []),
    ]),
  ]);
}

/** Files or directories of those that have not failed. */
export function sync(all: readonly Progress[], pathsOf: (change: Change) => readonly string[]): void {
  const waiting = all.filter(({ change, issue }) => issue === undefined && isSynced(change));
  const paths = new Set(waiting.flatMap(({ change }) => pathsOf(change)));
  if (syncManyAtOnce([...paths])) return;
  forEach(waiting, ({ change }) => {
    for (const path of pathsOf(change)) {
      if (paths.delete(path)) syncPath(path);
    }
  });
}
