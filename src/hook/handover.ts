// What the shell fragment (hook/wrap-buddy-hook.sh) writes to standard input, decoded.

import { textOfBytes } from "../base/text.ts";

/** The value of a shell variable. A map's values are its keys: what they stand for is in the attributes' file. */
export interface ShellValue {
  readonly kind: "string" | "list" | "map";
  readonly values: readonly string[];
}

export type Handover = ReadonlyMap<string, ShellValue>;

/**
 * The records of the shell, by name:
 *
 *     NAME NUL  KIND NUL  COUNT NUL  COUNT values, each with its NUL
 *
 * Throws for anything else: the two sides come in one package.
 */
export function decodeHandover(bytes: Uint8Array): Handover {
  const fields = textOfBytes(bytes).split("\0");
  if (fields.pop() !== "") throw new Error("the hand-over does not end in a NUL");
  const records = new Map<string, ShellValue>();
  for (let at = 0; at < fields.length; ) {
    const [name = "", kind, countText] = fields.slice(at, at + 3);
    const count = Number(countText);
    const values = fields.slice(at + 3, at + 3 + count);
    if ((kind !== "string" && kind !== "list" && kind !== "map") || values.length !== count) {
      throw new Error(`the hand-over's record ${JSON.stringify(name)} is damaged`);
    }
    records.set(name, { kind, values });
    at += 3 + count;
  }
  return records;
}

/** The values of a record that the shell always writes. */
export function recordValues(handover: Handover, name: string): readonly string[] {
  const record = handover.get(name);
  if (record === undefined) throw new Error(`the hand-over has no record ${JSON.stringify(name)}`);
  return record.values;
}

/** The value of a string that the shell always writes. */
export function recordString(handover: Handover, name: string): string {
  return recordValues(handover, name)[0] ?? "";
}
