// What a run measures, as results.json has it. Types only. Ratios are medians of the ratios of each round.

import type { Summary } from "./statistics.ts";

/** The ways to start a foreign program. `original`: where the interpreter it names is there, as on other distributions. */
export type Way = "original" | "patchelf" | "run path" | "pinned" | "in place" | "shell wrapper";

export interface Start extends Summary {
  readonly toPatchelf: number;
  /** Before main; of a program that is not compiled here, of its first thread until it ends. */
  readonly systemCalls?: number;
  /** Private dirty memory at the same point, KB. */
  readonly privateDirty?: number;
  /** Of the system calls those that open, found or not, and those that map a file. */
  readonly opens?: number;
  readonly maps?: number;
  readonly pageFaults?: number;
}

/** Times in microseconds, from spawn to exit. A way that breaks the program is left out. */
export interface StartUp {
  readonly name: string;
  readonly ways: { readonly [way in Way]?: Start };
}

/** A program of the corpus, pinned, beside the same patched with patchelf. */
export interface CorpusStart {
  readonly name: string;
  /** Of the executable. */
  readonly megabytes: number;
  readonly rounds: number;
  /** Milliseconds of the pinned one. */
  readonly pinned: Summary;
  readonly toOriginal: number;
  /** Undefined where the patched one does not do what the original does. */
  readonly toPatchelf?: number;
}

export interface Timed {
  readonly name: string;
  /** Milliseconds. */
  readonly time: Summary;
  /** What it is compared to, and the ratio. */
  readonly base: string;
  readonly toBase: number;
  /** Peak resident memory, megabytes. */
  readonly memory: number;
}

/** What wrapping one executable reads from and writes to it and its sidecar. */
export interface Bytes {
  readonly name: string;
  readonly megabytes: number;
  readonly read: number;
  readonly written: number;
}

export interface Results {
  readonly rounds: number;
  readonly processors: number;
  readonly startUp: readonly StartUp[];
  readonly corpus: readonly CorpusStart[];
  readonly wrapping: readonly Timed[];
  readonly bytes: readonly Bytes[];
}
