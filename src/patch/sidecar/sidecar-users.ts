// Which files of a directory use which of its sidecars. A copy of a wrapped executable, beside it or under another name,
// uses the same one: it must not be taken away from it.

import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { readEntries } from "../../base/directory-entries.ts";
import { directoryOf, joinPath, systemPath } from "../../base/path.ts";
import { errorCode, unlessRefused } from "../../base/system-error.ts";
import { PT_INTERP, PT_NULL } from "../../elf/constants.ts";
import { ElfError } from "../../elf/error.ts";
import { parseElf } from "../../elf/parse-elf.ts";
import { fileSource } from "../../elf/source.ts";
import { sidecarPathIn } from "../original.ts";
import { findStub } from "../stub/find-stub.ts";
import { executableOf, isLeftoverName, isSidecarName } from "./file-names.ts";

/** Who uses which sidecar. */
export interface SidecarUsers {
  /** Whether a file in the sidecar's directory has a stub that names it. Every directory is looked through once. */
  isUsed(sidecarPath: string): boolean;
  /** To be told of a file that has no stub any more. */
  forget(path: string): void;
  /** The sidecars that lie in a directory, in the order of their names. */
  sidecarsIn(directory: string): readonly string[];
  /** Whether the file that the sidecar is named after is not there. */
  isOrphan(sidecarPath: string): boolean;
}

/** Looks at a directory when something in it is asked for, and only once. */
export function createSidecarUsers(): SidecarUsers {
  const directories = new Map<string, Directory>();
  const forgotten = new Set<string>();

  function lookThrough(directory: string): Directory {
    const known = directories.get(directory);
    if (known !== undefined) return known;
    const looked = readDirectory(directory);
    directories.set(directory, looked);
    return looked;
  }

  return {
    isUsed: (sidecarPath) =>
      [...lookThrough(directoryOf(sidecarPath)).uses].some(
        ([path, used]) => used === sidecarPath && !forgotten.has(path),
      ),
    forget: (path) => forgotten.add(path),
    sidecarsIn: (directory) => lookThrough(directory).sidecars,
    isOrphan: (sidecarPath) => !lookThrough(directoryOf(sidecarPath)).paths.has(executableOf(sidecarPath)),
  };
}

interface Directory {
  /** Of all that is in it. */
  readonly paths: ReadonlySet<string>;
  readonly sidecars: readonly string[];
  /** Executable to sidecar. */
  readonly uses: ReadonlyMap<string, string>;
}

function readDirectory(directory: string): Directory {
  const sidecars: string[] = [];
  const uses = new Map<string, string>();
  const entries = entriesOf(directory);
  for (const { name, kind } of entries) {
    const path = joinPath(directory, name);
    if (kind !== "file" || isLeftoverName(name)) continue;
    if (isSidecarName(name)) sidecars.push(path);
    else {
      const used = sidecarOf(path);
      if (used !== undefined) uses.set(path, used);
    }
  }
  return { paths: new Set(entries.map(({ name }) => joinPath(directory, name))), sidecars, uses };
}

function entriesOf(directory: string): ReturnType<typeof readEntries> {
  return unlessRefused(() => readEntries(directory), []);
}

/** The sidecar that the stub of the file at `path` names; undefined without a stub. */
function sidecarOf(path: string): string | undefined {
  let descriptor: number | undefined;
  try {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    descriptor = openSync(systemPath(path), flags);
    const elf = parseElf(fileSource(descriptor, fstatSync(descriptor).size));
    const mayHaveStub = elf.programHeaders.some(({ type }) => type === PT_NULL || type === PT_INTERP);
    const stub = mayHaveStub ? findStub(elf) : undefined;
    return stub && sidecarPathIn(stub, path);
  } catch (error) {
    if (!(error instanceof ElfError) && errorCode(error) === undefined) throw error;
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
