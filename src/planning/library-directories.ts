// Directories to search for libraries that are none: said at once, and not only by what is missing later.

import { closeSync, constants, openSync } from "node:fs";
import { systemPath } from "../base/path.ts";
import { requireErrorCode } from "../base/system-error.ts";
import type { RequestIssue } from "../files/request-issue.ts";

/** One issue for each directory that cannot be listed. */
export function checkLibraryDirectories(directories: readonly string[]): readonly RequestIssue[] {
  return directories.flatMap((path): readonly RequestIssue[] => {
    try {
      closeSync(openSync(systemPath(path), constants.O_RDONLY | constants.O_DIRECTORY));
      return [];
    } catch (error) {
      const code = requireErrorCode(error);
      return [{ kind: "bad-library-directory", path, code }];
    }
  });
}
