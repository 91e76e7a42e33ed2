// Changes to single fields of the file header and of program headers, as a tool or a damaged copy makes them.

import type { Field } from "./elf-fields.ts";

export interface Change {
  readonly field: Field;
  readonly title: string;
  /** What a byte of the field becomes. */
  readonly to: (byte: number, index: number) => number;
}

/** Single bits, and all of them cleared. Fields are little-endian here. */
export function changesOf(field: Field): readonly Change[] {
  const flip = (index: number, bits: number): Change => ({
    field,
    title: `${field.name}: byte ${index} ^ ${bits}`,
    to: (byte, at) => (at === index ? byte ^ bits : byte),
  });
  const second = field.size > 1 ? [flip(1, 0x10)] : [];
  return [flip(0, 1), flip(0, 4), ...second, setTo(field, 0n)];
}

/** The field with this value. */
export function setTo(field: Field, value: bigint): Change {
  return {
    field,
    title: `${field.name} = ${value}`,
    to: (_, index) => Number((value >> BigInt(8 * index)) & 0xffn),
  };
}

/** The file with the change. */
export function changed(bytes: Uint8Array, { field, to }: Change): Uint8Array {
  const result = Buffer.from(bytes);
  for (let at = 0; at < field.size; at++) result[field.offset + at] = to(result[field.offset + at] ?? 0, at);
  return result;
}

/** Whether the kernel, or a dynamic linker, may read the field before the program runs. */
export function isHeaderField({ group }: Field): boolean {
  return group === "file header" || group === "program header";
}
