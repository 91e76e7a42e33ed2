// What is measured of bundles, as results.json in this folder has it. Types only.

/** The ways to take a program along. */
export const bundleWays = ["as installed", "wrap-buddy bundle", "patchelf", "by hand", "proot"] as const;

export type BundleWay = (typeof bundleWays)[number];

/** One program, taken along in one way. */
export interface MeasuredProgram {
  readonly name: string;
  /** Of all files that have to be taken along. */
  readonly bytes: number;
  /** From spawn to exit: the median of the ratios of each round to the program as it is installed. */
  readonly toInstalled: number;
}

export interface MeasuredWay {
  readonly way: BundleWay;
  readonly programs: readonly MeasuredProgram[];
  /** Where a small program with a library does not do its work, in the order of checks.ts. */
  readonly breaks: readonly string[];
}

export interface BundleResults {
  readonly rounds: number;
  readonly ways: readonly MeasuredWay[];
}
