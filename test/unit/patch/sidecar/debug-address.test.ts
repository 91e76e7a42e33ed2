import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fileOffsetOf } from "../../../../src/elf/address.ts";
import { viewOf } from "../../../../src/elf/codec.ts";
import { DT_RELA } from "../../../../src/elf/constants.ts";
import type { ElfFile } from "../../../../src/elf/elf-file.ts";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import type { Interpreter } from "../../../../src/linker/interpreter/interpreter.ts";
import { debugAddressOf } from "../../../../src/patch/sidecar/debug-address.ts";
import { interpreterAt } from "../../../support/simulated/simulate.ts";

const musl = interpreterAt("/lib/ld-musl-x86_64.so.1");

/** musl's linker with bytes changed. */
function changed(change: (bytes: Buffer, elf: ElfFile) => void): Interpreter {
  const bytes = readFileSync(musl.path);
  change(bytes, parseElf(bufferSource(bytes)));
  return { ...musl, elf: parseElf(bufferSource(bytes)) };
}

/** File offset of the pointer _dl_debug_addr. */
function pointerOffset(elf: ElfFile): number {
  return fileOffsetOf(elf.programHeaders, elf.dynamicSymbol("_dl_debug_addr") ?? 0n, 8) ?? 0;
}

/** File offset of the addend of its relocation. */
function addendOffset(bytes: Buffer, elf: ElfFile): number {
  const table = elf.dynamic()?.entries.find(({ tag }) => tag === DT_RELA)?.value ?? 0n;
  const pointer = elf.dynamicSymbol("_dl_debug_addr") ?? 0n;
  for (let at = fileOffsetOf(elf.programHeaders, table, 24) ?? 0; ; at += 24) {
    if (viewOf(elf.header, bytes).word(at) === pointer) return at + 16;
  }
}

describe("the address of the debug structure", () => {
  it("is that of _r_debug in glibc", () => {
    const glibc = interpreterAt("/lib64/ld-linux-x86-64.so.2");
    expect(debugAddressOf(glibc)).toBe(glibc.elf.dynamicSymbol("_r_debug"));
    expect(debugAddressOf(glibc)).not.toBe(0n);
  });

  it("is the addend of the relocation of musl's _dl_debug_addr", () => {
    const address = debugAddressOf(musl);
    expect(address).not.toBe(0n);
    expect(debugAddressOf(changed((bytes, elf) => bytes.writeBigUInt64LE(0n, pointerOffset(elf))))).toBe(address);
    const other = changed((bytes, elf) => bytes.writeBigUInt64LE(address + 8n, addendOffset(bytes, elf)));
    expect(debugAddressOf(other)).toBe(address + 8n);
  });

  it("is the word at _dl_debug_addr where no relocation with addend names that place", () => {
    const address = debugAddressOf(musl);
    const other = changed((bytes, elf) => {
      bytes.writeBigUInt64LE(0n, addendOffset(bytes, elf) - 16);
      bytes.writeBigUInt64LE(address + 16n, pointerOffset(elf));
    });
    expect(debugAddressOf(other)).toBe(address + 16n);
  });

  it("is not known of a dynamic linker that does not export it", () => {
    const none = (one: Interpreter): Interpreter => ({ ...one, elf: { ...one.elf, dynamicSymbol: () => undefined } });
    expect(debugAddressOf(none(interpreterAt("/lib64/ld-linux-x86-64.so.2")))).toBe(0n);
    expect(debugAddressOf(none(musl))).toBe(0n);
  });

  it("is not known where that pointer names what is not writable", () => {
    const other = changed((bytes, elf) => bytes.writeBigUInt64LE(0x1000n, addendOffset(bytes, elf)));
    expect(debugAddressOf(other)).toBe(0n);
  });
});
