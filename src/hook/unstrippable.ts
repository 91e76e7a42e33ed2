// The executables in the outputs that strip must not touch, as patterns for stripExclude.

import { closeSync, openSync } from "node:fs";
import { systemPath } from "../base/path.ts";
import { errorCode } from "../base/system-error.ts";
import { ET_DYN, ET_EXEC } from "../elf/constants.ts";
import { ElfError } from "../elf/error.ts";
import { parseElf } from "../elf/parse-elf.ts";
import { bytesOutsideSections } from "../elf/payload.ts";
import { fileSource } from "../elf/source.ts";
import { discover } from "../files/discover.ts";

export interface UnstrippableFile {
  readonly path: string;
  /**
   * For stripExclude: the path below the output, every character meant as it is. Source: nixpkgs
   * pkgs/build-support/setup-hooks/strip.sh, `find -wholename "$prefix/$pattern"`.
   */
  readonly pattern: string;
  /** Bytes outside its sections. */
  readonly bytes: number;
}

/** Looks at every ELF file in the outputs' directories. Files that cannot be read or parsed are not in the list. */
export function findUnstrippable(directories: readonly string[]): readonly UnstrippableFile[] {
  const { candidates } = discover(directories, { recurse: true, exclude: [] });
  return candidates.flatMap(({ path, relativePath, size }) => {
    const bytes = outsideSections(path, size);
    return bytes > 0 ? [{ path, pattern: relativePath.replace(/[\\*?[]/g, "\\$&"), bytes }] : [];
  });
}

function outsideSections(path: string, size: number): number {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(systemPath(path), "r");
    const elf = parseElf(fileSource(descriptor, size));
    return elf.header.type === ET_EXEC || elf.header.type === ET_DYN ? bytesOutsideSections(elf) : 0;
  } catch (error) {
    // What cannot be read here is not for strip either.
    if (error instanceof ElfError || errorCode(error) !== undefined) return 0;
    throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
