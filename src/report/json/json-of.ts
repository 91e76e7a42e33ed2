// Any value of a report as a value that JSON can hold: 64-bit numbers become hexadecimal strings.

import { hex } from "../words.ts";

/** The same shape with strings for 64-bit numbers. */
export type JsonOf<Value> = Value extends bigint
  ? string
  : Value extends number
    ? NumberOf<Value>
    : Value extends readonly (infer Element)[]
      ? JsonOf<Element>[]
      : Value extends object
        ? { -readonly [Field in keyof Value]: JsonOf<Value[Field]> }
        : Value;

/** Without a brand; a literal stays one. */
type NumberOf<Value extends number> = keyof Value extends keyof number ? Value : number;

/** A copy of plain data, field for field in the same order. */
export function jsonOf<Value>(value: Value): JsonOf<Value>;
export function jsonOf(value: unknown): unknown {
  if (typeof value === "bigint") return hex(value);
  if (Array.isArray(value)) return value.map((element) => jsonOf(element));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([field, content]) => [field, jsonOf(content)]));
}
