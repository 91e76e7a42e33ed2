// Ways to damage a file, for tests that no damage leads to anything but the expected error.

import fc from "fast-check";
import { numberBytes } from "./byte-writer.ts";
import type { BuiltElf } from "./elf-builder.ts";

/** Values at which readers go wrong: zeros, signs, sizes and the ends of ranges. */
export const edges: readonly bigint[] = [
  0n,
  1n,
  2n,
  3n,
  4n,
  7n,
  8n,
  15n,
  16n,
  0x7fn,
  0x80n,
  0xffn,
  0x100n,
  0xfffn,
  0x1000n,
  0x7fffn,
  0x8000n,
  0xfffen,
  0xffffn,
  0x1_0000n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_fff0n,
  0xffff_ffffn,
  0x1_0000_0000n,
  (1n << 52n) - 1n,
  (1n << 53n) - 1n,
  1n << 53n,
  (1n << 63n) - 1n,
  1n << 63n,
  (1n << 64n) - 0x1000n,
  (1n << 64n) - 1n,
];

/** What is done to a file: small enough to be read when a test fails. */
export interface Damage {
  /** Fields by name, and what they are set to. */
  readonly fields: readonly (readonly [field: string, value: bigint])[];
  /** Bytes by offset, and what they are set to. */
  readonly bytes: readonly (readonly [offset: number, value: number])[];
  /** What the file is cut down to. */
  readonly size: number;
}

/** Changes to a few of the file's fields, and now and then to bytes anywhere, or to its size. */
export function damageTo(good: BuiltElf): fc.Arbitrary<Damage> {
  const names = [...good.fields.keys()];
  const size = good.bytes.length;
  const value = fc.oneof(fc.constantFrom(...edges), fc.bigInt(0n, BigInt(size) + 64n), fc.bigInt(0n, (1n << 64n) - 1n));
  const field = fc.tuple(fc.constantFrom(...names), value);
  const byte = fc.tuple(fc.nat(size - 1), fc.nat(255));
  return fc.record({
    fields: fc.array(field, { minLength: 1, maxLength: 4 }),
    bytes: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(byte, { maxLength: 8 }) },
    ),
    size: fc.oneof({ weight: 5, arbitrary: fc.constant(size) }, { weight: 1, arbitrary: fc.nat(size) }),
  });
}

/** A copy of the file with the damage done. */
export function applyDamage(good: BuiltElf, { fields, bytes, size }: Damage): Uint8Array {
  const damaged = good.bytes.slice();
  for (const [name, value] of fields) {
    const place = good.fields.get(name);
    if (place !== undefined) damaged.set(numberBytes(good.format, value, place.size), place.offset);
  }
  for (const [offset, value] of bytes) damaged[offset] = value;
  return damaged.subarray(0, size);
}
