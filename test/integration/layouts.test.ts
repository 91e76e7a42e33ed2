// Programs of every layout that linkers make: each does not start before, and does after.

import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { helloSource, lld, type Source } from "../support/compiled/compile.ts";
import { buildProgram, failsToStart, type Program, start, wrap } from "../support/compiled/program.ts";
import { mapElf } from "../support/elf/elf-fields.ts";
import { hostPath } from "../support/roots/store.ts";

/** Writes "hello" and exits by system calls: 44 bytes of code, 80 with what GNU ld adds. */
const assembly = `
	.globl _start
_start:
	mov $1, %eax
	mov $1, %edi
	lea text(%rip), %rsi
	mov $6, %edx
	syscall
	mov $60, %eax
	xor %edi, %edi
	syscall
	.fill 80 - (. - _start) - 6, 1, 0x90
text:	.ascii "hello\\n"
`;

/** The same in one page that is full, with the entry point in its last bytes: a jump to the rest. */
const atTheEnd = (jump: string): Source => ({
  files: {
    "hello.S": `${assembly.replace("_start:", "begin:").replace("(. - _start)", "(. - begin)")}
	.fill 4096 - (. - begin) - (2f - _start), 1, 0x90
_start:	${jump}
2:
`,
  },
  flags: ["-nostdlib", "-Wl,--dynamic-linker=/lib64/ld-linux-x86-64.so.2", "-pie"],
});

const layouts: { readonly [title: string]: Source } = {
  "a plain hello world of gcc -O2": { files: helloSource },
  "one without position independence": { files: helloSource, flags: ["-O2", "-no-pie"] },
  "one with code and headers in one segment": { files: helloSource, flags: ["-O2", "-Wl,-z,noseparate-code"] },
  "one without position independence and with one segment": {
    files: helloSource,
    flags: ["-O2", "-no-pie", "-Wl,-z,noseparate-code"],
  },
  "one with segments aligned to 64 KB": { files: helloSource, flags: ["-O2", "-Wl,-z,max-page-size=65536"] },
  "one with segments aligned to 2 MB": { files: helloSource, flags: ["-O2", "-Wl,-z,max-page-size=0x200000"] },
  "a stripped one": { files: helloSource, flags: ["-O2", "-s"] },
  "one linked by lld": { files: helloSource, ...lld },
  "one linked by lld without position independence": { files: helloSource, ...lld, flags: [...lld.flags, "-no-pie"] },
  "one linked by lld with read-only dynamic section": {
    files: helloSource,
    ...lld,
    flags: [...lld.flags, "-Wl,-z,rodynamic"],
  },
  "one linked by lld with segments on pages of their own": {
    files: helloSource,
    ...lld,
    flags: [...lld.flags, "-Wl,-z,separate-loadable-segments"],
  },
  "one whose calls are bound at once": { files: helloSource, flags: ["-O2", "-Wl,-z,now"] },
  "one that says DT_RPATH": { files: helloSource, flags: ["-O2", "-Wl,--disable-new-dtags,-rpath,/nonexistent"] },
  "one that says DT_RUNPATH": { files: helloSource, flags: ["-O2", "-Wl,--enable-new-dtags,-rpath,/nonexistent"] },
  "an assembly program of 80 bytes": {
    files: { "hello.S": assembly },
    flags: ["-nostdlib", "-Wl,--dynamic-linker=/lib64/ld-linux-x86-64.so.2", "-pie"],
  },
  "one whose entry point is the last of 64 bytes of code, with constants in front of them": {
    files: {
      "hello.S": `${assembly.replace("_start:", "begin:").replace(/\t\.fill.*\n/, "")}
	.fill 59 - (. - begin), 1, 0x90
_start:	.byte 0xe9; .long begin - 2f
2:
	.section .rodata
	.fill 400, 1, 1
`,
    },
    ...lld,
    flags: [
      ...["-nostdlib", "-pie", "-Wl,--no-rosegment", "-Wl,--dynamic-linker=/lib64/ld-linux-x86-64.so.2"],
      "--ld-path=/usr/bin/ld.lld-19",
    ],
  },
  "one whose entry point is the last 5 bytes of its segment": atTheEnd(".byte 0xe9; .long begin - 2f"),
};

/** Says so with the last 6 bytes of its own file. */
const readsItself: Source = {
  files: {
    "reads-itself.c": `
#include <stdio.h>
int main(void)
{
	char text[7] = "";
	FILE *self = fopen("/proc/self/exe", "r");
	if (!self || fseek(self, -6, SEEK_END) || fread(text, 1, 6, self) != 6) return 1;
	fputs(text, stdout);
	return 0;
}
`,
  },
};

