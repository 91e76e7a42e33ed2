// What a dynamic linker searches by itself, read from the linker.

import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { baseName, directoryOf, systemPath, withoutTrailingSlashes } from "../../base/path.ts";
import { unlessRefused } from "../../base/system-error.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { readableSections, unlessDamaged } from "../../elf/optional-parts.ts";

/**
 * The directories compiled into a glibc linker: "/lib/x86_64-linux-gnu" and three more for Debian's, its own directory
 * for one built by Nix. They stand in .rodata as one run of NUL-terminated strings, each with a slash at the end.
 * Without sections, the directory that it stands in. Source: glibc elf/dl-load.c, system_dirs; gen-trusted-dirs.awk.
 */
export function glibcDefaultDirectories(elf: ElfFile, path: string): readonly string[] {
  const section = readableSections(elf).find(({ name }) => name === ".rodata");
  if (section === undefined) return [directoryOf(path)];
  const bytes = unlessDamaged(() => elf.source.read(section.offset, section.size), new Uint8Array(0));
  const text = Buffer.from(bytes).toString("latin1");
  const runs = [...text.matchAll(/(?<=\0)(?:\/(?:[^\0\n]*\/)?lib[^\0\n]*\/\0)+/g)].map((match) => match[0]);
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), "");
  const directories = longest.split("\0").filter((directory) => directory !== "");
  return directories.length === 0 ? [directoryOf(path)] : directories.map(withoutTrailingSlashes);
}

/** musl's list without a path file. Source: musl ldso/dynlink.c, load_library. */
const muslBuiltIn = "/lib:/usr/local/lib:/usr/lib";

/**
 * The directories that a musl linker at `path` searches: the ones in PREFIX/etc/ld-musl-ARCHITECTURE.path, where PREFIX
 * is two levels up, or its built-in list.
 */
export function muslDefaultDirectories(path: string): readonly string[] {
  const prefix = directoryOf(directoryOf(path));
  const name = baseName(path).replace(/\.so.*$/, ".path");
  const file = `${prefix === "/" ? "" : prefix}/etc/${name}`;
  return readTextIfThere(file, muslBuiltIn)
    .split(/[:\n]/)
    .filter((directory) => directory.startsWith("/"));
}

function readTextIfThere(file: string, otherwise: string): string {
  return unlessRefused(() => readFileSync(systemPath(file), "utf8"), otherwise);
}

/**
 * What `$LIB` means to a linker with these default directories: its library directory's name below the prefix.
 * Source: glibc Makeconfig, slibdir; dl-load.c, DL_DST_LIB.
 */
export function libDirectoryName(defaultDirectories: readonly string[]): string {
  const first = defaultDirectories[0] ?? "/lib";
  return /^\/lib[^/]*(?:\/|$)/.test(first) ? first.slice(1) : baseName(first);
}
