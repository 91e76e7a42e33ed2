// The loads of one executable for all that differ from it in nothing but their names and the versions of symbols that they
// want: of the 730 executables of Debian's /usr/bin 210 are left, or 439 if versions had to be the same too.

import { directoryOf } from "../../base/path.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { type ObjectFacts, readObjectFacts } from "../load/object-facts.ts";
import type { LoadedObject } from "../load/provenance.ts";
import type { LibraryIssue } from "./library-issue.ts";
import type { Resolution } from "./resolution.ts";
import { type Loads, loadsOf, programOf, resolutionOf, type resolve } from "./resolve.ts";
import type { ResolveContext } from "./resolve-context.ts";

/** Executables with the same loads: the first of them, and what came of it, by the versions that are wanted. */
interface Twins {
  readonly path: string;
  readonly loads: Loads;
  readonly resolutions: Map<string, Resolution>;
}

/**
 * `resolve` for the executables of one run, whose contexts differ in `interpreter`, `pin` and `embeddedLibraries` only.
 * Paths are without symlinks. What is returned is what `resolve` would return. The loads of one directory are kept: a
 * run goes from one to the next.
 */
export function createResolver(): typeof resolve {
  let directory: string | undefined;
  const known = new Map<string, Twins>();

  function twinsOf(elf: ElfFile, facts: ObjectFacts, path: string, context: ResolveContext): Twins {
    if (directory !== directoryOf(path)) known.clear();
    directory = directoryOf(path);
    const key = keyOf(elf, facts, context);
    const same = known.get(key);
    if (same !== undefined) return same;
    const loads = loadsOf(programOf(elf, path, context, facts), context);
    const twins = { path, loads, resolutions: new Map<string, Resolution>() };
    // One that is loaded once more as a library could not be told from itself.
    const [, ...libraries] = loads.plan.installation.load.objects;
    if (libraries.every((library) => library.path !== path)) known.set(key, twins);
    return twins;
  }

  return (elf, path, context) => {
    const facts = readObjectFacts(elf);
    const twins = twinsOf(elf, facts, path, context);
    const versions = JSON.stringify([context.pin, facts.versionNeeds]);
    const same = twins.resolutions.get(versions);
    const resolution = same ?? resolutionOf(twins.loads, facts.versionNeeds, context);
    twins.resolutions.set(versions, resolution);
    return path === twins.path ? resolution : renamed(resolution, twins.path, path);
  };
}

/** All that a load depends on, except for the executable's name and directory. */
function keyOf(elf: ElfFile, facts: ObjectFacts, context: ResolveContext): string {
  const { interpreter, embeddedLibraries = [] } = context;
  const { elfClass, byteOrder, osAbi, machine, flags } = elf.header;
  const identity = [elfClass, byteOrder, osAbi, machine, flags];
  const embedded = embeddedLibraries.map(({ offset, facts }) => [offset, facts]);
  const { versionNeeds, ...loading } = facts;
  // What the libraries inside of it lack is said of each executable.
  const versions = embedded.length === 0 ? [] : versionNeeds;
  return JSON.stringify(
    [interpreter.path, identity, elf.interpreter(), loading, versions, embedded],
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
  return "neededBy" in issue
    ? { ...issue, executable, neededBy: name(issue.neededBy) }
    : { ...issue, executable, path: name(issue.path) };
}
