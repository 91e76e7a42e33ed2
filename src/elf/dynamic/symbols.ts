// Looking up a dynamic symbol by name, through DT_GNU_HASH or DT_HASH, without reading the whole symbol table.
//
//   DT_GNU_HASH  0 buckets u32 | 4 first hashed symbol u32 | 8 bloom words u32 | 12 bloom shift u32
//                | bloom words (word each) | buckets (u32 each) | one u32 per symbol: its hash, bit 0 ends the chain
//   DT_HASH      buckets | chains (number of symbols) | buckets… | chains…       u32 each, u64 on s390x and alpha
//
// Source: glibc elf/dl-lookup.c and sysdeps/s390/bits/elfclass.h, sysdeps/alpha/bits/elfclass.h (Elf_Symndx).

import { bytesOfText } from "../../base/text.ts";
import { asVirtualAddress, requireFileOffset } from "../address.ts";
import { recordsOf, viewOf, wordSizeOf } from "../codec.ts";
import { DT_GNU_HASH, DT_HASH, DT_SYMTAB, EM_ALPHA, EM_S390, SHN_UNDEF } from "../constants.ts";
import type { ByteSource, FileHeader, FileOffset, ProgramHeader, VirtualAddress } from "../elf-file.ts";
import { ElfError } from "../error.ts";
import { once } from "../once.ts";
import type { DynamicTable } from "./dynamic.ts";

/**
 * st_value of the defined symbol `name`; undefined when there is none, or no hash table to look it up in. Where
 * several versions are defined, any one. Throws ElfError.
 */
export function findDynamicSymbol(
  source: ByteSource,
  header: FileHeader,
  programHeaders: readonly ProgramHeader[],
  dynamic: DynamicTable,
  name: string,
): VirtualAddress | undefined {
  const symbolTable = once(() => symbolTableOffset(programHeaders, dynamic));
  const lookUp: LookUp = { source, header, programHeaders, dynamic, name, symbolTable };
  const gnuHash = dynamic.value(DT_GNU_HASH);
  if (gnuHash !== undefined) return findByGnuHash(lookUp, gnuHash);
  const sysvHash = dynamic.value(DT_HASH);
  if (sysvHash !== undefined) return findBySysvHash(lookUp, sysvHash);
  return undefined;
}

/** Symbols that are looked at for one name. Even with a single bucket this is more than any library has. */
const largestChain = 1 << 20;

interface LookUp {
  readonly source: ByteSource;
  readonly header: FileHeader;
  readonly programHeaders: readonly ProgramHeader[];
  readonly dynamic: DynamicTable;
  readonly name: string;
  /** Where DT_SYMTAB is in the file. Throws ElfError. */
  readonly symbolTable: () => FileOffset;
}

function findByGnuHash(lookUp: LookUp, address: bigint): VirtualAddress | undefined {
  const { source, header } = lookUp;
  const base = requireFileOffset(lookUp.programHeaders, address, 16, "DT_GNU_HASH");
  const head = viewOf(header, source.read(base, 16, "DT_GNU_HASH"));
  const bucketCount = head.u32(0);
  const firstSymbol = head.u32(4);
  if (bucketCount === 0) return undefined;
  const hash = hashGnu(lookUp.name);
  const bucketsOffset = base + 16 + head.u32(8) * wordSizeOf(header);
  const readU32 = (offset: number) => viewOf(header, source.read(offset, 4, "DT_GNU_HASH")).u32(0);
  const chainsOffset = bucketsOffset + bucketCount * 4;
  let symbol = readU32(bucketsOffset + (hash % bucketCount) * 4);
  if (symbol === 0) return undefined;
  if (symbol < firstSymbol) {
    throw new ElfError({
      kind: "bad-value",
      what: "DT_GNU_HASH",
      field: "bucket",
      offset: bucketsOffset + (hash % bucketCount) * 4,
      value: BigInt(symbol),
      expected: `0, or at least ${firstSymbol}`,
    });
  }
  for (let steps = 0; ; steps++) {
    if (steps >= largestChain) throw chainTooLong("DT_GNU_HASH", base, BigInt(symbol));
    const chainHash = readU32(chainsOffset + (symbol - firstSymbol) * 4);
    if ((chainHash | 1) === (hash | 1)) {
      const value = definedValue(lookUp, symbol);
      if (value !== undefined) return value;
    }
    if ((chainHash & 1) !== 0) return undefined;
    symbol += 1;
  }
}

