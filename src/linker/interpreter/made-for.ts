// Which C library a file was made for: another one's dynamic linker maps it all the same, and the program ends at the first
// symbol that is not there.

import type { ElfFile } from "../../elf/elf-file.ts";
import { unlessDamaged } from "../../elf/optional-parts.ts";
import type { ObjectFacts } from "../load/object-facts.ts";
import type { CLibrary } from "./interpreter.ts";

/** bionic is Android's. */
export type MadeFor = CLibrary | "bionic";

/** glibc's names: all have a number, musl's have none. Source: glibc shlib-versions. */
const glibcName = /^(?:libc|libm|ld(?:64|-linux.*)?)\.so\.\d/;

/** A linker's own -lc against musl records libc.so, as bionic's does, Alpine's the other name. */
const muslName = /^(?:libc\.so$|libc\.musl-|ld-musl-)/;

/**
 * What its needed entries and the versions that it wants say; undefined where they say nothing, as of a library that
 * needs no C library. Source: Android NDK, libc.map.txt, for the version LIBC.
 */
export function madeFor({ needed, versionNeeds }: Pick<ObjectFacts, "needed" | "versionNeeds">): MadeFor | undefined {
  return saidBy(needed, () => versionNeeds);
}

/** Of most files the needed entries say it, and their versions are not read. */
function saidBy(needed: readonly string[], versionNeeds: () => ObjectFacts["versionNeeds"]): MadeFor | undefined {
  if (needed.some((name) => glibcName.test(name))) return "glibc";
  const versions = versionNeeds().map(({ version }) => version);
  if (versions.some((version) => version.startsWith("GLIBC_"))) return "glibc";
  if (versions.includes("LIBC")) return "bionic";
  return needed.some((name) => muslName.test(name)) ? "musl" : undefined;
}

/**
 * The same of an executable or library that is at hand. An executable names an interpreter, which is glibc's unless
 * something says otherwise. Throws ElfError for a damaged dynamic array.
 */
export function madeForBy(elf: ElfFile): MadeFor | undefined {
  const interpreter = elf.interpreter();
  if (interpreter !== undefined && /(?:^|\/)ld-musl-/.test(interpreter)) return "musl";
  const made = saidBy(elf.dynamic()?.needed ?? [], () => unlessDamaged(elf.versionNeeds, []));
  return made ?? (interpreter === undefined ? undefined : "glibc");
}
