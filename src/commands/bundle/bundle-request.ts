// What `wrap-buddy bundle` is asked for. Types only.

import type { InterpreterOrigin } from "../../planning/interpreter-origin.ts";

/** The forms that a bundle can have. */
export const bundleFormats = ["dir", "tar", "tar.zst"] as const;

export type BundleFormat = (typeof bundleFormats)[number];

export interface BundleRequest {
  /** Executables, scripts, and directories that are taken whole; absolute, in the order given. */
  readonly programs: readonly string[];
  /** The directory or the archive to make, absolute. */
  readonly output: string;
  readonly format: BundleFormat;
  /** Directories to search for libraries, absolute, first match wins. */
  readonly libraryDirectories: readonly string[];
  /** Searched after all others. */
  readonly fallbackLibraryDirectories: readonly string[];
  /** Dynamic linkers to choose from; [] for the one that each executable names, else `fallbackInterpreters`. */
  readonly interpreters: readonly string[];
  readonly fallbackInterpreters: readonly string[];
  readonly interpreterOrigins: ReadonlyMap<string, InterpreterOrigin>;
  /** Glob patterns of libraries and symbol versions that may be missing, as in a WrapRequest. */
  readonly ignoreMissing: readonly string[];
  readonly storeDirectory: string;
  /** What programs of bin/ get where it is not set. Values have paths of before in them. */
  readonly variables: readonly { readonly name: string; readonly value: string }[];
  /** What the program of bin/ that has this name gets before what it is given. Values have paths of before in them. */
  readonly arguments: readonly { readonly name: string; readonly value: string }[];
  /** What a traced run opens outside is an error. */
  readonly strict: boolean;
  /** A command line for sh that is run with the bundle's bin in front of PATH, and watched. */
  readonly traceRun?: string;
  /** A power cut must not leave a bundle that is whole in name only. What a Nix build loses, it makes again. */
  readonly isSynced: boolean;
  readonly dryRun: boolean;
}
