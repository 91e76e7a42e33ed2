// The two hash tables of dynamic symbols, written in the simplest way that is still right.

import type { ByteWriter, WriterFormat } from "./byte-writer.ts";

export interface HashedSymbols {
  /** Names of the symbols from number 1 on. */
  readonly symbolNames: readonly string[];
  /** How many of them, the first ones, are undefined: not in DT_GNU_HASH. */
  readonly imports: number;
  readonly machine: number;
  readonly format: WriterFormat;
}

/** DT_GNU_HASH with one bucket and a bloom filter that lets everything through. */
export function writeGnuHash(writer: ByteWriter, { symbolNames, imports, format }: HashedSymbols): void {
  const defined = symbolNames.slice(imports);
  const firstSymbol = imports + 1;
  writer.record("gnu_hash", [
    ["nbuckets", "u32", 1],
    ["symoffset", "u32", firstSymbol],
    ["bloom_size", "u32", 1],
    ["bloom_shift", "u32", 6],
    ["bloom", "word", (1n << BigInt(format.elfClass)) - 1n],
    ["bucket", "u32", defined.length === 0 ? 0 : firstSymbol],
  ]);
  for (const [number, name] of defined.entries()) {
    let hash = 5381n;
    for (const byte of new TextEncoder().encode(name)) hash = (hash * 33n + BigInt(byte)) % 2n ** 32n;
    const isLast = number === defined.length - 1 ? 1n : 0n;
    writer.record(`gnu_hash_chain[${number}]`, [["hash", "u32", (hash & ~1n) | isLast]]);
  }
}

/** DT_HASH with one bucket; its entries have 8 bytes on 64-bit s390x and alpha, 4 elsewhere. */
export function writeSysvHash(writer: ByteWriter, { symbolNames, machine, format }: HashedSymbols): void {
  const kind = format.elfClass === 64 && (machine === 22 || machine === 0x9026) ? "u64" : "u32";
  const count = symbolNames.length + 1;
  writer.record("hash", [
    ["nbucket", kind, 1],
    ["nchain", kind, count],
    ["bucket", kind, symbolNames.length === 0 ? 0 : 1],
  ]);
  for (let symbol = 0; symbol < count; symbol++) {
    writer.record(`hash_chain[${symbol}]`, [["next", kind, symbol === 0 || symbol === count - 1 ? 0 : symbol + 1]]);
  }
}
