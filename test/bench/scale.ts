// How much is measured. A run with few rounds shows that everything works; its numbers are not for README.

/** What the environment asks for: rounds of a measurement that takes a millisecond a round. */
const asked = Number(process.env["WRAP_BUDDY_BENCH_ROUNDS"] ?? 300);
if (!Number.isInteger(asked) || asked < 1) throw new Error("WRAP_BUDDY_BENCH_ROUNDS is not a number of rounds");

export interface Scale {
  /** Rounds of starting programs that take a few milliseconds. */
  readonly rounds: number;
  /** The same for those that take long: as many rounds as fit into this time, milliseconds. */
  readonly startUpTime: number;
  readonly libraryCounts: readonly number[];
  /** Whether what is not there yet of the corpus is fetched: several hundred megabytes. */
  readonly fetchesCorpus: boolean;
  readonly largest: number;
  /** Files of the two trees. */
  readonly smallTree: number;
  readonly largeTree: number;
  /** Nothing is written beside this file, nor into README. */
  readonly isTrial: boolean;
}

const isTrial = asked < 50;

export const scale: Scale = {
  rounds: asked,
  startUpTime: isTrial ? 0 : 6000,
  libraryCounts: isTrial ? [1, 10] : [1, 10, 40, 120],
  fetchesCorpus: !isTrial,
  largest: isTrial ? 2 : 12,
  smallTree: isTrial ? 200 : 10_000,
  largeTree: isTrial ? 2000 : 100_000,
  isTrial,
};

/** Rounds of something that takes about `milliseconds`. */
export function roundsFor(milliseconds: number, most: number): number {
  return scale.isTrial ? scale.rounds : Math.max(5, Math.min(most, Math.round(scale.startUpTime / milliseconds)));
}
