// What was asked for, after the command line or the hook has turned what was typed into what was meant:
// paths absolute, directories expanded, nothing left to guess. The only input of src/commands/wrap/run.ts.

import { type LibraryMode, type LibrarySettings, libraryDefaults } from "../linker/solve/library-settings.ts";
import type { InterpreterOrigin } from "./interpreter-origin.ts";

/** How an executable is made to start: a stub with its sidecar, or all in its own padding. */
export type Form = "stub" | "in-place" | "auto";

export interface WrapRequest extends LibrarySettings {
  /** Files and directories to wrap, absolute, in the order given. */
  readonly paths: readonly string[];
  /** False: of a directory only its own files are looked at. */
  readonly recurse: boolean;
  /** Glob patterns (`*`, `?`, `[…]`, `**`); a file whose base name, path or path below its root matches is left alone. */
  readonly exclude: readonly string[];
  /** Dynamic linkers to choose from, by machine, class and C library; [] to use `fallbackInterpreters`. */
  readonly interpreters: readonly string[];
  /** Used for files that none of `interpreters` fits, best first; one that is not there is passed over. */
  readonly fallbackInterpreters: readonly string[];
  /** Those of `fallbackInterpreters` that a Nix build has put in: one that cannot be used is an error, never passed over. */
  readonly builtInInterpreters: readonly string[];
  /** Why each of `fallbackInterpreters` is among them. */
  readonly interpreterOrigins: ReadonlyMap<string, InterpreterOrigin>;
  /** Last resort: the interpreter that the file names, if it exists on this machine. */
  readonly allowOwnInterpreter: boolean;
  /** "auto": where the executable lies in the store and the C library is glibc. */
  readonly pin: "auto" | "always" | "never";
  /** "auto": in place where there is room for it, else a stub. */
  readonly form: Form;
  readonly libraries: LibraryMode;
  /** Whether executables are searched for libraries that they carry inside themselves. */
  readonly searchesPayloads: boolean;
  /**
   * Whether executables and libraries are searched for the names of libraries that they may open while they run. "in-few":
   * not in a tree of many executables, which it would take long for, a third of the time that planning takes.
   */
  readonly searchesNames: "always" | "in-few" | "never";
  /** Directory of a shared loader.bin, absolute; absent: the sidecar carries the loader. */
  readonly loaderDirectory?: string;
  readonly dryRun: boolean;
  /**
   * Where the outputs of the Nix build are that this is run by: what lies there nobody uses yet, and Nix syncs what it
   * registers. Absent outside of a build.
   */
  readonly outputsIn?: string;
}

/** A request that asks for nothing but to wrap: no libraries, no dynamic linker, every choice left to the tool. */
export const wrapDefaults: Omit<WrapRequest, "paths"> = {
  ...libraryDefaults,
  recurse: true,
  exclude: [],
  interpreters: [],
  fallbackInterpreters: [],
  builtInInterpreters: [],
  interpreterOrigins: new Map(),
  allowOwnInterpreter: false,
  pin: "auto",
  form: "stub",
  libraries: "auto",
  searchesPayloads: true,
  searchesNames: "never",
  dryRun: false,
};