function findBySysvHash(lookUp: LookUp, address: bigint): VirtualAddress | undefined {
  const { source, header } = lookUp;
  const isWide = header.elfClass === 64 && (header.machine === EM_S390 || header.machine === EM_ALPHA);
  const entrySize = isWide ? 8 : 4;
  const base = requireFileOffset(lookUp.programHeaders, address, 2 * entrySize, "DT_HASH");
  const entry = (index: number) => {
    const view = viewOf(header, source.read(base + index * entrySize, entrySize, "DT_HASH"));
    return isWide ? view.u64(0) : BigInt(view.u32(0));
  };
  const bucketCount = entry(0);
  const chainCount = entry(1);
  const tableEnd = BigInt(base) + (2n + bucketCount + chainCount) * BigInt(entrySize);
  if (tableEnd > BigInt(source.size)) {
    throw new ElfError({ kind: "past-end-of-file", what: "DT_HASH", offset: base, end: tableEnd, size: source.size });
  }
  if (bucketCount === 0n) return undefined;
  let symbol = entry(2 + Number(BigInt(hashSysv(lookUp.name)) % bucketCount));
  for (let steps = 0n; symbol !== 0n; steps++) {
    if (symbol >= chainCount || steps >= chainCount || steps >= largestChain) {
      throw chainTooLong("DT_HASH", base, symbol);
    }
    const value = definedValue(lookUp, Number(symbol));
    if (value !== undefined) return value;
    symbol = entry(2 + Number(bucketCount + symbol));
  }
  return undefined;
}

function chainTooLong(what: string, offset: number, symbol: bigint): ElfError {
  const expected = `a chain of the table's symbols, at most ${largestChain} of them, without a loop`;
  return new ElfError({ kind: "bad-value", what, field: "chain", offset, value: symbol, expected });
}

/** st_value of symbol number `index` if it has the wanted name and is defined here. */
function definedValue(lookUp: LookUp, index: number): VirtualAddress | undefined {
  const { source, header } = lookUp;
  const at = recordsOf(header).symbol;
  const offset = lookUp.symbolTable() + index * at.size;
  const view = viewOf(header, source.read(offset, at.size, "dynamic symbol"));
  if (view.u16(at.sectionIndex) === SHN_UNDEF) return undefined;
  if (lookUp.dynamic.strings().at(view.u32(at.name)) !== lookUp.name) return undefined;
  return asVirtualAddress(view.word(at.value));
}

function symbolTableOffset(programHeaders: readonly ProgramHeader[], dynamic: DynamicTable): FileOffset {
  const address = dynamic.value(DT_SYMTAB);
  if (address !== undefined) return requireFileOffset(programHeaders, address, 0, "DT_SYMTAB");
  throw new ElfError({
    kind: "bad-value",
    what: "dynamic array",
    field: "DT_SYMTAB",
    offset: dynamic.section.offset,
    value: 0n,
    expected: "an entry, because there is a hash table",
  });
}

/** Source: glibc elf/dl-new-hash.h. */
function hashGnu(name: string): number {
  let hash = 5381;
  for (const byte of bytesOfText(name)) hash = (Math.imul(hash, 33) + byte) >>> 0;
  return hash;
}

/** Source: System V gABI chapter 5, "Hash Table". */
function hashSysv(name: string): number {
  let hash = 0;
  for (const byte of bytesOfText(name)) {
    hash = ((hash << 4) + byte) >>> 0;
    const high = hash & 0xf0000000;
    hash = ((hash ^ (high >>> 24)) & ~high) >>> 0;
  }
  return hash;
}
