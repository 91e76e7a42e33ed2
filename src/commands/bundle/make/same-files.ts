// Files with several names: they have them in the bundle too, as hard links.

import { linkSync } from "node:fs";
import { directoryOf, systemPath } from "../../../base/path.ts";
import { errorCode } from "../../../base/system-error.ts";
import { attempt } from "../../../patch/write/system-call.ts";
import type { BundleEntry, FileEntry } from "../collect/collected.ts";

/**
 * Says of each further name of a file which one is its first; all of them have one mode. `entries`: sorted by place.
 * `changed`: places of what is wrapped, whose bytes depend on the directory: it is one file in each.
 */
export function withSameFiles(entries: readonly BundleEntry[], changed: ReadonlySet<string>): readonly BundleEntry[] {
  const inDirectory = ({ identity, place }: FileEntry): string => `${identity} ${directoryOf(place)}`;
  const all = entries.filter((entry) => entry.kind === "file").filter(({ identity }) => identity !== undefined);
  const changedIn = new Set(all.filter(({ place }) => changed.has(place)).map(inDirectory));
  const groups = new Map<string, FileEntry>();
  const groupOf = (entry: FileEntry): string => {
    const here = inDirectory(entry);
    return changedIn.has(here) ? here : `${entry.identity}`;
  };
  for (const entry of all) {
    const first = groups.get(groupOf(entry)) ?? entry;
    groups.set(groupOf(entry), { ...first, isExecutable: first.isExecutable || entry.isExecutable });
  }
  return entries.map((entry) => {
    const first = entry.kind === "file" ? groups.get(groupOf(entry)) : undefined;
    if (first === undefined || first.place === entry.place) return first ?? entry;
    return { ...entry, isExecutable: first.isExecutable, sameAs: first.place };
  });
}

/** No further name can be given there, or not to this file. Source: link(2). */
const cannotBeLinked: ReadonlySet<string> = new Set(["EMLINK", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EPERM", "EXDEV"]);

/** Gives the file at `first` the name `path` too. False where it cannot have one. Throws CallError. */
export function giveName(first: string, path: string): boolean {
  return attempt(path, "link", () => {
    try {
      linkSync(systemPath(first), systemPath(path));
      return true;
    } catch (error) {
      if (!cannotBeLinked.has(errorCode(error) ?? "")) throw error;
      return false;
    }
  });
}
