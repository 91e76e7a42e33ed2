// What of a request decides which libraries are loaded.

export type RunPathMode = "auto" | "runpath" | "rpath";

/**
 * What is done for shared libraries and plug-ins that do not find what they need. "auto": the executables of its
 * package carry it, where there are any; the others get a run path in place. "in-place": all of them get one. "carry": only
 * what an executable can carry. "leave": nothing.
 */
export type LibraryMode = "auto" | "in-place" | "carry" | "leave";

/**
 * What is moved together, and named relative to the executable. false: nothing. true: what lies in one of the trees that
 * are patched. "store": all of the store too, for an executable in it.
 */
export type Relocatable = boolean | "store";

export interface LibrarySettings {
  /** Directories to search for libraries, absolute, first match wins. */
  readonly libraryDirectories: readonly string[];
  /** Directories searched after all others and put on the run path only where they resolve something (the stdenv's own libgcc, libstdc++). */
  readonly fallbackLibraryDirectories: readonly string[];
  /** Directories put on every run path, used or not: what a program opens with dlopen. */
  readonly runtimeDependencies: readonly string[];
  /** Run path entries appended verbatim, last. */
  readonly appendRunPath: readonly string[];
  /** Names added after the needed entries of every executable. */
  readonly extraNeeded: readonly string[];
  /** Glob patterns of library names (or `libc.so.6:GLIBC_2.38`) that may be missing. */
  readonly ignoreMissing: readonly string[];
  /** What a plug-in, or a library inside an executable, needs and nothing has is an error, and not a warning. */
  readonly strict: boolean;
  readonly runPathMode: RunPathMode;
  /** A libc in the patched trees counts like any other bundled library. */
  readonly keepLibc: boolean;
  /** The executable's own run path entries are dropped. */
  readonly ignoreExistingRunPath: boolean;
  /** Not false: the sidecar is named beside /proc/self/exe, and what is moved together by `$ORIGIN`. */
  readonly relocatable: Relocatable;
  /** The store's directory, normally /nix/store. Nothing in it changes. */
  readonly storeDirectory: string;
}

/** No libraries, every choice left to the tool. */
export const libraryDefaults: LibrarySettings = {
  libraryDirectories: [],
  fallbackLibraryDirectories: [],
  runtimeDependencies: [],
  appendRunPath: [],
  extraNeeded: [],
  ignoreMissing: [],
  strict: false,
  runPathMode: "auto",
  keepLibc: false,
  ignoreExistingRunPath: false,
  relocatable: false,
  storeDirectory: "/nix/store",
};
