// The paths of a request, looked at before anything is walked.

import { realpathSync, statSync } from "node:fs";
import { systemPath } from "../base/path.ts";
import { requireErrorCode } from "../base/system-error.ts";
import { textOfBytes } from "../base/text.ts";
import type { RequestIssue } from "./request-issue.ts";

export interface Root {
  /** As it stands in the request. */
  readonly given: string;
  /** Absolute, without symlinks. */
  readonly path: string;
  readonly kind: "file" | "directory" | "special";
}

/** Follows symlinks, and finds out what is there. A path that leads nowhere, or cannot be followed, is an issue. */
export function resolveRoots(paths: readonly string[]): {
  readonly roots: readonly Root[];
  readonly issues: readonly RequestIssue[];
} {
  const roots: Root[] = [];
  const issues: RequestIssue[] = [];
  for (const given of paths) {
    try {
      const path = textOfBytes(realpathSync.native(systemPath(given), { encoding: "buffer" }));
      const facts = statSync(systemPath(path));
      roots.push({ given, path, kind: facts.isDirectory() ? "directory" : facts.isFile() ? "file" : "special" });
    } catch (error) {
      const code = requireErrorCode(error);
      const isAbsent = code === "ENOENT" || code === "ENOTDIR";
      issues.push(isAbsent ? { kind: "no-such-path", path: given } : { kind: "cannot-read", path: given, code });
    }
  }
  return { roots, issues };
}
