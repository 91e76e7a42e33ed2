// Programs of every layout that linkers make: each does not start before, and does after.

import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { helloSource, lld, type Source } from "../support/compile.ts";
import { buildProgram, failsToStart, start, wrap } from "../support/program.ts";
import { hostPath } from "../support/store.ts";

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

  it("one without PT_PHDR", async () => {
    const program = await buildProgram({ files: helloSource, flags: ["-O2", "-no-pie"] });
    const file = hostPath(program.store, program.path);
    const bytes = readFileSync(file);
    // The first program header, right behind the file header of 64 bytes.
    expect(bytes.readUInt32LE(64)).toBe(6);
    bytes.writeUInt32LE(0, 64);
    writeFileSync(file, bytes);
    expect(failsToStart(await start(program))).toBe(true);
    expect(await wrap(program)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await start(program)).toEqual({ stdout: "hello\n", stderr: "", exitCode: 0 });
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
        help: leave it out with --exclude, and give it an interpreter with patchelf instead
      "
    `);
    expect(failsToStart(await start(program))).toBe(true);
  });
});
