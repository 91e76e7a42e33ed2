// A position-independent executable and a shared library are both ET_DYN, and both may have an interpreter, an entry
// point and a soname. A stub in a library would overwrite code that its users call, so the decision has to be right.

import { DF_1_PIE, DT_DEBUG, ET_EXEC } from "../../elf/constants.ts";
import type { ElfFile } from "../../elf/elf-file.ts";

export type ElfRole =
  | { readonly kind: "executable" }
  /** `why` is what the decision was read off. */
  | { readonly kind: "library"; readonly why: string };

/** A file name as libraries have it: libfoo.so, libfoo.so.1.2, addon.node. */
export const libraryName = /\.(so(\.[0-9A-Za-z_-]+)*|node)$/;

/**
 * What the file is, by the strongest sign first. `name` is its base name. Throws ElfError.
 *
 * 1. ET_EXEC: an executable.
 * 2. DF_1_PIE: an executable; glibc refuses to load one as a library (since 2.30). GNU ld sets it since 2.26, lld
 *    since 7, so older executables lack it.
 * 3. e_entry 0: a library.
 * 4. DT_SONAME: a library, unless its name is no library's and it has a DT_DEBUG, which link editors give to
 *    executables only. Source: binutils bfd/elflink.c, bfd_elf_size_dynamic_sections; lld ELF/SyntheticSections.cpp.
 * 5. A name like libfoo.so.1: a library.
 */
export function roleOf(elf: ElfFile, name: string): ElfRole {
  if (elf.header.type === ET_EXEC) return { kind: "executable" };
  const dynamic = elf.dynamic();
  const flags1 = dynamic?.flags1 ?? 0n;
  if ((flags1 & DF_1_PIE) !== 0n) return { kind: "executable" };
  if (elf.header.entry === 0n) return { kind: "library", why: "no entry point" };
  const soname = dynamic?.soname;
  const hasLibraryName = libraryName.test(name);
  if (soname !== undefined) {
    const isLinkedAsExecutable = dynamic?.entries.some(({ tag }) => tag === DT_DEBUG) ?? false;
    if (isLinkedAsExecutable && !hasLibraryName) return { kind: "executable" };
    return { kind: "library", why: `soname ${soname}, no DF_1_PIE` };
  }
  if (hasLibraryName) return { kind: "library", why: "its name, no DF_1_PIE" };
  return { kind: "executable" };
}
