// What the loader does with interpreters that are laid out in unusual ways, and with files that are none.

import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { viewOf } from "../../../src/elf/codec.ts";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { compile, helloSource } from "../../support/compiled/compile.ts";
import { buildProgram, type Program, start, wrap } from "../../support/compiled/program.ts";
import { hostPath } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

let program: Program;
/** The interpreter's file on this machine. */
let file: string;
let original: Buffer;

beforeAll(async () => {
  program = await buildProgram({ files: helloSource });
  file = hostPath(program.store, program.glibc.interpreter);
  original = readFileSync(file);
  expect(await wrap(program)).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await start(program)).toEqual({ stdout: "hello\n", stderr: "", exitCode: 0 });
});

/** The sections of a stand-in interpreter, `bss` in a segment of its own. */
const scriptWith = (bss: string) => `
ENTRY(_start)
PHDRS { text PT_LOAD FILEHDR PHDRS; data PT_LOAD; bss PT_LOAD; dynamic PT_DYNAMIC; }
SECTIONS {
  . = SIZEOF_HEADERS;
  .text : { *(.text* .rodata*) } :text
  . = ALIGN(0x1000);
  .dynamic : { *(.dynamic) } :data :dynamic
  .data : { *(.data*) } :data
  ${bss}
  .bss : { *(.bss* COMMON) } :bss
  /DISCARD/ : { *(.eh_frame* .comment .note*) }
}`;

/** Compiles the stand-in and puts it in the interpreter's place; its program headers for the test to look at. */
async function standIn({
  flags = [],
  alignment = 1,
  script,
}: {
  flags?: string[];
  alignment?: number;
  script?: string;
}) {
  const source = readFileSync(new URL("../../fixtures/native/interpreter.c", import.meta.url), "utf8");
  const built = await compile(`${temporaryDirectory()}/interpreter`, {
    files: { "interpreter.c": source, ...(script === undefined ? {} : { "layout.ld": script }) },
    flags: ["-O1", "-shared", "-fPIC", "-nostdlib", "-fno-stack-protector", `-DALIGNMENT=${alignment}`, ...flags],
  });
  copyFileSync(built, file);
  chmodSync(file, 0o755);
  return parseElf(bufferSource(readFileSync(file))).programHeaders.filter(({ type }) => type === 1);
}

const found = {
  stdout: "data is there\nbss is zero\naligned\nwritten\n",
  stderr: "",
  exitCode: 0,
};

describe("an interpreter is mapped", () => {
  it("with zeros in all pages of its bss", async () => {
    const segments = await standIn({});
    expect(segments.some(({ memorySize, fileSize }) => memorySize > BigInt(fileSize + 100_000))).toBe(true);
    expect(await start(program)).toEqual(found);
  });

  it("with a segment that has no bytes in the file", async () => {
    const segments = await standIn({
      script: scriptWith(". = ALIGN(0x1000);"),
      flags: ["-Wl,-T,layout.ld"],
    });
    expect(segments.at(-1)).toMatchObject({ fileSize: 0 });
    expect(await start(program)).toEqual(found);
  });

  it("with such a segment in the page of the one before it", async () => {
    const segments = await standIn({ script: scriptWith(""), flags: ["-Wl,-T,layout.ld"] });
    const last = segments.at(-1);
    expect(last).toMatchObject({ fileSize: 0 });
    expect((last?.virtualAddress ?? 0n) % 0x1000n).not.toBe(0n);
    expect(await start(program)).toEqual(found);
  });

  it("at an address that its segments' alignment asks for, wherever the kernel puts it", async () => {
    const segments = await standIn({ alignment: 0x10000, flags: ["-Wl,-z,max-page-size=0x10000"] });
    expect(segments.map(({ align }) => align)).toContain(0x10000n);
    for (let i = 0; i < 8; i++) expect(await start(program)).toEqual(found);
  });
});

describe("in an interpreter's place", () => {
  const cases: { readonly [title: string]: () => Buffer } = {
    "an empty file": () => Buffer.alloc(0),
    "a file of 63 bytes": () => original.subarray(0, 63),
    "a text": () => Buffer.from("#!/bin/sh\n".repeat(100)),
    "one for another machine": () => readFileSync("/usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1"),
    "one of the other class": () => readFileSync("/usr/i686-linux-gnu/lib/ld-linux.so.2"),
    "one whose program headers lie beyond the first bytes": () => {
      const { header } = parseElf(bufferSource(original));
      const size = header.programHeaderCount * 56;
      const table = original.subarray(header.programHeaderOffset, header.programHeaderOffset + size);
      const moved = Buffer.concat([original, Buffer.alloc(-original.length & 7), table]);
      moved.writeBigUInt64LE(BigInt(moved.length - size), 32);
      return moved;
    },
    "one without segments": () => {
      const none = Buffer.from(original);
      none.writeUInt16LE(0, 56);
      return none;
    },
    "one whose segments overlap": () => {
      const { header, programHeaders } = parseElf(bufferSource(original));
      const overlapping = Buffer.from(original);
      const second = programHeaders.filter(({ type }) => type === 1)[1];
      overlapping.writeBigUInt64LE(0n, (second?.headerOffset ?? 0) + 16);
      expect(viewOf(header, overlapping).u32(second?.headerOffset ?? 0)).toBe(1);
      return overlapping;
    },
  };

  it.each(Object.entries(cases))("%s: a message with its path and 127", async (_, make) => {
    writeFileSync(file, make());
    expect(await start(program)).toEqual({
      stdout: "",
      stderr: `wrap-buddy: error: ${program.glibc.interpreter}: not a usable dynamic linker for this machine (error 8)\n`,
      exitCode: 127,
    });
  });

  it("nothing, or a directory: a message with its path and 127", async () => {
    rmSync(file);
    expect(await start(program)).toEqual({
      stdout: "",
      stderr: `wrap-buddy: error: ${program.glibc.interpreter}: cannot open (error 2)\n`,
      exitCode: 127,
    });
    mkdirSync(file);
    expect(await start(program)).toEqual({
      stdout: "",
      stderr: `wrap-buddy: error: ${program.glibc.interpreter}: cannot read (error 21)\n`,
      exitCode: 127,
    });
  });
});
