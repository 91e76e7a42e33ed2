// The architectures as tests run them: a compiler, a qemu, and how Debian names them. One row each.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { repository } from "../repository.ts";
import { type Ran, runInStore, type SandboxOptions } from "../roots/sandbox.ts";
import type { GlibcName, Store } from "../roots/store.ts";
import { lld, type Source } from "./compile.ts";
import { emulator, emulatorPath } from "./emulator.ts";

const build = fileURLToPath(new URL("build/", repository));

export interface Machine {
  readonly name: GlibcName;
  /** Makes its programs, with GNU ld. */
  readonly compiler: string;
  /** What that compiler always gets. */
  readonly flags: readonly string[];
  /** clang's name of it. */
  readonly target: string;
  /** The same for clang with lld. */
  readonly lldFlags: readonly string[];
  /** Debian's directory for its libraries below /usr/lib. */
  readonly libraries: string;
  /** Assembly that jumps to _start and means the same at any address; its registers are those of process entry. */
  readonly jumpToStart: string;
  /** Page sizes beside 4096, bytes, that its kernels have and that a qemu offers for its C library's instructions. */
  readonly pageSizes: readonly number[];
}

/** A row for Debian's cross compiler. */
function gcc(
  name: GlibcName,
  triple: string,
  jumpToStart: string,
  rest: Partial<Pick<Machine, "libraries" | "pageSizes" | "target">> = {},
): Machine {
  const target = rest.target ?? triple;
  return {
    name,
    compiler: `${triple}-gcc`,
    flags: [],
    libraries: triple,
    jumpToStart,
    pageSizes: [],
    ...rest,
    target,
    lldFlags: [`--target=${target}`, "--ld-path=/usr/bin/ld.lld-19"],
  };
}

/** r12 has to hold the address of _start. Source: OpenPOWER ELF V2 ABI, 2.3.2.1. */
const jumpPowerpc64 = `
  bcl 20, 31, 1f
1: mflr 12
  addis 12, 12, (_start - 1b)@ha
  addi 12, 12, (_start - 1b)@l
  mtctr 12
  bctr`;

const loongarchRoot = `--sysroot=${build}debian/loongarch64`;

/** GNU ld of a newer Debian, for clang, of a machine that has a link to newer-ld.sh. */
export function newerLinker(name: "loongarch64" | "riscv64"): string {
  return `--ld-path=${fileURLToPath(new URL(`test/support/compiled/${name}-ld`, repository))}`;
}

export const machines: readonly Machine[] = [
  gcc("x86_64", "x86_64-linux-gnu", "jmp _start"),
  gcc("i386", "i686-linux-gnu", "jmp _start", { libraries: "i386-linux-gnu" }),
  gcc("aarch64", "aarch64-linux-gnu", "b _start", { pageSizes: [16384, 65536] }),
  gcc("arm", "arm-linux-gnueabihf", "b _start"),
  gcc("riscv64", "riscv64-linux-gnu", "tail _start"),
  gcc("powerpc64le", "powerpc64le-linux-gnu", jumpPowerpc64, { pageSizes: [65536] }),
  gcc("s390x", "s390x-linux-gnu", "jg _start"),
  {
    ...gcc("loongarch64", "loongarch64-linux-gnu", "b _start"),
    compiler: lld.compiler,
    flags: ["--target=loongarch64-linux-gnu", newerLinker("loongarch64"), loongarchRoot],
    lldFlags: ["--target=loongarch64-linux-gnu", "--ld-path=/usr/bin/ld.lld-19", loongarchRoot],
  },
];

/** A source compiled for the machine, linked by GNU ld. */
export function forMachine({ compiler, flags, name }: Machine, source: Source): Source {
  return { ...source, compiler, flags: [...flags, ...(source.flags ?? ["-O2"])], key: name };
}

/** The same, linked by lld: no spare entry in the dynamic array. */
export function forMachineWithLld({ lldFlags, name }: Machine, source: Source): Source {
  return { ...source, compiler: lld.compiler, flags: [...lldFlags, ...(source.flags ?? ["-O2"])], key: `lld ${name}` };
}

/** Where this machine keeps Debian's programs of an architecture; npm run setup fetches them. */
export function debianRoot(name: GlibcName, roots: "debian" | "debian-all" = "debian"): string {
  const root = `${build}${roots}/${name}`;
  if (!existsSync(`${root}/.packages`)) throw new Error(`${root} is missing: run npm run setup`);
  return root;
}

export interface EmulatorOptions extends SandboxOptions {
  /** Bytes in a page, when not 4096. */
  readonly pageSize?: number;
  /** Where qemu looks for an executable's own interpreter, in the sandbox; absent: nowhere. */
  readonly prefix?: string;
}

/** Starts a program of the store in a root that holds only the store and qemu. */
export function runOn(
  { name }: Pick<Machine, "name">,
  store: Store,
  command: readonly [string, ...string[]],
  { pageSize, prefix, ...options }: EmulatorOptions = {},
): Promise<Ran> {
  const binds = [[emulator(name, pageSize !== undefined), emulatorPath] as const, ...(options.binds ?? [])];
  const page = pageSize === undefined ? [] : ["-p", String(pageSize)];
  const root = prefix === undefined ? [] : ["-L", prefix];
  return runInStore(store, [emulatorPath, ...page, ...root, ...command], { ...options, binds });
}
