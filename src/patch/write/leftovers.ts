// What stopped runs leave beside an executable.

import { lstatSync } from "node:fs";
import { systemPath } from "../../base/path.ts";
import { unlessRefused } from "../../base/system-error.ts";
import {
  copyPathOf,
  executableOf,
  journalPathOf,
  longestTemporarySuffix,
  newSidecarPathOf,
  sidecarPathOf,
} from "../sidecar/file-names.ts";
import { tryToRemove } from "./write-file.ts";

/** Whether a stopped run has left something beside the executable at `path`. */
export function hasLeftovers(path: string): boolean {
  return [...removable(path), journalPathOf(path)].some(isThere);
}

/** Removes it, but for a journal: that tells how to finish, and goes away with it (executable.ts). */
export function removeLeftovers(path: string): void {
  for (const one of removable(path)) tryToRemove(one);
}

/** Removes a leftover that was found at `path`; a journal stays as long as its executable is there. */
export function removeLeftover(path: string): void {
  const executable = executableOf(path.slice(0, -longestTemporarySuffix));
  if (journalPathOf(executable) !== path || !isThere(executable)) tryToRemove(path);
}

/** Whether there is anything at `path`, a symbolic link included. */
export function isThere(path: string): boolean {
  return unlessRefused(() => lstatSync(systemPath(path), { throwIfNoEntry: false }) !== undefined, false);
}

function removable(path: string): readonly string[] {
  return [newSidecarPathOf(sidecarPathOf(path)), copyPathOf(path)];
}
