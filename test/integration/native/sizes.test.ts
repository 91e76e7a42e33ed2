// What stubs and loaders weigh: the budgets, and a table that shows a change.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { viewOf } from "../../../src/elf/codec.ts";
import type { ElfFile } from "../../../src/elf/elf-file.ts";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { type Architecture, architectures } from "../../../src/patch/architecture/architectures.ts";
import { blobsOf, loaderFileOffset } from "../../../src/patch/blobs.ts";

const root = new URL("../../..", import.meta.url);

/** What of native/loader/message.c a loader without messages and trace would not have. */
const messageFunctions = [
  "begin",
  "append",
  "append_message",
  "append_number",
  "fail",
  "keep_name",
  "must",
  "sidecar_path",
  "sys_exit",
  "trace",
  "write_line",
];

const STT_FUNC = 2;

/** Functions of the symbol table .symtab and their sizes in bytes. Source: System V gABI ch. 4, "Symbol Table". */
function functionSizes(elf: ElfFile): ReadonlyMap<string, number> {
  const bytesOf = (name: string) => {
    const section = elf.sections().find((one) => one.name === name);
    if (section === undefined) throw new Error(`no section ${name}`);
    return elf.source.read(section.offset, section.size, name);
  };
  const symbols = viewOf(elf.header, bytesOf(".symtab"));
  const names = Buffer.from(bytesOf(".strtab"));
  const is64 = elf.header.elfClass === 64;
  const sizes = new Map<string, number>();
  for (let at = 0; at < bytesOf(".symtab").length; at += is64 ? 24 : 16) {
    if ((symbols.u8(at + (is64 ? 4 : 12)) & 0xf) !== STT_FUNC) continue;
    const nameAt = symbols.u32(at);
    const name = names.toString("latin1", nameAt, names.indexOf(0, nameAt));
    sizes.set(name, symbols.wordAsNumber(at + (is64 ? 16 : 8)));
  }
  return sizes;
}

interface Sizes {
  readonly absolute: number;
  readonly beside: number;
  /** The loader's code without and with what writes messages; all of it, constants included. */
  readonly code: number;
  readonly codeWithMessages: number;
  readonly loader: number;
}

function sizesOf(architecture: Architecture): Sizes {
  const blobs = blobsOf(architecture);
  const elf = parseElf(
    bufferSource(readFileSync(fileURLToPath(new URL(`build/native/${architecture.name}/loader.elf`, root)))),
  );
  const text = elf.sections().find(({ name }) => name === ".text");
  if (text === undefined) throw new Error("no section .text");
  const codeWithMessages = text.size - loaderFileOffset;
  const functions = functionSizes(elf);
  const messages = messageFunctions.reduce((sum, name) => sum + (functions.get(name) ?? 0), 0);
  return {
    absolute: blobs.stubs.absolute.length,
    beside: blobs.stubs.beside.length,
    code: codeWithMessages - messages,
    codeWithMessages,
    loader: blobs.loader.length,
  };
}

const measured = new Map(architectures.map((one) => [one.name, sizesOf(one)]));

describe("the blobs", () => {
  it("are measured in bytes", () => {
    console.table(Object.fromEntries(measured));
    for (const { loader, codeWithMessages } of measured.values()) expect(loader).toBeGreaterThan(codeWithMessages);
  });

  it.each(architectures)("of $name have stubs within the budget", ({ name }) => {
    const isVariable = ["x86_64", "i386"].includes(name);
    const sizes = measured.get(name);
    expect(sizes?.absolute).toBeLessThanOrEqual(isVariable ? 144 : 256);
    expect(sizes?.beside).toBeLessThanOrEqual(isVariable ? 192 : 320);
  });

  // With 1024 bytes before it a loader of 4 KB is in two pages of the sidecar, whose second then has 3 KB for paths: what a
  // start costs in pages is the same for any loader of up to that size. The code alone is for whoever reads it.
  it("of x86_64 have a loader of 2.9 KB, 4 KB with all that it can say", () => {
    const sizes = measured.get("x86_64");
    expect(sizes?.code).toBeLessThanOrEqual(2984);
    expect(sizes?.loader).toBeLessThanOrEqual(4096);
  });

  it("of x86_64 have each function that counts as a message", () => {
    const elf = parseElf(bufferSource(readFileSync(fileURLToPath(new URL("build/native/x86_64/loader.elf", root)))));
    expect([...functionSizes(elf).keys()]).toEqual(expect.arrayContaining(messageFunctions));
  });
});
