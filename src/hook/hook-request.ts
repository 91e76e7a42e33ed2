// From what the build says to what is to be done.

import { existsSync } from "node:fs";
import { isDirectory, readEntries } from "../base/directory-entries.ts";
import { joinPath, systemPath } from "../base/path.ts";
import { type Environment, recordedInterpreters } from "../cli/machine/environment.ts";
import { originsOf, type WrapValues, wrapRequest } from "../cli/wrap-words.ts";
import type { WrapRequest } from "../planning/wrap-request.ts";
import type { AttributeValues } from "./attributes.ts";
import { compilerLibraryDirectories } from "./compiler-libraries.ts";
import { type Handover, recordString, recordValues } from "./handover.ts";
import { isLibraryName } from "./search-path.ts";

export interface RequestParts {
  readonly handover: Handover;
  readonly attributes: AttributeValues;
  /** wrapBuddyFlags, with the default of every option that is not among them. */
  readonly flags: WrapValues;
  readonly environment: Environment;
  readonly searchDirectories: readonly string[];
  /** What to wrap, absolute. */
  readonly paths: readonly string[];
  readonly recurse: boolean;
}

/** The request for `paths`: what the attributes say, then what wrapBuddyFlags say, then what the build has. */
export function hookRequest(parts: RequestParts): WrapRequest {
  const { handover, attributes, flags, environment } = parts;
  const values: WrapValues = {
    ...flags,
    paths: parts.paths,
    recurse: flags.recurse && parts.recurse,
    exclude: [...attributes.wrapBuddyExclude, ...flags.exclude],
    needed: [...attributes.wrapBuddyExtraNeeded, ...flags.needed],
    "runtime-dependencies": [...attributes.runtimeDependencies.map(futureLibraries), ...flags["runtime-dependencies"]],
    "append-run-path": [...attributes.appendRunpaths, ...flags["append-run-path"]],
    "ignore-missing": [
      ...attributes.wrapBuddyIgnoreMissing,
      ...attributes.autoPatchelfIgnoreMissingDeps,
      ...flags["ignore-missing"],
    ],
    interpreter: [...attributes.wrapBuddyInterpreters, ...flags.interpreter],
    pin: flags.pin ?? attributes.wrapBuddyPin,
    relocatable: flags.relocatable ?? (attributes.wrapBuddyRelocatable ? "store" : undefined),
    strict: flags.strict ?? attributes.wrapBuddyStrict,
  };
  const request = wrapRequest(values, environment, "/");
  const recorded = recordedInterpreters(environment);
  const builtIn = recordValues(handover, "interpreter").filter((path) => path !== "");
  return {
    ...request,
    libraryDirectories: unique([
      ...request.libraryDirectories,
      ...packageDirectories(handover),
      ...parts.searchDirectories,
    ]),
    // The stdenv in use may be another than the one that the hook was made with: its own C library and compiler come first.
    fallbackLibraryDirectories: unique([
      ...compilerLibraryDirectories(recordString(handover, "compiler")),
      ...recordString(handover, "compilerLibraries")
        .split(":")
        .filter((path) => path !== ""),
    ]),
    fallbackInterpreters: unique([...recorded, ...builtIn]),
    builtInInterpreters: builtIn,
    interpreterOrigins: originsOf({ "built-in": builtIn, bintools: recorded }),
    allowOwnInterpreter: false,
    searchesNames: "in-few",
  };
}

/**
 * The lib directories of the build's packages. Those that the program can load come first: without strictDeps, stdenv
 * shows the hook every package, the tools of the build too, and those before the others.
 */
function packageDirectories(handover: Handover): readonly string[] {
  const packages = [...new Set(recordValues(handover, "packages"))];
  const hostPackages = new Set(recordValues(handover, "hostPackages"));
  const ordered = [
    ...packages.filter((path) => hostPackages.has(path)),
    ...packages.filter((path) => !hostPackages.has(path)),
  ];
  return ordered.map((path) => `${path}/lib`).filter(isDirectory);
}

/** Of a directory that is not there yet, such as /run/opengl-driver, lib is meant: autoPatchelfHook takes it of all. */
function futureLibraries(path: string): string {
  return existsSync(systemPath(path)) || path.endsWith("/lib") ? path : joinPath(path, "lib");
}

/** The runtime dependencies that are there, but neither have a lib directory nor hold a library. */
export function emptyDependencies(attributes: AttributeValues): readonly string[] {
  return attributes.runtimeDependencies.filter((path) => {
    if (!isDirectory(path) || isDirectory(joinPath(path, "lib"))) return false;
    return !readEntries(path).some(({ name }) => isLibraryName(name));
  });
}

function unique(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}
