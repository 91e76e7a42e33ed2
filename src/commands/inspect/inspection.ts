// What `wrap-buddy inspect` finds out about a file. Types only: src/commands/inspect/inspection-text.ts has the words.

import type { ElfIdentity } from "../../elf/elf-file.ts";
import type { SkipReason } from "../../files/kind/skip-reason.ts";
import type { OpenedByName } from "../../planning/opened-by-name.ts";
import type { InspectedLoad, Reference } from "../../planning/what-loads/inspected-load-facts.ts";
import type { Issue } from "../../report/issue.ts";

/** Everything that was asked to be looked at. */
export interface InspectionReport {
  /** In the order in which they were found. */
  readonly files: readonly Inspection[];
  /** What is wrong, of all files. */
  readonly issues: readonly Issue[];
  /** False when an issue is an error: a file does not start, or cannot be looked at. */
  readonly ok: boolean;
}

/** One ELF file. */
export interface Inspection {
  /** Absolute, without symlinks. */
  readonly path: string;
  readonly identity: ElfIdentity;
  readonly state: FileState;
  /**
   * The interpreter that the file names; of a wrapped one, that the original names, undefined where another tool has
   * overwritten it.
   */
  readonly namedInterpreter: string | undefined;
  /** Its needed entries; of a wrapped one, the original's. */
  readonly needed: readonly string[];
  /** Undefined where no dynamic linker loads the file, or none is here that could. */
  readonly load: InspectedLoad | undefined;
  /** What it, and the libraries of its package, may open by name; [] where `load` is undefined. */
  readonly named: readonly OpenedByName[];
}

/** What wrapping makes of the file, or has made. */
export type FileState =
  /** An executable that can be wrapped, and is not. */
  | { readonly kind: "foreign" }
  | { readonly kind: "wrapped"; readonly sidecar: SidecarFacts }
  /** Its run path, and an executable's interpreter, stand in its own padding. */
  | { readonly kind: "in-place"; readonly texts: InPlaceTexts }
  /** Wrapped, with a sidecar that cannot be used, or patched in place and changed since: an issue says why. */
  | { readonly kind: "broken"; readonly isInPlace: boolean }
  /** Not wrapped, for this reason: a library, an executable built by Nix, a static one … */
  | { readonly kind: "left-alone"; readonly reason: SkipReason; readonly detail?: string };

/** What stands in a file's padding. Sizes and offsets in bytes. */
export interface InPlaceTexts {
  readonly offset: number;
  readonly size: number;
  /** The interpreter that the original names; undefined for a library. */
  readonly formerInterpreter: string | undefined;
  /** False when the run was stopped before its last write. */
  readonly isFinished: boolean;
}

/** What stands in a sidecar. Sizes and offsets in bytes. */
export interface SidecarFacts {
  readonly path: string;
  readonly size: number;
  readonly version: number;
  /** How the stub names it. */
  readonly naming: "absolute" | "beside";
  readonly interpreter: Reference;
  /** Undefined without run path. */
  readonly runPathTag: "runpath" | "rpath" | undefined;
  readonly runPath: readonly Reference[];
  /** Needed entries in front of the executable's own: pins, and names where a library is not pinned. */
  readonly neededFirst: readonly Reference[];
  readonly neededLast: readonly string[];
  /** The saved bytes' place in the file and in memory. */
  readonly savedOffset: number;
  readonly savedAddress: bigint;
  readonly savedSize: number;
  readonly loader:
    | { readonly kind: "in-sidecar"; readonly size: number }
    | { readonly kind: "shared"; readonly loader: Reference };
  /** False when the run that wrapped it was stopped before its last write: the file still starts as the original. */
  readonly isFinished: boolean;
}
