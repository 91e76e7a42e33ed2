// A request with every field, for tests that care about a few of them.

import type { WrapRequest } from "../../src/planning/wrap-request.ts";

/** Wraps `paths` with no libraries and no interpreter, but for what `changes` says. */
export function wrapRequestOf(paths: readonly string[], changes: Partial<WrapRequest> = {}): WrapRequest {
  return {
    paths,
    recurse: true,
    exclude: [],
    libraryDirectories: [],
    fallbackLibraryDirectories: [],
    runtimeDependencies: [],
    appendRunPath: [],
    extraNeeded: [],
    ignoreMissing: [],
    interpreters: [],
    fallbackInterpreters: [],
    builtInInterpreters: [],
    interpreterOrigins: new Map(),
    allowOwnInterpreter: false,
    strict: false,
    runPathMode: "auto",
    keepLibc: false,
    ignoreExistingRunPath: false,
    pin: "never",
    form: "stub",
    libraries: "auto",
    searchesPayloads: true,
    relocatable: false,
    storeDirectory: "/nix/store",
    dryRun: false,
    ...changes,
  };
}
