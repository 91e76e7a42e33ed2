// What `wrap-buddy inspect` finds out about a file. Types only: src/commands/inspect/inspection-text.ts has the words.

import type { ElfIdentity } from "../../elf/elf-file.ts";
import type { SkipReason } from "../../files/kind/skip-reason.ts";
import type { CLibrary } from "../../linker/interpreter/interpreter.ts";
import type { Provenance } from "../../linker/load/provenance.ts";
import type { RejectionReason } from "../../linker/solve/library-issue.ts";
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
  /** The interpreter that the file names; of a wrapped one, that the original names. */
  readonly namedInterpreter: string | undefined;
  /** Its needed entries; of a wrapped one, the original's. */
  readonly needed: readonly string[];
  /** Undefined where no dynamic linker loads the file, or none is here that could. */
  readonly load: InspectedLoad | undefined;
}

/** What wrapping makes of the file, or has made. */
export type FileState =
  /** An executable that can be wrapped, and is not. */
  | { readonly kind: "foreign" }
  | { readonly kind: "wrapped"; readonly sidecar: SidecarFacts }
  /** Wrapped, with a sidecar that cannot be used: an issue says why. */
  | { readonly kind: "broken" }
  /** Not wrapped, for this reason: a library, an executable built by Nix, a static one … */
  | { readonly kind: "left-alone"; readonly reason: SkipReason; readonly detail?: string };

/** A name that is meant to lead somewhere, and whether it does. */
export interface Reference {
  /** As written. */
  readonly text: string;
  /** What it means to the executable where it lies now; undefined where that cannot be said (a relative entry, `$LIB`). */
  readonly path: string | undefined;
  /** False for a directory or file that is gone; false where `path` is undefined. */
  readonly isThere: boolean;
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

/** What the dynamic linker makes of the file. */
export interface InspectedLoad {
  /** "as-it-is": the file as it stands. "if-wrapped": as it would be, with what was given on the command line. */
  readonly view: "as-it-is" | "if-wrapped";
  readonly interpreter: string;
  readonly cLibrary: CLibrary;
  readonly runPathTag: "runpath" | "rpath" | undefined;
  readonly runPath: readonly Reference[];
  /** In load order, the file itself first. */
  readonly objects: readonly InspectedObject[];
  /** In the order in which they are missed: once for each object that wants one. */
  readonly missing: readonly MissingObject[];
  /** What the file and the libraries beside it say that they open while they run. */
  readonly opened: readonly OpenedLater[];
}

/** Why an object is loaded from where it is. "pinned": an absolute path that wrapping put in front of the needed entries. */
export type InspectedProvenance = Provenance | { readonly kind: "pinned" };

export interface InspectedObject {
  /** The needed entry that stands for it in the object that needs it. */
  readonly name: string;
  /** As the dynamic linker opens it. */
  readonly path: string;
  readonly soname: string | undefined;
  /** Path of the first object with a needed entry for it, pins not counted; undefined for the file itself. */
  readonly neededBy: string | undefined;
  /** The needed entry is one that wrapping adds. */
  readonly isAdded: boolean;
  readonly provenance: InspectedProvenance;
}

export interface MissingObject {
  readonly name: string;
  readonly neededBy: string;
  /** Files of that name that were passed over; `endsLoad`: the dynamic linker gives up there. */
  readonly refused: readonly { readonly path: string; readonly reason: RejectionReason; readonly endsLoad: boolean }[];
}

/** An entry of a `.note.dlopen`. */
export interface OpenedLater {
  readonly by: string;
  /** One of them is enough. */
  readonly alternatives: readonly string[];
  readonly priority: "required" | "recommended" | "suggested";
  readonly feature: string | undefined;
  readonly description: string | undefined;
  /** Where the first that is to be had lies; undefined when none is. */
  readonly path: string | undefined;
}
