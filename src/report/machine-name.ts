// Names of machines, for messages only: what can be patched is not decided here.

// Source: System V gABI chapter 4, e_machine; Linux include/uapi/linux/elf-em.h.
const names: ReadonlyMap<number, string> = new Map([
  [2, "sparc"],
  [3, "i386"],
  [4, "m68k"],
  [8, "mips"],
  [15, "parisc"],
  [18, "sparc32plus"],
  [20, "powerpc"],
  [21, "powerpc64"],
  [22, "s390x"],
  [40, "arm"],
  [42, "sh"],
  [43, "sparcv9"],
  [50, "ia64"],
  [62, "x86_64"],
  [83, "avr"],
  [94, "xtensa"],
  [105, "msp430"],
  [164, "hexagon"],
  [183, "aarch64"],
  [190, "cuda"],
  [195, "arc"],
  [224, "amdgpu"],
  [243, "riscv"],
  [247, "bpf"],
  [252, "csky"],
  [258, "loongarch"],
  [0x9026, "alpha"],
]);

/** "x86_64" for 62; "machine 4660" for a number without a name here. */
export function showMachine(machine: number): string {
  return names.get(machine) ?? `machine ${machine}`;
}
