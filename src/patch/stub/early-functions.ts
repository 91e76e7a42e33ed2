// Functions of an executable that run before its entry point, where the stub would put the executable's bytes back.

import { fileOffsetOf } from "../../elf/address.ts";
import { viewOf, wordSizeOf } from "../../elf/codec.ts";
import { DT_PREINIT_ARRAY, DT_PREINIT_ARRAYSZ, DT_RELA, DT_RELASZ } from "../../elf/constants.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { ElfError } from "../../elf/error.ts";
import type { Range } from "./allowed-range.ts";

/**
 * Bytes of such a function that are left alone. A stripped file does not say how far it goes; the one that stands right
 * after an entry point, glibc's load_gp of riscv64, has 10 or 12. Source: glibc sysdeps/riscv/start.S.
 */
const functionSize = 16;

/** Entries of the array. Executables have none, one or two; for each one the segments are searched. */
const largestCount = 1024;

/**
 * File ranges of the functions in DT_PREINIT_ARRAY: a dynamic linker calls them before it jumps to the entry point,
 * which matters where one starts the wrapped file. Throws ElfError for a damaged file.
 * Source: System V gABI ch. 5, "Initialization and Termination Functions".
 */
export function earlyFunctions(elf: ElfFile): readonly Range[] {
  const entries = elf.dynamic()?.entries ?? [];
  const value = (tag: bigint): bigint | undefined => entries.find((entry) => entry.tag === tag)?.value;
  const array = value(DT_PREINIT_ARRAY);
  if (array === undefined) return [];
  const word = wordSizeOf(elf.header);
  const size = value(DT_PREINIT_ARRAYSZ) ?? 0n;
  if (size > BigInt(largestCount * word)) {
    throw new ElfError({
      kind: "bad-value",
      what: "dynamic array",
      field: "DT_PREINIT_ARRAYSZ",
      offset: elf.dynamic()?.offset ?? 0,
      value: size,
      expected: `at most ${largestCount} functions, ${largestCount * word} bytes`,
    });
  }
  const slots = wordsAt(elf, array, size);
  const addends = addendsOf(elf, value(DT_RELA), value(DT_RELASZ));
  return slots.flatMap((inPlace, index): Range[] => {
    const address = addends.get(array + BigInt(index * word)) ?? inPlace;
    const offset = fileOffsetOf(elf.programHeaders, address, 1);
    return offset === undefined ? [] : [[offset, offset + functionSize]];
  });
}

/** r_addend by r_offset, of Elf32_Rela or Elf64_Rela: a file with them need not have the values in place. */
function addendsOf(elf: ElfFile, table: bigint | undefined, size: bigint | undefined): ReadonlyMap<bigint, bigint> {
  if (table === undefined || size === undefined) return new Map();
  const words = wordsAt(elf, table, size);
  const addends = new Map<bigint, bigint>();
  for (let at = 0; at + 2 < words.length; at += 3) addends.set(words[at] ?? 0n, words[at + 2] ?? 0n);
  return addends;
}

/** The words in the `size` bytes of memory at `address`; none where the file does not have them. */
function wordsAt(elf: ElfFile, address: bigint, size: bigint): readonly bigint[] {
  const offset = fileOffsetOf(elf.programHeaders, address, Number(size));
  if (offset === undefined) return [];
  const view = viewOf(elf.header, elf.source.read(offset, Number(size)));
  const word = wordSizeOf(elf.header);
  return [...Array(Math.floor(Number(size) / word)).keys()].map((index) => view.word(index * word));
}
