// What is wrong with paths that were to be looked at, and are no ELF files which can be read.

import type { SkippedPath } from "../files/discovery.ts";
import { isNoElf, type NoElf } from "../files/kind/skip-reason.ts";
import type { RequestIssue } from "../files/request-issue.ts";
import { nameOtherFormat, nameSpecialFile } from "./other-format.ts";

/**
 * An issue for each that the request names, except for those that it excludes as well, and of that severity for each that
 * cannot be read in a tree.
 */
export function issuesOfSkipped(
  skipped: readonly SkippedPath[],
  ofTrees: "warning" | "error",
): readonly RequestIssue[] {
  return skipped.flatMap((file) => (file.isNamed ? unread(file) : notLookedAt(file, ofTrees)));
}

/** The issue of something in a tree that cannot be read, in a list; [] for what was left alone for another reason. */
export function notLookedAt(
  { path, reason, detail: code, what = "file" }: Pick<SkippedPath, "path" | "reason" | "detail" | "what">,
  severity: "warning" | "error",
): readonly RequestIssue[] {
  if (reason !== "unreadable" || code === undefined) return [];
  return [{ kind: "not-looked-at", severity, path, what, code }];
}

/** The same of a named file that cannot be read or is no ELF file. */
export function unread({
  path,
  reason,
  detail: code,
}: Pick<SkippedPath, "path" | "reason" | "detail">): readonly RequestIssue[] {
  if (reason === "unreadable" && code !== undefined) return [{ kind: "cannot-read", path, code }];
  return isNoElf(reason) ? [noElf(path, reason)] : [];
}

/** The issue of a named file that is no ELF file: it says what the file is instead, where that can be seen. */
export function noElf(path: string, reason: NoElf): RequestIssue {
  const detail = reason === "special-file" ? nameSpecialFile(path) : nameOtherFormat(path);
  return { kind: "not-elf", path, reason, ...(detail === undefined ? {} : { detail }) };
}
