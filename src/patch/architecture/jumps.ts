// The jump that stands at an entry point when the stub is elsewhere: one encoder an architecture.
//
// Each takes the distance in bytes from the jump's first byte to its target, and gives the jump's bytes in the
// architecture's byte order, or undefined where the distance does not fit.

/** jmp rel32. Source: Intel SDM vol. 2, JMP: the distance counts from the next instruction. */
export function jumpX86(distance: number): Uint8Array | undefined {
  const relative = distance - 5;
  if (relative < -0x8000_0000 || relative > 0x7fff_ffff) return undefined;
  const bytes = new Uint8Array(5);
  bytes[0] = 0xe9;
  new DataView(bytes.buffer).setInt32(1, relative, true);
  return bytes;
}

/** bti c, then b imm26: the kernel may enter pages with branch target protection. Source: Arm ARM, C6.2 (B, BTI). */
export function jumpAarch64(distance: number): Uint8Array | undefined {
  const relative = distance - 4;
  if (relative % 4 !== 0 || Math.abs(relative) >= 0x800_0000) return undefined;
  return words(0xd503_245f, 0x1400_0000 | ((relative >> 2) & 0x03ff_ffff));
}

/** b imm24. Source: Arm ARM (ARMv7-A), A8.8.18, encoding A1: the distance counts from eight bytes on. */
export function jumpArm(distance: number): Uint8Array | undefined {
  const relative = distance - 8;
  if (relative % 4 !== 0 || Math.abs(relative) >= 0x200_0000) return undefined;
  return words(0xea00_0000 | ((relative >> 2) & 0x00ff_ffff));
}

/**
 * bl imm22 in Thumb state, as ARMv6 has it: b reaches only 2 KB, and the link register means nothing at process entry.
 * Source: Arm ARM (ARMv7-A), A8.8.25, encoding T1 with J1 and J2 set: the distance counts from four bytes on.
 */
export function jumpThumb(distance: number): Uint8Array | undefined {
  const relative = distance - 4;
  if (relative % 2 !== 0 || Math.abs(relative) >= 0x40_0000) return undefined;
  const first = 0xf000 | ((relative >> 12) & 0x7ff);
  const second = 0xf800 | ((relative >> 1) & 0x7ff);
  return words(first | (second << 16));
}

/** jal x0. Source: RISC-V unprivileged ISA, 2.5.1: imm[20|10:1|11|19:12]. */
export function jumpRiscv64(distance: number): Uint8Array | undefined {
  if (distance % 2 !== 0 || Math.abs(distance) >= 0x10_0000) return undefined;
  const bits = (from: number, count: number, to: number) => ((distance >> from) & ((1 << count) - 1)) << to;
  return words(0x6f | bits(20, 1, 31) | bits(1, 10, 21) | bits(11, 1, 20) | bits(12, 8, 12));
}

/** b. Source: Power ISA 3.0B, book I 2.4. */
export function jumpPowerpc64(distance: number): Uint8Array | undefined {
  if (distance % 4 !== 0 || Math.abs(distance) >= 0x200_0000) return undefined;
  return words(0x4800_0000 | (distance & 0x03ff_fffc));
}

/** brcl 15. Source: z/Architecture Principles of Operation, BRANCH RELATIVE ON CONDITION LONG: halfwords. */
export function jumpS390x(distance: number): Uint8Array | undefined {
  if (distance % 2 !== 0 || Math.abs(distance) > 0x7fff_ffff) return undefined;
  const bytes = new Uint8Array(6);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xc0f4, false);
  view.setInt32(2, distance / 2, false);
  return bytes;
}

/** b offs26. Source: LoongArch Reference Manual vol. 1, 2.2.5.3: offs[15:0] stands above offs[25:16]. */
export function jumpLoongarch64(distance: number): Uint8Array | undefined {
  if (distance % 4 !== 0 || Math.abs(distance) >= 0x800_0000) return undefined;
  const offset = distance >> 2;
  return words(0x5000_0000 | ((offset & 0xffff) << 10) | ((offset >> 16) & 0x3ff));
}

/** Instructions of four bytes, little-endian. */
function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setUint32(4 * index, value >>> 0, true);
  return bytes;
}
