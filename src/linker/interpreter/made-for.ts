// Which C library a shared library was made for: another one's dynamic linker maps it all the same, and the program ends
// at the first symbol that is not there.

import type { ObjectFacts } from "../load/object-facts.ts";
import type { CLibrary } from "./interpreter.ts";

/** bionic is Android's. */
export type MadeFor = CLibrary | "bionic";

/**
 * What its needed entries and the versions that it wants say; undefined where they say nothing, as of a library that
 * needs no C library. Source: glibc shlib-versions, for the names; Android NDK, libc.map.txt, for the version LIBC.
 */
export function madeFor({ needed, versionNeeds }: Pick<ObjectFacts, "needed" | "versionNeeds">): MadeFor | undefined {
  if (needed.some((name) => name === "libc.so.6" || /^ld(?:64|-linux.*)?\.so\.\d+$/.test(name))) return "glibc";
  if (versionNeeds.some(({ version }) => version.startsWith("GLIBC_"))) return "glibc";
  if (versionNeeds.some(({ version }) => version === "LIBC")) return "bionic";
  const isMusl = needed.some((name) => name === "libc.so" || /^(?:libc\.musl|ld-musl)-/.test(name));
  return isMusl ? "musl" : undefined;
}
