// What a dynamic linker makes of a file, object by object. Types only.

import type { CLibrary } from "../../linker/interpreter/interpreter.ts";
import type { InspectedProvenance } from "../../linker/load/provenance.ts";
import type { RejectionReason } from "../../linker/solve/library-issue.ts";

/** A name that is meant to lead somewhere, and whether it does. */
export interface Reference {
  /** As written. */
  readonly text: string;
  /** What it means to the executable where it lies now; undefined where that cannot be said (a relative entry, `$LIB`). */
  readonly path: string | undefined;
  /** False for a directory or file that is gone; false where `path` is undefined. */
  readonly isThere: boolean;
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
