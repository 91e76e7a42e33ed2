// Where a dynamic linker keeps its debug structure, struct r_debug, in which a debugger finds the loaded libraries.

import { fileOffsetOf, segmentOf } from "../../elf/address.ts";
import { viewOf, wordSizeOf } from "../../elf/codec.ts";
import { DT_RELA, DT_RELASZ, PF_W } from "../../elf/constants.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { unlessDamaged } from "../../elf/optional-parts.ts";
import type { Interpreter } from "../../linker/interpreter/interpreter.ts";

/**
 * Virtual address of the interpreter's struct r_debug; 0 when it does not say, or is damaged there: only debuggers look.
 * Source: gdb solib-svr4.c; glibc elf/dl-debug.c (_r_debug); musl ldso/dynlink.c (_dl_debug_addr, a pointer to it).
 */
export function debugAddressOf(interpreter: Interpreter): bigint {
  return unlessDamaged(() => readDebugAddress(interpreter), 0n);
}

function readDebugAddress({ cLibrary, elf }: Interpreter): bigint {
  if (cLibrary === "glibc") return elf.dynamicSymbol("_r_debug") ?? 0n;
  const pointer = elf.dynamicSymbol("_dl_debug_addr");
  const address = pointer === undefined ? 0n : (pointerAt(elf, pointer) ?? 0n);
  // The linker writes the structure before anything else of it can be seen: what is not writable is not it.
  return ((segmentOf(elf.programHeaders, address)?.flags ?? 0) & PF_W) !== 0 ? address : 0n;
}

/**
 * What a relative relocation makes of the pointer at `address`, without the load bias: its addend, or where the file has
 * no such entry with addend (DT_REL, DT_RELR) the word that stands there.
 * Source: System V gABI ch. 4, "Relocation".
 */
function pointerAt(elf: ElfFile, address: bigint): bigint | undefined {
  const { source, header, programHeaders } = elf;
  const word = wordSizeOf(header);
  const entrySize = 3 * word;
  const entries = elf.dynamic()?.entries ?? [];
  const entryValue = (tag: bigint) => entries.find((entry) => entry.tag === tag)?.value;
  const size = Number(entryValue(DT_RELASZ) ?? 0n);
  const offset = fileOffsetOf(programHeaders, entryValue(DT_RELA) ?? 0n, size);
  if (offset !== undefined) {
    const table = viewOf(header, source.read(offset, size, "DT_RELA"));
    for (let at = 0; at + entrySize <= size; at += entrySize) {
      if (table.word(at) === address) return table.word(at + 2 * word);
    }
  }
  const place = fileOffsetOf(programHeaders, address, word);
  return place === undefined ? undefined : viewOf(header, source.read(place, word, "_dl_debug_addr")).word(0);
}
