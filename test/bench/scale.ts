// How much is measured. A run with few rounds shows that everything works; its numbers are not for README.

/** What the environment asks for: rounds of a measurement that takes a millisecond a round. */
const asked = Number(process.env["WRAP_BUDDY_BENCH_ROUNDS"] ?? 301);
if (!Number.isInteger(asked) || asked < 1) throw new Error("WRAP_BUDDY_BENCH_ROUNDS is not a number of rounds");

export interface Scale {
  /** Rounds of starting programs that take a few milliseconds. */
  readonly rounds: number;
  /** What takes longer is measured in as many rounds as fit into this time, milliseconds. */
  readonly time: number;
  readonly libraryCounts: readonly number[];
  readonly realPrograms: number;
  /** Whether what is not there yet of the corpus is fetched: several hundred megabytes. */
  readonly fetchesCorpus: boolean;
  readonly largest: number;
  /** Files of the two trees. */
  readonly smallTree: number;
  readonly largeTree: number;
  /** Only this is measured: "bundles", or all where nothing is said. */
  readonly only: string | undefined;
  /** Nothing is written beside this file, nor into README. */
  readonly isTrial: boolean;
}

const isTrial = asked < 50;

export const scale: Scale = {
  rounds: asked,
  time: 5000,
  libraryCounts: isTrial ? [10] : [1, 10, 40, 120],
  realPrograms: isTrial ? 1 : 3,
  fetchesCorpus: !isTrial,
  largest: isTrial ? 2 : 12,
  smallTree: isTrial ? 200 : 10_000,
  largeTree: isTrial ? 2000 : 100_000,
  only: process.env["WRAP_BUDDY_BENCH_ONLY"],
  isTrial,
};

/** As many rounds of something that takes about `milliseconds` as fit; an odd number, of which one is in the middle. */
export function roundsFor(milliseconds: number): number {
  const fitting = atMost(Math.max(9, Math.round(scale.time / milliseconds)));
  return fitting % 2 === 0 ? fitting - 1 : fitting;
}

/** Rounds of something that takes long. */
export function atMost(rounds: number): number {
  return Math.min(scale.rounds, rounds);
}
