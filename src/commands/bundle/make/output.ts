// Where a bundle is going to be: what is there already.

import { lstatSync } from "node:fs";
import { isDirectory, readEntries } from "../../../base/directory-entries.ts";
import { baseName, directoryOf, joinPath, systemPath } from "../../../base/path.ts";
import { unlessRefused } from "../../../base/system-error.ts";
import type { AnyBundleIssue } from "../bundle-issue.ts";

/** What stands in the way at the path `output`, or was left beside it. */
export function outputIssues(output: string): readonly AnyBundleIssue[] {
  const isThere = unlessRefused(() => lstatSync(systemPath(output), { throwIfNoEntry: false }), undefined);
  if (isThere !== undefined) return [{ kind: "output-exists", path: output }];
  const above = directoryOf(output);
  if (!isDirectory(above)) return [{ kind: "output-impossible", path: output, code: "ENOENT" }];
  const stopped = stagingNames(output);
  return unlessRefused(() => readEntries(above), [])
    .filter(({ name, kind }) => kind === "directory" && name.startsWith(stopped) && name.length === stopped.length + 6)
    .map(({ name }) => ({ kind: "left-behind", path: joinPath(above, name) }));
}

/** How the names of the directories beside `output` begin in which a bundle is put together; six letters follow. */
export function stagingNames(output: string): string {
  return `.${baseName(output)}.wrapbuddy-`;
}
