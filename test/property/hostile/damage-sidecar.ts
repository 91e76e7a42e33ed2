// Damage to a sidecar (native/include/sidecar.h has the layout), half of the time with a check that fits it again.

import { numberBytes, type WriterFormat } from "../../support/elf/byte-writer.ts";
import { edges } from "../../support/elf/mutations.ts";
import type { Damaged } from "./damage.ts";
import type { Random } from "./random.ts";

/** The article's header, in words of the class and then 16 bits each: entry, saved size, and three sizes of names. */
const headerSize = ({ elfClass }: WriterFormat): number => elfClass / 4 + 6;

/** Offsets and sizes of the extension's numbers after its magic and check. */
const numbers = [
  [12, 2],
  [14, 2],
  [16, 8],
  [24, 8],
  [32, 8],
  [40, 8],
  [48, 4],
  [52, 4],
  [56, 4],
  [60, 4],
] as const;

const extensionSize = 64;

/** A damaged copy of a whole sidecar. */
export function damageSidecar(whole: Uint8Array, format: WriterFormat, random: Random): Damaged {
  const done: string[] = [];
  let bytes = Buffer.from(whole);
  const extension = Buffer.from(whole).indexOf("WRAPBDY\0");
  const word = format.elfClass / 8;
  const fields: readonly (readonly [offset: number, size: number])[] = [
    [0, word],
    [word, word],
    [2 * word, 2],
    [2 * word + 2, 2],
    [2 * word + 4, 2],
    ...numbers.map(([offset, size]) => [extension + offset, size] as const),
  ];
  for (let left = 1 + random.below(3); left > 0; left--) {
    switch (random.below(4)) {
      case 0: {
        const offset = random.below(bytes.length);
        bytes[offset] = random.below(256);
        done.push(`byte 0x${offset.toString(16)} of the sidecar = ${bytes[offset]}`);
        break;
      }
      case 1: {
        const offset = random.below(Math.max(1, extension));
        bytes.fill(random.pick([0, 0x2f, 0xff]), offset, offset + 1 + random.below(32));
        done.push(`a run of bytes from 0x${offset.toString(16)} of the sidecar`);
        break;
      }
      default: {
        const [offset, size] = random.pick(fields);
        const value = random.oneIn(2) ? random.pick(edges) : BigInt(random.below(whole.length + 16));
        bytes.set(numberBytes(format, value, size), offset);
        done.push(`0x${value.toString(16)} in ${size} bytes at 0x${offset.toString(16)} of the sidecar`);
      }
    }
  }
  if (random.oneIn(2)) repair(bytes, format, extension);
  if (random.oneIn(6)) {
    const size = random.oneIn(4) ? whole.length + random.below(5000) : random.below(whole.length);
    bytes = Buffer.concat([bytes], size);
    done.push(`${size} bytes of sidecar instead of ${whole.length}`);
  }
  return { bytes: Uint8Array.from(bytes), done };
}

/** FNV-1a over the header and the numbers. Source: RFC 9923, section 2. */
function repair(bytes: Buffer, format: WriterFormat, extension: number): void {
  let check = 0x811c9dc5n;
  const covered = [bytes.subarray(0, headerSize(format)), bytes.subarray(extension + 12, extension + extensionSize)];
  for (const part of covered) for (const byte of part) check = ((check ^ BigInt(byte)) * 0x01000193n) & 0xffff_ffffn;
  bytes.set(numberBytes(format, check, 4), extension + 8);
}
