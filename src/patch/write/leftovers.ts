// What stopped runs leave beside an executable.

import { lstatSync } from "node:fs";
import { systemPath } from "../../base/path.ts";
import { unlessRefused } from "../../base/system-error.ts";
import { copyPathOf, newSidecarPathOf, secondCopyPathOf, sidecarPathOf } from "../sidecar/file-names.ts";
import { tryToRemove } from "./write-file.ts";

/** Whether a stopped run has left something beside the executable at `path`. */
export function hasLeftovers(path: string): boolean {
  return removable(path).some(isThere);
}

/** What it has left there. */
export function leftoversOf(path: string): readonly string[] {
  return removable(path).filter(isThere);
}

/** Removes it; what is gone then. */
export function removeLeftovers(path: string): readonly string[] {
  return leftoversOf(path).filter(tryToRemove);
}

/** Whether there is anything at `path`, a symbolic link included. */
export function isThere(path: string): boolean {
  return unlessRefused(() => lstatSync(systemPath(path), { throwIfNoEntry: false }) !== undefined, false);
}

function removable(path: string): readonly string[] {
  return [newSidecarPathOf(sidecarPathOf(path)), copyPathOf(path), secondCopyPathOf(path)];
}
