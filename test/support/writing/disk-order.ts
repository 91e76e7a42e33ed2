// Whether what is put on the disk gets there in an order in which a power cut may come between any two things.

import { dirname } from "node:path";

const isSidecar = (path: string): boolean => path.endsWith(".wrapbuddy");

/**
 * What is wrong with the order of a run's calls, as `orderedCallsOf` gives them: a file has to be synced before it gets
 * its name, a sidecar's name before an executable that needs it does, an executable's name before a sidecar goes or
 * changes.
 */
export function orderProblems(calls: readonly string[]): readonly string[] {
  const problems: string[] = [];
  const synced = new Set<string>();
  const sameFile = new Map<string, string>();
  /** Directories with a new name that is not on the disk yet. */
  const newSidecars = new Set<string>();
  const newExecutables = new Set<string>();
  const place = (call: string, from: string, to: string): void => {
    if (!synced.has(sameFile.get(from) ?? from)) problems.push(`not synced before: ${call}`);
    if (isSidecar(to)) {
      if (newExecutables.size > 0) problems.push(`an executable's name not synced before: ${call}`);
      newSidecars.add(dirname(to));
    } else {
      if (newSidecars.size > 0) problems.push(`a sidecar's name not synced before: ${call}`);
      newExecutables.add(dirname(to));
    }
  };
  for (const call of calls.filter((line) => line.endsWith(" = 0"))) {
    const [, name = "", words = ""] = /^(\w+)\((.*)\)/.exec(call) ?? [];
    const [first = "", second = ""] = [...words.matchAll(/"([^"]*)"|<([^>]*)>/g)].map((match) => match[1] ?? match[2]);
    switch (name) {
      case "fsync":
        synced.add(first);
        newSidecars.delete(first);
        newExecutables.delete(first);
        break;
      case "link":
        if (isSidecar(second)) place(call, first, second);
        else sameFile.set(second, first);
        break;
      case "rename":
        place(call, first, second);
        break;
      case "unlink":
        if (isSidecar(first) && newExecutables.size > 0) problems.push(`an executable not synced before: ${call}`);
        break;
      default:
    }
  }
  return problems;
}
