// What was asked for, after the command line or the hook has turned what was typed into what was meant:
// paths absolute, directories expanded, nothing left to guess. The only input of src/commands/wrap/run.ts.

export type RunPathMode = "auto" | "runpath" | "rpath";

export interface WrapRequest {
  /** Files and directories to wrap, absolute, in the order given. */
  readonly paths: readonly string[];
  /** False: of a directory only its own files are looked at. */
  readonly recurse: boolean;
  /** Glob patterns (`*`, `?`, `[…]`, `**`); a file whose base name, path or path below its root matches is left alone. */
  readonly exclude: readonly string[];
  /** Directories to search for libraries, absolute, first match wins. */
  readonly libraryDirectories: readonly string[];
  /** Directories searched after all others and put on the run path only where they resolve something (the stdenv's own libgcc, libstdc++). */
  readonly fallbackLibraryDirectories: readonly string[];
  /** Directories put on every run path, used or not: what a program opens with dlopen. */
  readonly runtimeDependencies: readonly string[];
  /** Run path entries appended verbatim, last. */
  readonly appendRunPath: readonly string[];
  /** Names added behind the needed entries of every executable. */
  readonly extraNeeded: readonly string[];
  /** Glob patterns of library names (or `libc.so.6:GLIBC_2.38`) that may be missing. */
  readonly ignoreMissing: readonly string[];
  /** Dynamic linkers to choose from, by machine, class and C library; [] to use `fallbackInterpreters`. */
  readonly interpreters: readonly string[];
  /** Used for files that none of `interpreters` fits: the one baked in by Nix, then $NIX_BINTOOLS's. */
  readonly fallbackInterpreters: readonly string[];
  /** Last resort: the interpreter that the file names, if it exists on this machine. */
  readonly allowOwnInterpreter: boolean;
  readonly runPathMode: RunPathMode;
  /** A libc in the patched trees counts like any other bundled library. */
  readonly keepLibc: boolean;
  /** The executable's own run path entries are dropped. */
  readonly ignoreExistingRunPath: boolean;
  /** "auto": where the executable lies in the store and the C library is glibc. */
  readonly pin: "auto" | "always" | "never";
  /** The sidecar is named beside /proc/self/exe and run path entries inside the trees become $ORIGIN-relative. */
  readonly relocatable: boolean;
  /** Directory of a shared loader.bin, absolute; absent: the sidecar carries the loader. */
  readonly loaderDirectory?: string;
  /** The store's directory, normally /nix/store. Nothing in it moves or changes. */
  readonly storeDirectory: string;
  readonly dryRun: boolean;
}
