// What the thread that tries cases is told, and what it answers. Types only.

import type { Seed } from "./seeds.ts";

export interface Task {
  readonly seeds: readonly Seed[];
  readonly seed: number;
  /** Cases `first`, `first + step` … before `end`. */
  readonly first: number;
  readonly step: number;
  readonly end: number;
  /** An empty directory for its trees, and one for damaged files that break a promise. */
  readonly directory: string;
  readonly findings: string;
  /** An Int32Array: the case being tried, and how many have been begun. */
  readonly progress: SharedArrayBuffer;
}

/** A case that breaks a promise. */
export interface Finding {
  readonly number: number;
  readonly title: string;
  /** Where the damaged file is. */
  readonly file: string;
  readonly complaints: readonly string[];
}

export interface Summary {
  /** How many cases came to what end. */
  readonly outcomes: readonly (readonly [outcome: string, count: number])[];
  /** The largest of each that a case took; buffers and bytes read as multiples of the file's and a fixed number. */
  readonly largest: {
    readonly reads: number;
    readonly bytesRead: number;
    readonly allocated: number;
    readonly milliseconds: number;
    /** The case that took these. */
    readonly slowest: number;
  };
}
