// The directories that addWrapBuddySearchPath adds.

import { readEntries } from "../base/directory-entries.ts";
import { joinPath } from "../base/path.ts";
import { absolutePath } from "../base/real-path.ts";
import { requireErrorCode } from "../base/system-error.ts";
import { parseArguments } from "./hook-arguments.ts";
import type { HookIssue } from "./hook-message.ts";

/** `libfoo.so`, `libfoo.so.1`. */
const libraryName = /\.so(?:\.|$)/;

/** Whether a name is one that libraries have. */
export function isLibraryName(name: string): boolean {
  return libraryName.test(name);
}

export interface SearchDirectories {
  /** Absolute, in the order of the calls and below a directory in that of the names; each once. */
  readonly directories: readonly string[];
  readonly issues: readonly HookIssue[];
}

/** `calls`: for each call its working directory, the number of its arguments, and those. */
export function searchDirectories(calls: readonly string[]): SearchDirectories {
  const directories = new Set<string>();
  const issues: HookIssue[] = [];
  for (let at = 0; at < calls.length; ) {
    const [workingDirectory = "/", count] = calls.slice(at, at + 2);
    const words = calls.slice(at + 2, at + 2 + Number(count));
    const { paths, recurse, issues: wrong } = parseArguments("addWrapBuddySearchPath", words);
    for (const issue of wrong) issues.push(issue);
    for (const path of wrong.length > 0 ? [] : paths) {
      const directory = absolutePath(workingDirectory, path);
      try {
        addLibraryDirectories(directory, recurse, directories);
      } catch (error) {
        const code = requireErrorCode(error);
        issues.push({ kind: "bad-search-directory", path: directory, code });
      }
    }
    at += 2 + words.length;
  }
  return { directories: [...directories], issues };
}

/** Adds `directory` if libraries lie in it, and the directories below it in which they do. */
function addLibraryDirectories(directory: string, recurse: boolean, directories: Set<string>): void {
  const entries = readEntries(directory);
  if (entries.some(({ name, kind }) => kind !== "directory" && isLibraryName(name))) directories.add(directory);
  if (!recurse) return;
  for (const { name, kind } of entries) {
    if (kind === "directory") addLibraryDirectories(joinPath(directory, name), recurse, directories);
  }
}
