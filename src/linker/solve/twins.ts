// One resolution for executables that differ in nothing but their names: those of one directory that want the same of
// their libraries. A tree with 700 executables, seven alike in each directory, is wrapped in 390 ms instead of 480.

import { directoryOf } from "../../base/path.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { type ObjectFacts, readObjectFacts } from "../load/object-facts.ts";
import type { LoadedObject } from "../load/provenance.ts";
import type { LibraryIssue } from "./library-issue.ts";
import type { Resolution } from "./resolution.ts";
import { resolve } from "./resolve.ts";
import type { ResolveContext } from "./resolve-context.ts";

/**
 * `resolve` for the executables of one run, whose contexts differ in `interpreter`, `pin` and `embeddedLibraries` only. Paths are without
 * symlinks. What is returned is what `resolve` would return.
 */
export function createResolver(): typeof resolve {
  const known = new Map<string, { readonly path: string; readonly resolution: Resolution }>();
  return (elf, path, context) => {
    const facts = readObjectFacts(elf);
    const key = keyOf(elf, facts, path, context);
    const twin = known.get(key);
    if (twin !== undefined) return renamed(twin.resolution, twin.path, path);
    const resolution = resolve(elf, path, context, facts);
    // One that is loaded once more as a library could not be told from itself.
    const [, ...libraries] = resolution.loadOrder;
    if (libraries.every((library) => library.path !== path)) known.set(key, { path, resolution });
    return resolution;
  };
}

/** All that a resolution depends on, except for the executable's name. */
function keyOf(elf: ElfFile, facts: ObjectFacts, path: string, context: ResolveContext): string {
  const { interpreter, pin, embeddedLibraries = [] } = context;
  const { elfClass, byteOrder, osAbi, machine, flags } = elf.header;
  const identity = [elfClass, byteOrder, osAbi, machine, flags];
  const embedded = embeddedLibraries.map(({ offset, facts }) => [offset, facts]);
  return JSON.stringify(
    [directoryOf(path), interpreter.path, pin, identity, elf.interpreter(), facts, embedded],
    (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value),
  );
}

function renamed(resolution: Resolution, from: string, to: string): Resolution {
  const name = (path: string): string => (path === from ? to : path);
  return {
    ...resolution,
    loadOrder: resolution.loadOrder.map((object, index) =>
      index === 0 ? { ...object, name: to, path: to } : renamedObject(object, name),
    ),
    issues: resolution.issues.map((issue) => renamedIssue(issue, name)),
    plugInIssues: [],
  };
}

function renamedObject(object: LoadedObject, name: (path: string) => string): LoadedObject {
  const { neededBy, provenance } = object;
  return {
    ...object,
    neededBy: neededBy === undefined ? undefined : name(neededBy),
    provenance: "by" in provenance ? { ...provenance, by: name(provenance.by) } : provenance,
  };
}

function renamedIssue(issue: LibraryIssue, name: (path: string) => string): LibraryIssue {
  if (!("executable" in issue)) return issue;
  const executable = name(issue.executable);
  return issue.kind === "damaged-versions"
    ? { ...issue, executable, path: name(issue.path) }
    : { ...issue, executable, neededBy: name(issue.neededBy) };
}
