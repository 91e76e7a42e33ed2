// PT_INTERP: the path of the dynamic linker that the kernel starts for the file.

import { textOfBytes } from "../base/text.ts";
import { PT_INTERP } from "./constants.ts";
import type { ByteSource, ProgramHeader } from "./elf-file.ts";
import { ElfError } from "./error.ts";

/** The kernel's limit, PATH_MAX, with the NUL. Source: Linux fs/binfmt_elf.c, load_elf_binary. */
export const largestInterpreterSize = 4096;

/**
 * The string of the first PT_INTERP, which is the one that the kernel takes, up to its first NUL; undefined when there
 * is none. Throws ElfError where the kernel refuses the file: p_filesz below 2 or above 4096, or no NUL at the end.
 */
export function readInterpreter(source: ByteSource, programHeaders: readonly ProgramHeader[]): string | undefined {
  const header = programHeaders.find(({ type }) => type === PT_INTERP);
  if (header === undefined) return undefined;
  const size = header.fileSize;
  if (size < 2 || size > largestInterpreterSize) {
    throw new ElfError({
      kind: "bad-value",
      what: `program header ${header.index} (PT_INTERP)`,
      field: "p_filesz",
      offset: header.headerOffset,
      value: BigInt(size),
      expected: `2 to ${largestInterpreterSize}`,
    });
  }
  const bytes = source.read(header.offset, size, "PT_INTERP");
  if (bytes[size - 1] !== 0) throw new ElfError({ kind: "bad-string", what: "PT_INTERP", offset: header.offset });
  return textOfBytes(bytes.subarray(0, bytes.indexOf(0)));
}
