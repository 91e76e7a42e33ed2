// AT_SECURE: whoever can make a hard link to a privileged program would choose the directory of a sidecar that is looked
// for beside it. An interpreter of our own sets the flag and jumps to the entry point, where the stub stands.

import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { encodeU32 } from "../../../src/elf/codec.ts";
import { PT_INTERP } from "../../../src/elf/constants.ts";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { compile } from "../../support/compile.ts";
import { buildGreeting, type Greeting } from "../../support/greeting.ts";
import { forMachine, type Machine, machines, runOn } from "../../support/machines.ts";
import { wrapBuddy } from "../../support/sandbox.ts";
import { hostPath, packagePath } from "../../support/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

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

function interpreterSource(machine: Machine, isSecure: boolean): string {
  return `
__asm__(".text\\n.globl begin\\nbegin: ${starts[machine.name].replaceAll(";", "\\n")}\\n");
typedef __UINTPTR_TYPE__ word;
__attribute__((visibility("hidden"), used)) word prepare(word *at) {
  word entry = 0;
  at += *at + 2;
  while (*at++) ;
  for (; *at; at += 2) {
    if (*at == 23) at[1] = ${isSecure ? 1 : 0};
    if (*at == 9) entry = at[1];
  }
  return entry;
}
`;
}

const ownInterpreter = "/begin";

/** A program wrapped with the sidecar named beside it, by a run that was stopped before PT_INTERP was cleared. */
async function buildStopped(machine: Machine): Promise<Greeting> {
  const greeting = await buildGreeting(machine, (source) =>
    forMachine(machine, { ...source, flags: ["-O2", `-Wl,--dynamic-linker=${ownInterpreter}`] }),
  );
  const { store, path, glibc, library } = greeting;
  const file = hostPath(store, path);
  const elf = parseElf(bufferSource(readFileSync(file)));
  const header = elf.programHeaders.find(({ type }) => type === PT_INTERP);
  const options = ["--relocatable", "--interpreter", glibc.interpreter, "--libs", library];
  expect(await wrapBuddy(store, [path, ...options])).toMatchObject({ exitCode: 0, stderr: "" });
  const wrapped = readFileSync(file);
  wrapped.set(encodeU32(elf.header, PT_INTERP), header?.headerOffset ?? 0);
  writeFileSync(file, wrapped);
  return greeting;
}

async function startBy(greeting: Greeting, isSecure: boolean) {
  const { machine, store, path } = greeting;
  const interpreter = await compile(
    `${temporaryDirectory()}/begin`,
    forMachine(machine, {
      files: { "begin.c": interpreterSource(machine, isSecure) },
      // Debian's compiler for arm makes Thumb code: the assembly is ARM code.
      flags: [
        ...["-O2", "-shared", "-fPIC", "-nostdlib", "-ffreestanding", "-fno-stack-protector", "-Wl,-e,begin"],
        ...(machine.name === "arm" ? ["-marm"] : []),
      ],
    }),
  );
  return runOn(machine, store, [path], {
    binds: [[interpreter, ownInterpreter]],
    environment: { WRAP_BUDDY_TRACE: "1" },
  });
}

describe.each(machines)("a privileged program of $name", (machine) => {
  it("loads nothing from beside itself", async () => {
    const greeting = await buildStopped(machine);
    const ran = await startBy(greeting, true);
    expect(ran).toMatchObject({ exitCode: 127, stdout: "" });
    expect(ran.stderr).toMatch(
      new RegExp(`^(wrap-buddy: )?cannot load ${packagePath("greeting")}/bin/\\.greeting\\.wrapbuddy\\n$`),
    );
  });

  it("is one by AT_SECURE alone: without that the sidecar is loaded", async () => {
    const greeting = await buildStopped(machine);
    const ran = await startBy(greeting, false);
    expect(ran.stderr).toContain("started by a dynamic linker, jump to program at 0x");
  });
});
