// Executables of other systems that carry Linux's OS ABI, told by the interpreter that they name or by their notes.

import { viewOf } from "../../elf/codec.ts";
import { NT_GNU_ABI_TAG } from "../../elf/constants.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { readableNotes } from "../../elf/optional-parts.ts";

/** Where other systems keep their dynamic linkers. No C library of Linux uses these paths. */
const interpreterPatterns: readonly (readonly [pattern: RegExp, system: string])[] = [
  [/^\/(system|apex|data)\/.*\/linker[a-z0-9_]*$/, "Android"],
  [/\/ld-elf(32)?\.so\.[0-9]+$/, "FreeBSD"],
  [/\/ld\.elf_so(-[a-z0-9]+)?$/, "NetBSD"],
  [/^\/usr\/libexec\/ld\.so$/, "OpenBSD"],
  [/^\/usr\/lib\/(amd64\/|64\/)?ld\.so\.1$/, "Solaris"],
  [/^\/lib\/(amd64|64)\/ld\.so\.1$/, "Solaris"],
  [/^\/lib\/(ld\.so|ld-x86-64\.so\.1)$/, "Hurd"],
  [/^\/system\/runtime_loader$/, "Haiku"],
];

/** glibc's and musl's. Source: glibc, shlib-versions files; musl, Makefile, LDSO_PATHNAME. */
const linuxInterpreter = /\/ld-(linux|musl)[^/]*$/;

/** First word of a NT_GNU_ABI_TAG description; 0 is Linux. Source: Linux Standard Base, Core, "ABI note tag". */
const abiTagSystems: readonly string[] = ["Linux", "Hurd", "Solaris", "FreeBSD", "NetBSD", "Syllable", "NaCl"];

/** Note owners that mark another system's files. */
const noteOwners: ReadonlySet<string> = new Set(["Android", "FreeBSD", "NetBSD", "OpenBSD", "DragonFly"]);

/** The system that the file is for where that is not Linux; undefined otherwise. Throws ElfError. */
export function otherSystemOf(elf: ElfFile): string | undefined {
  const interpreter = elf.interpreter() ?? "";
  // Saves reading the notes of nearly every file.
  if (linuxInterpreter.test(interpreter)) return undefined;
  const named = interpreterPatterns.find(([pattern]) => pattern.test(interpreter));
  if (named !== undefined) return `${named[1]}, its interpreter is ${interpreter}`;
  for (const { name, type, description } of readableNotes(elf)) {
    if (noteOwners.has(name)) return `${name}, by its notes`;
    if (name !== "GNU" || type !== NT_GNU_ABI_TAG || description.length < 4) continue;
    const system = viewOf(elf.header, description).u32(0);
    if (system !== 0) return `${abiTagSystems[system] ?? `system ${system}`}, by its ABI tag`;
  }
  return undefined;
}
