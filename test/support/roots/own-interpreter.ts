// An interpreter of our own that starts a program with a changed auxiliary vector, for what this machine's kernel never
// says.

import { readFileSync, writeFileSync } from "node:fs";
import { recordsOf, writerOf } from "../../../src/elf/codec.ts";
import { PT_GNU_STACK, PT_INTERP } from "../../../src/elf/constants.ts";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { compile, type Source } from "../compiled/compile.ts";
import { buildGreeting, type Greeting } from "../compiled/greeting.ts";
import { forMachine, type Machine, runOn } from "../compiled/machines.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { type Ran, wrapBuddy } from "./sandbox.ts";
import { hostPath } from "./store.ts";

/** Calls prepare with the stack pointer at process entry, and jumps to what it returns with registers as the kernel's. */
const starts: { readonly [name in Machine["name"]]: string } = {
  x86_64: "mov %rsp, %rdi; call prepare; xor %edx, %edx; jmp *%rax",
  i386: "push %esp; call prepare; add $4, %esp; xor %edx, %edx; jmp *%eax",
  aarch64: "mov x0, sp; bl prepare; mov x16, x0; mov x0, #0; br x16",
  arm: "mov r0, sp; bl prepare; mov r12, r0; mov r0, #0; bx r12",
  riscv64: "mv a0, sp; call prepare; mv t0, a0; li a0, 0; jr t0",
  powerpc64le:
    "mr 3, 1; stdu 1, -112(1); bl prepare; nop; addi 1, 1, 112; mr 12, 3; mtctr 12; li 4, 0; li 6, 0; li 7, 0; bctr",
  s390x: "lgr %r2, %r15; aghi %r15, -160; brasl %r14, prepare; aghi %r15, 160; lghi %r14, 0; br %r2",
  loongarch64: "move $a0, $sp; bl prepare; move $t0, $a0; move $a0, $zero; jr $t0",
};

/** An auxiliary vector's entries by type, and C expressions for their new values; `entry` and `headers` are the old ones. */
export type AuxiliaryValues = { readonly [type: number]: string };

function interpreterSource({ name }: Machine, values: AuxiliaryValues): string {
  const changes = Object.entries(values).map(([type, value]) => `if (*at == ${type}) at[1] = ${value};`);
  return `
__asm__(".text\\n.globl begin\\nbegin: ${starts[name].replaceAll(";", "\\n")}\\n");
typedef __UINTPTR_TYPE__ word;
__attribute__((visibility("hidden"), used)) word prepare(word *at) {
  word entry = 0, headers = 0;
  at += *at + 2;
  while (*at++) ;
  for (word *one = at; *one; one += 2) {
    if (*one == 3) headers = one[1];
    if (*one == 9) entry = one[1];
  }
  for (; *at; at += 2) {
    ${changes.join("\n    ")}
  }
  return entry;
}
`;
}

const ownInterpreter = "/begin";

/**
 * A wrapped program that names our interpreter by a program header that nobody misses, PT_GNU_STACK; the one that was
 * PT_INTERP stays cleared.
 */
export async function buildWithOwnInterpreter(
  machine: Machine,
  args: readonly string[] = [],
  build: (machine: Machine, source: Source) => Source = forMachine,
  flags: readonly string[] = [],
): Promise<Greeting> {
  const greeting = await buildGreeting(machine, (source) => build(machine, { ...source, flags: ["-O2", ...flags] }));
  const { store, path, glibc, library } = greeting;
  const file = hostPath(store, path);
  const { header, programHeaders } = parseElf(bufferSource(readFileSync(file)));
  const former = programHeaders.find(({ type }) => type === PT_INTERP);
  const stack = programHeaders.find(({ type }) => type === PT_GNU_STACK);
  if (former === undefined || stack === undefined) throw new Error(`${path} lacks a program header`);
  const ran = await wrapBuddy(store, [path, "--interpreter", glibc.interpreter, "--libs", library, ...args]);
  if (ran.exitCode !== 0) throw new Error(ran.stderr);
  const wrapped = readFileSync(file);
  const record = recordsOf(header).programHeader;
  // Its address, too: a dynamic linker takes its own name from the last one.
  wrapped.copyWithin(stack.headerOffset, former.headerOffset, former.headerOffset + record.size);
  const write = writerOf(header, wrapped);
  write.u32(stack.headerOffset, PT_INTERP);
  write.word(stack.headerOffset + (header.elfClass === 64 ? 8 : 4), BigInt(wrapped.length));
  write.word(stack.headerOffset + (header.elfClass === 64 ? 32 : 16), BigInt(ownInterpreter.length + 1));
  writeFileSync(file, Buffer.concat([wrapped, Buffer.from(`${ownInterpreter}\0`)]));
  return greeting;
}

/** Starts it with `values` in its auxiliary vector, and the loader's trace. */
export async function startWith({ machine, store, path }: Greeting, values: AuxiliaryValues): Promise<Ran> {
  const interpreter = await compile(
    `${temporaryDirectory()}/begin`,
    forMachine(machine, {
      files: { "begin.c": interpreterSource(machine, values) },
      // Debian's compiler for arm makes Thumb code: the assembly is ARM code.
      flags: [
        ...["-O2", "-shared", "-fPIC", "-nostdlib", "-ffreestanding", "-fno-stack-protector", "-Wl,-e,begin"],
        ...(machine.name === "arm" ? ["-marm"] : []),
      ],
    }),
  );
  return runOn(machine, store, [path], {
    binds: [[interpreter, ownInterpreter]],
    environment: { WRAP_BUDDY_TRACE: "1", GREETING: "hi" },
  });
}
