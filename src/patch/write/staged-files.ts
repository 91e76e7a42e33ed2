// Which temporary files are this run's own. Another run over the same tree gives its own the same names, and each takes
// what it finds there for what a stopped run has left: neither may put the other's, half made, in an executable's place.

import { lstatSync } from "node:fs";
import { systemPath } from "../../base/path.ts";
import type { Progress } from "./change-progress.ts";
import { attempt, ChangedError, quietly } from "./system-call.ts";
import { tryToRemove } from "./write-file.ts";

/** Keeps in mind which file is at the temporary `path`; a build is alone with its output. Throws CallError. */
export function noteStaged({ staged, change }: Progress, path: string): void {
  if (!change.isBuildOutput) staged.set(path, identityAt(path));
}

/** Whether the file that was made at the temporary `path` is `at` now. One that is not noted yet counts as ours. */
export function isStaged({ staged }: Progress, path: string, at = path): boolean {
  const noted = staged.get(path);
  if (noted === undefined) return true;
  let now: string | undefined;
  quietly(() => {
    now = identityAt(at);
  });
  return now === noted;
}

/** Throws ChangedError where another run is at work on the same executable. */
export function requireStaged(progress: Progress, path: string): void {
  if (!isStaged(progress, path)) throw new ChangedError(progress.change.path);
}

/** Removes a temporary file of this run. */
export function takeAway(progress: Progress, path: string): void {
  if (isStaged(progress, path)) tryToRemove(path);
}

/** A new name changes nothing of it. Numbers of inodes are soon given again, and times are kept in a copy. */
function identityAt(path: string): string {
  const { dev, ino, birthtimeNs, size } = attempt(path, "stat", () => lstatSync(systemPath(path), { bigint: true }));
  return [dev, ino, birthtimeNs, size].join(":");
}
