// Numbers that look random and are the same for the same seed, so that a damaged file is known by two numbers.

export interface Random {
  /** A whole number from 0 to `end` - 1; 0 where `end` is 0. */
  below(end: number): number;
  /** True once in `times`. */
  oneIn(times: number): boolean;
  /** One of them; throws when there is none. */
  pick<T>(list: readonly T[]): T;
  /** Any number of 64 bits. */
  word(): bigint;
}

/** Mulberry32. Source: Tommy Ettinger, mulberry32.c, public domain. */
export function createRandom(seed: number, number: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)) >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value = (value + Math.imul(value ^ (value >>> 7), value | 61)) ^ value;
    return (value ^ (value >>> 14)) >>> 0;
  }
  const below = (end: number): number => Math.floor((next() / 2 ** 32) * end);
  return {
    below,
    oneIn: (times) => below(times) === 0,
    pick(list) {
      const index = below(list.length);
      if (index in list) return list[index] as (typeof list)[number];
      throw new Error("nothing to pick from");
    },
    word: () => (BigInt(next()) << 32n) | BigInt(next()),
  };
}
