// Whole directories, copied, gone through and removed whatever the bytes of their names are: what node:fs has for that
// reads names as UTF-8.

import {
  chmodSync,
  constants,
  copyFileSync,
  mkdirSync,
  readlinkSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
} from "node:fs";
import { readEntries } from "../../../base/directory-entries.ts";
import { joinPath, systemPath } from "../../../base/path.ts";
import { unlessRefused } from "../../../base/system-error.ts";
import { attempt } from "../../../patch/write/system-call.ts";
import { bundleTime, directoryMode } from "./copy.ts";

/** Copies a directory of files, directories and links; links as they are. Throws CallError. */
export function copyTree(from: string, to: string): void {
  attempt(to, "mkdir", () => mkdirSync(systemPath(to)));
  attempt(to, "chmod", () => chmodSync(systemPath(to), directoryMode));
  for (const { name, kind } of attempt(from, "readdir", () => readEntries(from))) {
    const [source, target] = [joinPath(from, name), joinPath(to, name)];
    if (kind === "directory") copyTree(source, target);
    else if (kind === "symlink") {
      const text = attempt(source, "readlink", () => readlinkSync(systemPath(source), "buffer"));
      attempt(target, "symlink", () => symlinkSync(text, systemPath(target)));
    } else {
      const clone = constants.COPYFILE_FICLONE;
      attempt(source, "copy", () => copyFileSync(systemPath(source), systemPath(target), clone));
    }
  }
}

/** Files and directories of a directory, itself last. Links have no content of their own. Throws CallError. */
export function contentsOf(directory: string): readonly string[] {
  const entries = attempt(directory, "readdir", () => readEntries(directory));
  const below = entries.flatMap(({ name, kind }) => {
    const path = joinPath(directory, name);
    return kind === "directory" ? contentsOf(path) : kind === "file" ? [path] : [];
  });
  return [...below, directory];
}

/** Gives everything below `directory` the same time, children first: it does not tell when the bundle was made. */
export function setTimes(directory: string): void {
  for (const path of contentsOf(directory)) {
    attempt(path, "utimes", () => utimesSync(systemPath(path), bundleTime, bundleTime));
  }
}

/** Removes a directory with all that is in it; what the system refuses to remove stays. */
export function removeTree(directory: string): void {
  for (const { name, kind } of unlessRefused(() => readEntries(directory), [])) {
    const path = joinPath(directory, name);
    if (kind === "directory") removeTree(path);
    else unlessRefused(() => unlinkSync(systemPath(path)), undefined);
  }
  unlessRefused(() => rmdirSync(systemPath(directory)), undefined);
}
