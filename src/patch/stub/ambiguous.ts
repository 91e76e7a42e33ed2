// Executables of which nobody could say, once they are wrapped, what they were.

import { PT_LOAD, PT_NULL } from "../../elf/constants.ts";
import type { ElfFile, ProgramHeader } from "../../elf/elf-file.ts";
import { ElfError } from "../../elf/error.ts";
import type { Placement } from "../file-plan.ts";

/**
 * The sidecar knows the cleared header by its place and size, and the saved bytes by their address. Throws ElfError where
 * another header without a type has both, or another segment has that address: nobody could tell later what is meant.
 */
export function refuseAmbiguous(
  elf: ElfFile,
  { offset, fileSize }: ProgramHeader,
  segment: ProgramHeader,
  { savedAddress, savedSize }: Placement,
): void {
  const refuse = ({ index, headerOffset }: ProgramHeader, field: string, value: bigint, expected: string): never => {
    const what = `program header ${index}`;
    throw new ElfError({ kind: "bad-value", what, field, offset: headerOffset, value, expected });
  };
  for (const other of elf.programHeaders) {
    if (other.type === PT_NULL && other.offset === offset && other.fileSize === fileSize) {
      refuse(other, "p_offset", BigInt(offset), "another place than PT_INTERP's");
    }
    const isOver =
      other.type === PT_LOAD &&
      other !== segment &&
      other.virtualAddress < savedAddress + BigInt(savedSize) &&
      other.virtualAddress + other.memorySize > savedAddress;
    if (isOver) refuse(other, "p_vaddr", other.virtualAddress, "an address apart from the entry point's segment");
  }
}
