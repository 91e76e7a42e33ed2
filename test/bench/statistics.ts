// Numbers of a run, in the order in which they were measured, made into the few that are told.

export interface Summary {
  readonly median: number;
  /** A tenth of the values are below. */
  readonly p10: number;
}

export function summarise(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN;
  return { median: at(0.5), p10: at(0.1) };
}

/** The median of the ratios of values that were measured in the same round. */
export function medianRatio(values: readonly number[], base: readonly number[]): number {
  return summarise(values.map((value, round) => value / (base[round] ?? Number.NaN))).median;
}
