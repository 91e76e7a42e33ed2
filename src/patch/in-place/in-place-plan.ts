// A run path, and for an executable its dynamic linker's path, put into a file's own padding. Types only.

import type { FileOffset, ProgramHeader, VirtualAddress } from "../../elf/elf-file.ts";
import type { Edit, ExecutableNames } from "../file-plan.ts";

/** What is to stand in the file. */
export interface InPlaceContent {
  /** The dynamic linker's path; undefined for a library, which has none. */
  readonly interpreter: string | undefined;
  /** No entries: the file's own run path, or the lack of one, stays. */
  readonly runPath: readonly string[];
  readonly tag: "runpath" | "rpath";
}

/** Padding of a segment: zeros after its file bytes that its last page maps, or between its sections, that nothing uses. */
export interface Tail {
  readonly segment: ProgramHeader;
  /** First byte that may be written. */
  readonly offset: FileOffset;
  readonly address: VirtualAddress;
  /** Bytes from there. */
  readonly size: number;
}

/** Where the run path's entry in the dynamic array comes from: it had one, a DT_NULL was spare, or a hint gives way. */
export type EntrySource = "existing" | "spare" | "relative-count";

/** What was done to one file, for the report. Sizes in bytes. */
export interface InPlaceFacts {
  readonly architecture: string;
  readonly elfClass: 32 | 64;
  /** Undefined for a library. */
  readonly interpreter: string | undefined;
  readonly runPath: readonly string[];
  readonly runPathTag: "runpath" | "rpath";
  /** Undefined where no run path is written. */
  readonly entrySource: EntrySource | undefined;
  /** The program header of the segment that holds them. */
  readonly segment: number;
  /** Where the texts and the record stand in the file, how much they take, and how much there was. */
  readonly offset: FileOffset;
  readonly size: number;
  readonly room: number;
}

/** What is going to be written to one file. */
export interface InPlaceEdits extends ExecutableNames {
  /** One after the other; none when all stands there already. */
  readonly edits: readonly Edit[];
  /** Sidecars of a former stub: they go, unless another file uses them. */
  readonly formerSidecars: readonly string[];
}

/** What is going to be done to one file. */
export interface InPlaceFilePlan extends InPlaceEdits {
  /** It was wrapped in another way before. */
  readonly isRewrap: boolean;
  readonly facts: InPlaceFacts;
}
