// An ELF file that is being damaged: its bytes, where its fields are, and a note of what has been done to it.

import { numberBytes } from "../../support/elf/byte-writer.ts";
import type { ElfMap, Field, FieldGroup } from "../../support/elf/elf-fields.ts";

/** A whole file, ready to be damaged again and again. */
export interface WholeFile {
  readonly bytes: Uint8Array;
  readonly map: ElfMap;
  readonly groups: ReadonlyMap<FieldGroup, readonly Field[]>;
  readonly byName: ReadonlyMap<string, Field>;
}

/** A copy with damage. Fields are where the whole file has them. */
export interface Image {
  readonly whole: WholeFile;
  bytes: Uint8Array;
  /** What was done, one line each. */
  readonly done: string[];
}

export function wholeFile(bytes: Uint8Array, map: ElfMap): WholeFile {
  const groups = new Map<FieldGroup, Field[]>();
  for (const field of map.fields) groups.set(field.group, [...(groups.get(field.group) ?? []), field]);
  return {
    bytes,
    map,
    groups,
    byName: new Map(map.fields.map((field) => [field.name, field])),
  };
}

/** Reads a field as it is now; 0 where it is no longer in the file. */
export function numberAt({ bytes, whole }: Image, { offset, size }: Field): bigint {
  const own = [...bytes.subarray(offset, offset + size)];
  if (whole.map.format.byteOrder === "little") own.reverse();
  return own.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

/** Writes a number of `size` bytes, as far as the file goes. */
export function put(image: Image, offset: number, value: number | bigint, size: number): void {
  const bytes = numberBytes(image.whole.map.format, value, size);
  image.bytes.set(bytes.slice(0, Math.max(0, image.bytes.length - offset)), Math.min(offset, image.bytes.length));
}

/** Sets a field. */
export function set(image: Image, field: Field, value: number | bigint): void {
  put(image, field.offset, value, field.size);
  image.done.push(`${field.name} = 0x${BigInt.asUintN(field.size * 8, BigInt(value)).toString(16)}`);
}

/** Sets the field of this name, if the file has one. */
export function setNamed(image: Image, name: string, value: number | bigint): void {
  const field = image.whole.byName.get(name);
  if (field !== undefined) set(image, field, value);
}

/** Puts bytes after the file's end, at the next multiple of 4096; returns their file offset. */
export function append(image: Image, bytes: Uint8Array): number {
  const offset = Math.ceil(image.bytes.length / 4096) * 4096;
  const longer = new Uint8Array(offset + bytes.length);
  longer.set(image.bytes);
  longer.set(bytes, offset);
  image.bytes = longer;
  return offset;
}
