// The architectures there are blobs for: one row each. What the code for one looks like is native/'s business; here
// stands only what the patcher has to know to place it.

import { EM_386, EM_AARCH64, EM_X86_64 } from "../elf/constants.ts";
import type { ElfIdentity } from "../elf/model.ts";

export interface Architecture {
  /** The blobs' folder, as the kernel and Debian name it. */
  readonly name: string;
  readonly machine: number;
  readonly elfClass: ElfIdentity["elfClass"];
  readonly byteOrder: ElfIdentity["byteOrder"];
  /** Bits of e_entry that say something else than the address: on arm bit 0, Thumb. */
  readonly entryFlags: bigint;
  /** Addresses that an instruction may begin at: a multiple of this, bytes. */
  readonly codeAlign: number;
  /** The stub looks for its parameters at the next multiple of this behind the path, bytes. */
  readonly parameterAlign: number;
  /** Size of a jump that stands at the entry point when the stub is elsewhere, bytes. */
  readonly jumpSize: number;
  /** The jump's bytes, `distance` bytes from its first byte to its target; undefined when it does not reach. */
  readonly encodeJump: (distance: number) => Uint8Array | undefined;
}

/** jmp rel32. Source: Intel SDM vol. 2, JMP: the distance counts from the next instruction. */
function jumpX86(distance: number): Uint8Array | undefined {
  const relative = distance - 5;
  if (relative < -0x8000_0000 || relative > 0x7fff_ffff) return undefined;
  const bytes = new Uint8Array(5);
  bytes[0] = 0xe9;
  new DataView(bytes.buffer).setInt32(1, relative, true);
  return bytes;
}

/** bti c, then b imm26: the kernel may enter pages with branch target protection. Source: Arm ARM, C6.2 (B, BTI). */
function jumpAarch64(distance: number): Uint8Array | undefined {
  const relative = distance - 4;
  if (relative % 4 !== 0 || Math.abs(relative) >= 0x800_0000) return undefined;
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xd503_245f, true);
  view.setUint32(4, (0x1400_0000 | ((relative >> 2) & 0x03ff_ffff)) >>> 0, true);
  return bytes;
}

export const architectures: readonly Architecture[] = [
  {
    name: "x86_64",
    machine: EM_X86_64,
    elfClass: 64,
    byteOrder: "little",
    entryFlags: 0n,
    codeAlign: 1,
    parameterAlign: 1,
    jumpSize: 5,
    encodeJump: jumpX86,
  },
  {
    name: "i386",
    machine: EM_386,
    elfClass: 32,
    byteOrder: "little",
    entryFlags: 0n,
    codeAlign: 1,
    parameterAlign: 1,
    jumpSize: 5,
    encodeJump: jumpX86,
  },
  {
    name: "aarch64",
    machine: EM_AARCH64,
    elfClass: 64,
    byteOrder: "little",
    entryFlags: 0n,
    codeAlign: 4,
    parameterAlign: 8,
    jumpSize: 8,
    encodeJump: jumpAarch64,
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
