// From what was typed to what was meant: paths absolute, packages turned into their directories, defaults filled in.

import { join } from "node:path";
import { isDirectory } from "../base/directory-entries.ts";
import { absolutePath } from "../base/real-path.ts";
import type { InterpreterOrigin } from "../planning/interpreter-origin.ts";
import type { WrapRequest } from "../planning/wrap-request.ts";
import { builtInInterpreters, type Environment, recordedInterpreters } from "./machine/environment.ts";
import type { OptionValues } from "./options/option-spec.ts";
import type { wrapOptions } from "./options/options.ts";

export type WrapValues = OptionValues<typeof wrapOptions>;

/** Those that say what to wrap and how. */
type RequestValues = Omit<
  WrapValues,
  "gc-roots" | "quiet" | "verbose" | "json" | "json-schema" | "completion" | "man-page" | "help" | "version"
>;

/** The request that a command line stands for; relative paths are taken from `workingDirectory`. */
export function wrapRequest(values: RequestValues, environment: Environment, workingDirectory: string): WrapRequest {
  const absolute = (path: string): string => absolutePath(workingDirectory, path);
  const loaderDirectory = values["loader-dir-path"];
  return {
    paths: values.paths.map(absolute),
    recurse: values.recurse,
    exclude: values.exclude,
    libraryDirectories: values.libs.map(absolute).flatMap(libraryDirectoriesOf),
    fallbackLibraryDirectories: [],
    runtimeDependencies: values["runtime-dependencies"].map((entry) =>
      isTokenEntry(entry) ? entry : (libraryDirectoriesOf(absolute(entry)).at(-1) ?? entry),
    ),
    appendRunPath: values["append-run-path"],
    // A name with a slash is a path: ld.so would take it from the working directory of the program.
    extraNeeded: values.needed.map((name) => (name.includes("/") && !isTokenEntry(name) ? absolute(name) : name)),
    ignoreMissing: values["ignore-missing"],
    ...interpretersOf(values.interpreter.map(absolute), environment),
    allowOwnInterpreter: values.interpreter.length === 0,
    strict: values.strict ?? false,
    runPathMode: values["run-path-mode"],
    keepLibc: values["keep-libc"],
    ignoreExistingRunPath: values["ignore-existing"],
    pin: values.pin === undefined ? "auto" : values.pin ? "always" : "never",
    form: values.form,
    libraries: values.libraries,
    searchesPayloads: values.embedded,
    searchesNames: "never",
    relocatable: values.relocatable ?? false,
    ...(loaderDirectory === undefined ? {} : { loaderDirectory: absolute(loaderDirectory) }),
    storeDirectory: environment.storeDirectory,
    ...outputsIn(environment),
    dryRun: values["dry-run"],
  };
}

/** In a Nix build, where its outputs lie. */
export function outputsIn({ isNixBuild, storeDirectory }: Environment): Pick<WrapRequest, "outputsIn"> {
  return isNixBuild ? { outputsIn: storeDirectory } : {};
}

/** The given dynamic linkers; without any the defaults, and where each of them is from. */
export function interpretersOf(
  interpreters: readonly string[],
  environment: Environment,
): Pick<WrapRequest, "interpreters" | "fallbackInterpreters" | "builtInInterpreters" | "interpreterOrigins"> {
  const isGiven = interpreters.length > 0;
  const builtIn = isGiven ? [] : builtInInterpreters();
  const recorded = isGiven ? [] : recordedInterpreters(environment);
  return {
    interpreters,
    fallbackInterpreters: [...builtIn, ...recorded],
    builtInInterpreters: builtIn,
    interpreterOrigins: originsOf({ bintools: recorded, "built-in": builtIn }),
  };
}

/** Of a path that is offered for several reasons the last one counts. */
export function originsOf(
  paths: Readonly<Partial<Record<InterpreterOrigin, readonly string[]>>>,
): ReadonlyMap<string, InterpreterOrigin> {
  const origins = Object.entries(paths) as readonly (readonly [InterpreterOrigin, readonly string[]])[];
  return new Map(origins.flatMap(([origin, own]) => own.map((path) => [path, origin] as const)));
}

/** `$ORIGIN/…` and the like mean something to ld.so only. */
function isTokenEntry(entry: string): boolean {
  return entry.startsWith("$");
}

/** A directory as given, and after it its lib: users pass packages as well as directories of libraries. */
export function libraryDirectoriesOf(directory: string): readonly string[] {
  // Where a directory itself cannot be looked at, the run says so.
  const lib = join(directory, "lib");
  return isDirectory(lib) ? [directory, lib] : [directory];
}
