// The files of a bundle, written into a directory of their own.

import { chmodSync, constants, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { directoryOf, joinPath, systemPath } from "../../../base/path.ts";
import { originalElf } from "../../../patch/original.ts";
import { attempt } from "../../../patch/write/system-call.ts";
import type { EligibleFile, LibraryFile } from "../../../planning/examine.ts";
import type { BundleEntry } from "../collect/collected.ts";
import { giveName } from "./same-files.ts";

/** Modes that every bundle has, whatever the umask is and the files had. */
export const directoryMode = 0o755;

/** Permission bits of a file in a bundle. */
export function modeOf(isExecutable: boolean): number {
  return isExecutable ? 0o755 : 0o644;
}

/** Seconds since 1970: what Nix gives every file of its store. */
export const bundleTime = 1;

/** Writes the entries, parents first, below `directory`. Throws CallError. */
export function copyEntries(
  directory: string,
  entries: readonly BundleEntry[],
  originals: ReadonlyMap<string, EligibleFile | LibraryFile>,
): void {
  const made = new Set<string>();
  const makeDirectory = (path: string): void => {
    if (path === directory || made.has(path)) return;
    made.add(path);
    makeDirectory(directoryOf(path));
    attempt(path, "mkdir", () => mkdirSync(systemPath(path)));
    attempt(path, "chmod", () => chmodSync(systemPath(path), directoryMode));
  };
  for (const entry of entries) {
    const path = joinPath(directory, entry.place);
    makeDirectory(entry.kind === "directory" ? path : directoryOf(path));
    switch (entry.kind) {
      case "directory":
        break;
      case "link":
        attempt(path, "symlink", () => symlinkSync(systemPath(entry.target), systemPath(path)));
        break;
      case "made":
        attempt(path, "write", () => writeFileSync(systemPath(path), entry.bytes));
        attempt(path, "chmod", () => chmodSync(systemPath(path), modeOf(entry.isExecutable)));
        break;
      case "file":
        if (entry.sameAs !== undefined && giveName(joinPath(directory, entry.sameAs), path)) break;
        copyFile(entry.from, path, originals.get(entry.from));
        attempt(path, "chmod", () => chmodSync(systemPath(path), modeOf(entry.isExecutable)));
        break;
      default:
        entry satisfies never;
    }
  }
}

/** What is wrapped is copied as it was before: it is wrapped again where it is now. */
function copyFile(from: string, to: string, wrapped: EligibleFile | LibraryFile | undefined): void {
  if (wrapped === undefined) {
    attempt(from, "copy", () => copyFileSync(systemPath(from), systemPath(to), constants.COPYFILE_FICLONE));
    return;
  }
  const reading = wrapped.file.use((current) => {
    const { source } = originalElf(current, wrapped.original);
    return source.read(0, source.size);
  });
  if (reading.kind !== "read") throw new Error(`${from} was read before, and now is ${reading.kind}`);
  attempt(to, "write", () => writeFileSync(systemPath(to), reading.result));
}