describe("a program of any layout starts when it is wrapped:", () => {
  for (const [title, source] of Object.entries(layouts)) {
    it(title, async () => {
      const program = await buildProgram(source);
      expect(failsToStart(await start(program))).toBe(true);
      expect(await wrap(program)).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await start(program)).toEqual({ stdout: "hello\n", stderr: "", exitCode: 0 });
    });
  }

  const changed: readonly (readonly [title: string, source: Source, change: (file: string) => unknown])[] = [
    [
      "one without PT_PHDR",
      { files: helloSource, flags: ["-O2", "-no-pie"] },
      (file) => setField(file, /^PT_PHDR.*p_type$/, 0n),
    ],
    [
      "one whose entry point is in a writable segment",
      { files: helloSource },
      (file) => {
        const code = programHeaders(file).find(({ flags }) => flags === 5);
        setField(file, new RegExp(`\\[${code?.index}\\]\\.p_flags$`), 7n);
      },
    ],
    [
      "one whose PT_INTERP is in no loaded segment",
      { files: helloSource },
      (file) => {
        const bytes = readFileSync(file);
        const interpreter = programHeaders(file).find(({ type }) => type === 3);
        const { offset = 0, size = 0 } = interpreter ?? {};
        const path = bytes.subarray(offset, offset + size);
        writeFileSync(file, Buffer.concat([bytes, path]));
        setField(file, /^PT_INTERP.*p_offset$/, BigInt(bytes.length));
      },
    ],
    ["one whose program headers are at the end of the file", { files: helloSource }, moveHeadersToTheEnd],
    [
      "one with bytes after its end that it reads",
      readsItself,
      (file) => writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(1 << 20), Buffer.from("hello\n")])),
    ],
    [
      "one without section headers",
      { files: helloSource },
      (file) => {
        const [name] = mapElf(readFileSync(file)).fields.filter(({ group }) => group === "section header");
        for (const field of ["e_shoff", "e_shnum", "e_shstrndx"]) setField(file, new RegExp(`^ehdr.${field}$`), 0n);
        writeFileSync(file, readFileSync(file).subarray(0, name?.offset));
      },
    ],
  ];

  for (const [title, source, change] of changed) {
    it(title, async () => {
      const program = await buildProgram(source);
      await change(hostPath(program.store, program.path));
      const before = fileOf(program);
      expect(failsToStart(await start(program))).toBe(true);
      expect(await wrap(program)).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await start(program)).toEqual({ stdout: "hello\n", stderr: "", exitCode: 0 });
      expect(fileOf(program)).toHaveLength(before.length);
    });
  }

  it("not one whose entry point is the last 2 bytes of its segment, which have no room for a jump", async () => {
    const program = await buildProgram(atTheEnd("jmp 2f - 126"));
    const before = fileOf(program);
    const ran = await wrap(program);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toMatchInlineSnapshot(`
      "wrap-buddy: error: /nix/store/0123456789abcdfghijklmnpqrsvwxyz-tool/bin/program: no room for the stub: 222 bytes needed, 2 at the largest place in its executable segment
        help: it may have room in place: --form; or leave it out with --exclude
      "
    `);
    expect(fileOf(program)).toEqual(before);
  });

  it("not lld's compact layout of a tiny program, and says how much room there is", async () => {
    const program = await buildProgram({
      files: { "tiny.S": assembly },
      ...lld,
      flags: ["-nostdlib", "-Wl,--dynamic-linker=/lib64/ld-linux-x86-64.so.2", "-pie", "--ld-path=/usr/bin/ld.lld-19"],
    });
    const ran = await wrap(program);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toMatchInlineSnapshot(`
      "wrap-buddy: error: /nix/store/0123456789abcdfghijklmnpqrsvwxyz-tool/bin/program: no room for the stub: 222 bytes needed, 80 at the largest place in its executable segment
        help: it may have room in place: --form; or leave it out with --exclude
      "
    `);
    expect(failsToStart(await start(program))).toBe(true);
  });
});

const fileOf = ({ store, path }: Program): Buffer => readFileSync(hostPath(store, path));

/** The program headers of a file of this machine. */
function programHeaders(file: string) {
  const bytes = readFileSync(file);
  const { offset, count, size } = mapElf(bytes).programHeaders;
  return Array.from({ length: count }, (_, index) => {
    const at = offset + index * size;
    return {
      index,
      type: bytes.readUInt32LE(at),
      flags: bytes.readUInt32LE(at + 4),
      offset: Number(bytes.readBigUInt64LE(at + 8)),
      size: Number(bytes.readBigUInt64LE(at + 32)),
    };
  });
}

/** Sets the only field of that name. */
function setField(file: string, name: RegExp, value: bigint): void {
  const bytes = readFileSync(file);
  const fields = mapElf(bytes).fields.filter((field) => name.test(field.name));
  expect(fields).toHaveLength(1);
  for (const { offset, size } of fields) bytes.writeUIntLE(Number(value), offset, Math.min(size, 6));
  writeFileSync(file, bytes);
}

/** Moves the program headers after everything else, with one more that loads them, far from all others. */
function moveHeadersToTheEnd(file: string): void {
  const bytes = readFileSync(file);
  const { offset, count, size } = mapElf(bytes).programHeaders;
  const start = Math.ceil(bytes.length / 4096) * 4096;
  const address = 0x100_0000 + start;
  const own = bytes.subarray(offset, offset + count * size);
  const one = Buffer.alloc(size);
  // PT_LOAD, readable; p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_align.
  one.writeUInt32LE(1, 0);
  one.writeUInt32LE(4, 4);
  const numbers = [start, address, address, own.length + size, own.length + size, 4096];
  for (const [index, number] of numbers.entries()) one.writeUIntLE(number, 8 + 8 * index, 6);
  writeFileSync(file, Buffer.concat([bytes, Buffer.alloc(start - bytes.length), own, one]));
  setField(file, /^ehdr.e_phoff$/, BigInt(start));
  setField(file, /^ehdr.e_phnum$/, BigInt(count + 1));
  for (const field of ["p_vaddr", "p_paddr"]) setField(file, new RegExp(`^PT_PHDR.*${field}$`), BigInt(address));
  setField(file, /^PT_PHDR.*p_offset$/, BigInt(start));
  for (const field of ["p_filesz", "p_memsz"]) {
    setField(file, new RegExp(`^PT_PHDR.*${field}$`), BigInt(own.length + size));
  }
}
