// Ways to damage a file, for tests that no damage leads to anything but the expected error.

import fc from "fast-check";
import { type BuiltElf, withField } from "./elf-builder.ts";

/** Values at which readers go wrong: zeros, signs, sizes and the ends of ranges. */
const edges = [
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
  (1n << 53n) - 1n,
  1n << 53n,
  (1n << 63n) - 1n,
  1n << 63n,
  (1n << 64n) - 0x1000n,
  (1n << 64n) - 1n,
];

/** The file with a few of its fields, and perhaps some bytes anywhere, changed, and perhaps cut short. */
export function damagedElf(good: BuiltElf): fc.Arbitrary<Uint8Array> {
  const names = [...good.fields.keys()];
  const size = good.bytes.length;
  const value = fc.oneof(fc.constantFrom(...edges), fc.bigInt(0n, BigInt(size) + 64n), fc.bigInt(0n, (1n << 64n) - 1n));
  const field = fc.tuple(fc.constantFrom(...names), value);
  const byte = fc.tuple(fc.nat(size - 1), fc.nat(255));
  return fc
    .record({
      fields: fc.array(field, { minLength: 1, maxLength: 4 }),
      bytes: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(byte, { maxLength: 8 }) },
      ),
      size: fc.oneof({ weight: 5, arbitrary: fc.constant(size) }, { weight: 1, arbitrary: fc.nat(size) }),
    })
    .map(({ fields, bytes, size: newSize }) => {
      let damaged = good.bytes;
      for (const [name, number] of fields) damaged = withField({ ...good, bytes: damaged }, name, number);
      for (const [offset, replacement] of bytes) damaged[offset] = replacement;
      return damaged.subarray(0, newSize);
    });
}
