// Executables of Linux that glibc's and musl's dynamic linkers cannot start: those of smaller C libraries.

import { baseName } from "../../base/path.ts";
import { PT_DYNAMIC } from "../../elf/constants.ts";
import type { ElfFile } from "../../elf/elf-file.ts";

/** Base names of their dynamic linkers. Source: klibc, usr/klibc/Kbuild; uClibc-ng, Rules.mak; dietlibc, FAQ. */
const interpreterNames: readonly (readonly [pattern: RegExp, library: string])[] = [
  [/^klibc-.*\.so$/, "klibc"],
  [/^ld(32|64)?-uClibc/, "uClibc"],
  [/^libdl\.so$/, "dietlibc"],
];

/**
 * What tells that the executable, which names `interpreter`, is of a C library that is neither glibc nor musl; undefined
 * where nothing does. Both read the executable's dynamic array, so one without is not for them.
 */
export function otherCLibraryOf(elf: ElfFile, interpreter: string): string | undefined {
  const name = baseName(interpreter);
  const named = interpreterNames.find(([pattern]) => pattern.test(name));
  if (named !== undefined) return `${named[1]}, its interpreter is ${interpreter}`;
  if (elf.programHeaders.some(({ type }) => type === PT_DYNAMIC)) return undefined;
  return `it has no dynamic array, its interpreter is ${interpreter}`;
}
