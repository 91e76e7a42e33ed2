// Reads records field by field and remembers where each field stands: the way back of byte-writer.ts.

import type { FieldKind, WriterFormat } from "./byte-writer.ts";
import type { Field, FieldGroup } from "./elf-fields.ts";

export interface FieldReader {
  /** The number at `offset`; 0 for one that is not all in the file. */
  number(kind: FieldKind, offset: number): number;
  /** Notes one field. */
  field(group: FieldGroup, name: string, kind: FieldKind, offset: number): bigint;
  /** Notes the fields of `layout`, words like "e_type:u16" one after the other; their values by name. */
  record(group: FieldGroup, name: string, offset: number, layout: string): ReadonlyMap<string, bigint>;
}

/** Fields go into `fields` if they are in the file. */
export function createFieldReader(bytes: Uint8Array, format: WriterFormat, fields: Field[]): FieldReader {
  const sizes = { u8: 1, u16: 2, u32: 4, u64: 8, word: format.elfClass / 8 };

  function value(offset: number, size: number): bigint {
    if (offset < 0 || offset + size > bytes.length) return 0n;
    const own = [...bytes.subarray(offset, offset + size)];
    if (format.byteOrder === "little") own.reverse();
    return own.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  }

  function field(group: FieldGroup, name: string, kind: FieldKind, offset: number): bigint {
    const size = sizes[kind];
    if (offset >= 0 && offset + size <= bytes.length) fields.push({ group, name, offset, size });
    return value(offset, size);
  }

  return {
    number: (kind, offset) => Number(value(offset, sizes[kind])),
    field,
    record(group, name, offset, layout) {
      const values = new Map<string, bigint>();
      let at = offset;
      for (const word of layout.trim().split(/\s+/)) {
        const [own = "", kind = "u8"] = word.split(":");
        values.set(own, field(group, `${name}.${own}`, kind as FieldKind, at));
        at += sizes[kind as FieldKind];
      }
      return values;
    },
  };
}
