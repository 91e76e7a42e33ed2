// The largest and the smallest of many numbers. Not Math.max(...numbers): the stack holds only so many arguments.

/** The largest of `numbers`, and at least `least`. */
export function largestOf(numbers: readonly number[], least: number): number {
  return numbers.reduce((largest, one) => Math.max(largest, one), least);
}

/** The smallest of `numbers`, and at most `most`. */
export function smallestOf(numbers: readonly number[], most: number): number {
  return numbers.reduce((smallest, one) => Math.min(smallest, one), most);
}
