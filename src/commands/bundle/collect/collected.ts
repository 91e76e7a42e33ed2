// What belongs into a bundle, before anything is copied. Types only.

import type { Interpreter } from "../../../linker/interpreter/interpreter.ts";

/** One thing in the bundle. `place` is its path below the bundle's directory. */
export type BundleEntry =
  | { readonly kind: "directory"; readonly place: string }
  | FileEntry
  /** `target`: relative to the directory that the link lies in. */
  | { readonly kind: "link"; readonly place: string; readonly target: string }
  | { readonly kind: "made"; readonly place: string; readonly bytes: Uint8Array; readonly isExecutable: boolean };

/** A copy of a regular file. */
export interface FileEntry {
  readonly kind: "file";
  readonly place: string;
  readonly from: string;
  readonly isExecutable: boolean;
  /** Device and inode of one that has other names outside of the store, where a name may be the work of its optimiser. */
  readonly identity?: string;
  /** The place that another name of the same file has: the copy is one file too. */
  readonly sameAs?: string;
}

/** An executable that is wrapped in the bundle. All paths are those of before. */
export interface CollectedExecutable {
  /** Without symlinks. */
  readonly path: string;
  readonly interpreter: Interpreter;
  /** What it loads, the dynamic linker not among that: without symlinks. */
  readonly loads: readonly string[];
  /** The directories of what it loads, in the order of the load, then those of its plug-ins' libraries. */
  readonly libraryDirectories: readonly string[];
  /** Directories that are searched for what it opens while it runs. */
  readonly openedFrom: readonly string[];
  /** Run path entries that mean something on the machine that the bundle runs on (/run/…). */
  readonly keptEntries: readonly string[];
}

/** A library whose own run path names places of before, and the one that it gets instead. */
export interface CollectedLibrary {
  /** Of before, without symlinks. */
  readonly path: string;
  readonly tag: "runpath" | "rpath";
  /** Relative to the library, and what means the same everywhere. */
  readonly runPath: readonly string[];
  /** Entries of before that name nothing that is in the bundle. */
  readonly lostEntries: readonly string[];
}
