// Which files can be loaded into one process, as glibc's and musl's linkers decide it.

import { ELFOSABI_GNU, ELFOSABI_SYSV, EM_RISCV, ET_DYN, ET_EXEC } from "../../elf/constants.ts";
import type { ElfIdentity, FileHeader } from "../../elf/elf-file.ts";
import type { RejectionReason } from "../solve/library-issue.ts";

/** Why a file is not loaded. `stopsLoad`: ld.so gives up then, instead of going on to the next directory. */
export interface Refusal {
  readonly reason: RejectionReason;
  readonly stopsLoad: boolean;
}

/** EF_RISCV_FLOAT_ABI and EF_RISCV_RVE: what must be equal for one process. Source: RISC-V ELF psABI, e_flags. */
const riscvAbiFlags = 0xe;

/**
 * Why an ELF file with this header is not loaded by a process of the `wanted` identity; undefined when it is. Another
 * class or machine sends ld.so to the next directory; another byte order or OS ABI, or a type other than ET_DYN,
 * ends the program's start.
 * Source: glibc elf/dl-load.c, open_verify and _dl_map_object_from_fd; sysdeps/gnu/ldsodefs.h, VALID_ELF_OSABI.
 */
export function refusalOf(wanted: ElfIdentity & { readonly flags?: number }, found: FileHeader): Refusal | undefined {
  if (found.elfClass !== wanted.elfClass) return { reason: "wrong-class", stopsLoad: false };
  if (found.byteOrder !== wanted.byteOrder) return { reason: "wrong-machine", stopsLoad: true };
  if (!isLinuxAbi(found.osAbi)) return { reason: "wrong-machine", stopsLoad: true };
  if (found.machine !== wanted.machine) return { reason: "wrong-machine", stopsLoad: false };
  if (
    found.machine === EM_RISCV &&
    wanted.flags !== undefined &&
    ((found.flags ^ wanted.flags) & riscvAbiFlags) !== 0
  ) {
    return { reason: "wrong-machine", stopsLoad: false };
  }
  if (found.type === ET_EXEC) return { reason: "executable", stopsLoad: true };
  if (found.type !== ET_DYN) return { reason: "damaged", stopsLoad: true };
  return undefined;
}

/** The two values of EI_OSABI that Linux programs have: System V and GNU. */
export function isLinuxAbi(osAbi: number): boolean {
  return osAbi === ELFOSABI_SYSV || osAbi === ELFOSABI_GNU;
}
