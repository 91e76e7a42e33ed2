// Whole directories, copied and removed whatever the bytes of their names are: what node:fs has for that reads names as
// UTF-8.

import {
  chmodSync,
  constants,
  copyFileSync,
  mkdirSync,
  readlinkSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { readEntries } from "../../../base/directory-entries.ts";
import { joinPath, systemPath } from "../../../base/path.ts";
import { unlessRefused } from "../../../base/system-error.ts";
import { attempt } from "../../../patch/write/system-call.ts";
import { directoryMode } from "./copy.ts";

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

/** Removes a directory with all that is in it; what the system refuses to remove stays. */
export function removeTree(directory: string): void {
  for (const { name, kind } of unlessRefused(() => readEntries(directory), [])) {
    const path = joinPath(directory, name);
    if (kind === "directory") removeTree(path);
    else unlessRefused(() => unlinkSync(systemPath(path)), undefined);
  }
  unlessRefused(() => rmdirSync(systemPath(directory)), undefined);
}
