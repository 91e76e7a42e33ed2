// Small pieces of English that several messages share.

import { getSystemErrorMap } from "node:util";
import { largestOf } from "../base/extremes.ts";

/** "1 file", "2 files"; `many` where the plural is not made with an s. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** "a", "a and b", "a, b and c". */
export function listOf(items: readonly string[], conjunction: "and" | "or" = "and"): string {
  const last = items.at(-1) ?? "";
  if (items.length < 2) return last;
  return `${items.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}

/** A number as C writes it: 0x11a0. */
export function hex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}

const descriptions = new Map([...getSystemErrorMap().values()]);

/** "permission denied (EACCES)" for the name of a system call's error. */
export function describeErrorCode(code: string): string {
  const description = descriptions.get(code);
  return description === undefined ? code : `${description} (${code})`;
}

/** The length of the longest text. */
export function longestOf(texts: readonly string[]): number {
  return largestOf(
    texts.map(({ length }) => length),
    0,
  );
}
