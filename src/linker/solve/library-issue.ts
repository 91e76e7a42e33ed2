// Trouble with libraries. Types, and a list.

import type { ElfDefect } from "../../elf/error.ts";

/**
 * Why a file with the right name was not used. "executable": an ET_EXEC file, which nothing can load as a library;
 * "inexpressible-directory": its directory's name holds a colon or a dynamic string token, so no run path can name it;
 * "for-glibc" and the like: made for another C library than the executable's.
 */
export const rejectionReasons = [
  "wrong-machine",
  "wrong-class",
  "not-elf",
  "damaged",
  "unreadable",
  "executable",
  "inexpressible-directory",
  "for-glibc",
  "for-musl",
  "for-bionic",
] as const;

export type RejectionReason = (typeof rejectionReasons)[number];

/** A file with the right name, and why it was not used. */
export interface PassedOver {
  readonly path: string;
  readonly reason: RejectionReason;
}

/** Trouble with libraries: data only, src/report/ has the words. */
export type LibraryIssue =
  /**
   * `executable` loads what needs it, or is the first that might open it. `neededByFile` is the file that the path
   * `neededBy` leads to, where that is another. `searched` counts the directories looked at; `nearMisses` are file names
   * like it that were there instead; `passedOver`, absent where there are none, are files of that name that do not match.
   */
  | {
      readonly kind: "missing-library";
      readonly severity: "error" | "warning" | "note";
      readonly executable: string;
      readonly name: string;
      readonly neededBy: string;
      readonly neededByFile?: string;
      readonly searched: number;
      readonly nearMisses: readonly string[];
      readonly passedOver?: readonly PassedOver[];
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
  /** An object that `executable` loads has a damaged DT_VERNEED, and the dynamic linker is glibc's: it will not start. */
  | {
      readonly kind: "damaged-versions";
      readonly severity: "error";
      readonly executable: string;
      readonly path: string;
      readonly defect: ElfDefect;
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
  /**
   * A run path entry or needed entry, as written, that leads to what may be on this machine alone. `libraries` are found
   * nowhere else. `executable` is the first that has the entry, or that loads what has it; `count` how many do.
   */
  | {
      readonly kind: "only-on-this-machine";
      readonly severity: "warning" | "note";
      readonly executable: string;
      readonly neededBy: string;
      readonly entry: "run-path" | "needed";
      readonly path: string;
      readonly libraries: readonly string[];
      readonly count: number;
    }
  /** `neededBy` finds it at `path`, which is named by nothing that is moved with the store. */
  | {
      readonly kind: "lost-by-move";
      readonly severity: "error";
      readonly executable: string;
      readonly name: string;
      readonly neededBy: string;
      readonly path: string;
    }
  /**
   * A library, at `path`, opens others by name, and looks for them in directories of the store by where it is now.
   * `executable` is the first that loads it, `count` how many do.
   */
  | {
      readonly kind: "opens-by-old-path";
      readonly severity: "warning" | "note";
      readonly executable: string;
      readonly path: string;
      readonly directories: readonly string[];
      readonly count: number;
    }
  /** What a library with a DT_RUNPATH of its own opens is not searched for in directories that were given for that. */
  | {
      readonly kind: "given-directories-unsearched";
      readonly severity: "warning";
      readonly path: string;
      readonly directories: readonly string[];
    }
  | {
      readonly kind: "dlopen-missing";
      readonly severity: "error" | "warning" | "note";
      readonly executable: string;
      readonly neededBy: string;
      readonly alternatives: readonly string[];
      readonly feature: string | undefined;
      readonly priority: "required" | "recommended" | "suggested";
    }
  /**
   * `neededBy` has among its constants what may be names of one library that it opens while `executable` runs, and that
   * would not be found.
   */
  | {
      readonly kind: "opened-by-name";
      readonly severity: "note";
      readonly executable: string;
      readonly neededBy: string;
      readonly alternatives: readonly string[];
    };
