// The contract between the dynamic linker on paper (this folder) and the rest. Types only.

import type { ElfFile } from "../elf/model.ts";
import type { ObjectFacts } from "./object-facts.ts";

export type CLibrary = "glibc" | "musl";

/** A dynamic linker that executables can be given. */
export interface Interpreter {
  /** Absolute path as it will be written, not resolved through symlinks. */
  readonly path: string;
  readonly elf: ElfFile;
  readonly cLibrary: CLibrary;
  /** Its DT_SONAME, for example "ld-linux-x86-64.so.2". */
  readonly soname: string | undefined;
  /** The directories that it searches by itself, most often its own directory only. */
  readonly defaultDirectories: readonly string[];
  /** What `$LIB` means to it: "lib", "lib64", "lib/x86_64-linux-gnu". */
  readonly libDirectoryName: string;
  /** What `$PLATFORM` most likely means (AT_PLATFORM); undefined where the kernel gives none. */
  readonly platform: string | undefined;
  /** What it says to itself as a shared object. */
  readonly facts: ObjectFacts;
}

/**
 * Why a file cannot be a dynamic linker. "damaged": an ELF file with something in it that is wrong; "unusual-layout": it
 * is one, and the loader cannot map it.
 */
export type InterpreterProblem =
  | "no-such-file"
  | "unreadable"
  | "not-elf"
  | "damaged"
  | "not-a-dynamic-linker"
  | "unusual-layout";

/** Why a library stands where it stands; `by` is the path of the object whose run path was used. */
export type Provenance =
  | { readonly kind: "executable" }
  | { readonly kind: "interpreter" }
  | { readonly kind: "absolute" }
  | { readonly kind: "rpath"; readonly by: string; readonly directory: string }
  | {
      readonly kind: "runpath";
      readonly by: string;
      readonly directory: string;
    }
  | { readonly kind: "default"; readonly directory: string };

/** One object of the load order, as ld.so will open it. */
export interface LoadedObject {
  /** The needed entry (or dlopen name) it was first asked for by. */
  readonly name: string;
  /** The path that ld.so opens: directory of the search + "/" + name, symlinks not resolved. */
  readonly path: string;
  readonly soname: string | undefined;
  /** Path of the first object that asks for it; undefined for the executable. */
  readonly neededBy: string | undefined;
  readonly provenance: Provenance;
}

/**
 * Why a file with the right name was not used. "executable": an ET_EXEC file, which nothing can load as a library;
 * "inexpressible-directory": its directory's name holds a colon or a dynamic string token, so no run path can name it.
 */
export type RejectionReason =
  | "wrong-machine"
  | "wrong-class"
  | "not-elf"
  | "damaged"
  | "unreadable"
  | "executable"
  | "inexpressible-directory";

/** Trouble with libraries: data only, src/report/ has the words. */
export type LibraryIssue =
  /** `searched` counts the directories looked at; `nearMisses` are file names like it that were there instead. */
  | {
      readonly kind: "missing-library";
      readonly severity: "error" | "warning" | "note";
      readonly executable: string;
      readonly name: string;
      readonly neededBy: string;
      readonly searched: number;
      readonly nearMisses: readonly string[];
    }
  | {
      readonly kind: "missing-version";
      readonly severity: "error" | "warning";
      readonly executable: string;
      readonly neededBy: string;
      readonly library: string;
      readonly libraryPath: string;
      readonly version: string;
      readonly newestProvided: string | undefined;
    }
  | {
      readonly kind: "duplicate-soname";
      readonly severity: "note";
      readonly name: string;
      readonly taken: string;
      readonly notTaken: readonly string[];
    }
  | {
      readonly kind: "rejected-candidate";
      readonly severity: "note";
      readonly name: string;
      readonly path: string;
      readonly reason: RejectionReason;
    }
  | {
      readonly kind: "dlopen-missing";
      readonly severity: "error" | "warning" | "note";
      readonly executable: string;
      readonly neededBy: string;
      readonly alternatives: readonly string[];
      readonly feature: string | undefined;
      readonly priority: "required" | "recommended" | "suggested";
    };

/** All that the patcher has to know of one executable's libraries. */
export interface Resolution {
  /** Breadth-first, the executable first, the interpreter at its place. */
  readonly loadOrder: readonly LoadedObject[];
  /** The whole run path to install, existing entries that are kept included, in order, no duplicates. */
  readonly runPath: readonly string[];
  /** Which tag carries it, and why. */
  readonly runPathTag: "runpath" | "rpath";
  readonly runPathReason: "default" | "asked" | "executable-has-rpath" | "bundled-needs-inherited-search";
  /** Needed entries to put in front of the original ones (pinned); [] when not pinned. */
  readonly neededFirst: readonly string[];
  /** Needed entries to put behind the original ones. */
  readonly neededLast: readonly string[];
  readonly issues: readonly LibraryIssue[];
}
