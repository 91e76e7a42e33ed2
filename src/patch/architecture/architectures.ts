// The architectures there are blobs for: one row each. What the code for one looks like is native/'s business; here
// stands only what the patcher has to know to place it.

import {
  EM_386,
  EM_AARCH64,
  EM_ARM,
  EM_LOONGARCH,
  EM_PPC64,
  EM_RISCV,
  EM_S390,
  EM_X86_64,
} from "../../elf/constants.ts";
import type { ElfIdentity } from "../../elf/elf-file.ts";
import {
  jumpAarch64,
  jumpArm,
  jumpLoongarch64,
  jumpPowerpc64,
  jumpRiscv64,
  jumpS390x,
  jumpThumb,
  jumpX86,
} from "./jumps.ts";

/** What depends on the state in which the processor comes to the entry point. */
export interface EntryState {
  /** What the names of the stub blobs end with. */
  readonly stubSuffix: "" | "-thumb";
  /** Addresses that an instruction may begin at: a multiple of this, bytes. */
  readonly codeAlign: number;
  /** Size of a jump that stands at the entry point when the stub is elsewhere, bytes. */
  readonly jumpSize: number;
  /** The jump's bytes, `distance` bytes from its first byte to its target; undefined when it does not reach. */
  readonly encodeJump: (distance: number) => Uint8Array | undefined;
}

/** As an `EntryState`, it is the one without `entryFlags`. */
export interface Architecture extends EntryState {
  /** The blobs' folder, as the kernel and Debian name it. */
  readonly name: string;
  readonly machine: number;
  readonly elfClass: ElfIdentity["elfClass"];
  readonly byteOrder: ElfIdentity["byteOrder"];
  /** Bits of e_entry that say something else than the address: on arm bit 0, Thumb. */
  readonly entryFlags: bigint;
  /** The state at an entry point that has an entry flag. */
  readonly flaggedState?: EntryState;
  /** The stub looks for its parameters at the next multiple of this after the path, bytes. */
  readonly parameterAlign: number;
  /**
   * The loader's first byte stands at 1024 plus a multiple of this in every file, bytes: a multiple of the page where its
   * code has addresses by page.
   */
  readonly loaderAlign: number;
}

/** All that there are stubs for. The table of machines in native/README.md is made of it. */
export const architectures: readonly Architecture[] = [
  {
    name: "x86_64",
    machine: EM_X86_64,
    elfClass: 64,
    byteOrder: "little",
    entryFlags: 0n,
    parameterAlign: 1,
    loaderAlign: 64,
    stubSuffix: "",
    codeAlign: 1,
    jumpSize: 5,
    encodeJump: jumpX86,
  },
  {
    name: "i386",
    machine: EM_386,
    elfClass: 32,
    byteOrder: "little",
    entryFlags: 0n,
    parameterAlign: 1,
    loaderAlign: 64,
    stubSuffix: "",
    codeAlign: 1,
    jumpSize: 5,
    encodeJump: jumpX86,
  },
  {
    name: "aarch64",
    machine: EM_AARCH64,
    elfClass: 64,
    byteOrder: "little",
    entryFlags: 0n,
    parameterAlign: 8,
    loaderAlign: 64,
    stubSuffix: "",
    codeAlign: 4,
    jumpSize: 8,
    encodeJump: jumpAarch64,
  },
  {
    name: "arm",
    machine: EM_ARM,
    elfClass: 32,
    byteOrder: "little",
    entryFlags: 1n,
    flaggedState: { stubSuffix: "-thumb", codeAlign: 2, jumpSize: 4, encodeJump: jumpThumb },
    parameterAlign: 4,
    loaderAlign: 64,
    stubSuffix: "",
    codeAlign: 4,
    jumpSize: 4,
    encodeJump: jumpArm,
  },
  {
    name: "riscv64",
    machine: EM_RISCV,
    elfClass: 64,
    byteOrder: "little",
    entryFlags: 0n,
    parameterAlign: 8,
    loaderAlign: 64,
    stubSuffix: "",
    codeAlign: 2,
    jumpSize: 4,
    encodeJump: jumpRiscv64,
  },
  {
    name: "powerpc64le",
    machine: EM_PPC64,
    elfClass: 64,
    byteOrder: "little",
    entryFlags: 0n,
    parameterAlign: 1,
    loaderAlign: 64,
    stubSuffix: "",
    codeAlign: 4,
    jumpSize: 4,
    encodeJump: jumpPowerpc64,
  },
  {
    name: "s390x",
    machine: EM_S390,
    elfClass: 64,
    byteOrder: "big",
    entryFlags: 0n,
    parameterAlign: 8,
    loaderAlign: 64,
    stubSuffix: "",
    codeAlign: 2,
    jumpSize: 6,
    encodeJump: jumpS390x,
  },
  {
    name: "loongarch64",
    machine: EM_LOONGARCH,
    elfClass: 64,
    byteOrder: "little",
    entryFlags: 0n,
    parameterAlign: 8,
    loaderAlign: 4096,
    stubSuffix: "",
    codeAlign: 4,
    jumpSize: 4,
    encodeJump: jumpLoongarch64,
  },
];

/** The architecture of an ELF file; undefined when there are no blobs for it. */
export function architectureOf(
  identity: Pick<ElfIdentity, "machine" | "elfClass" | "byteOrder">,
): Architecture | undefined {
  return architectures.find(
    (row) =>
      row.machine === identity.machine && row.elfClass === identity.elfClass && row.byteOrder === identity.byteOrder,
  );
}

/** The state in which the processor comes to `entry`, an e_entry. */
export function entryStateOf(architecture: Architecture, entry: bigint): EntryState {
  const { entryFlags, flaggedState } = architecture;
  return flaggedState !== undefined && (entry & entryFlags) !== 0n ? flaggedState : architecture;
}
