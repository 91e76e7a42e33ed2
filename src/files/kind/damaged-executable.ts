// Damaged files that were meant to be wrapped, as far as can be told.

import { isInside } from "../../base/path.ts";
import { PT_INTERP } from "../../elf/constants.ts";
import type { ByteSource, ElfFile } from "../../elf/elf-file.ts";
import { decodeFileHeader, largestFileHeader, type RawFileHeader } from "../../elf/headers/file-header.ts";
import { programHeaderTypes } from "../../elf/headers/program-header.ts";
import { unlessDamaged } from "../../elf/optional-parts.ts";
import { parseElf } from "../../elf/parse-elf.ts";
import { libraryName, roleOf } from "./executable-or-library.ts";
import { judgeFileHeader } from "./header-verdict.ts";
import { otherCLibraryOf } from "./other-c-library.ts";
import { otherSystemOf } from "./other-system.ts";
import type { EligibilityFacts } from "./skip-reason.ts";

/**
 * Whether a damaged file would be wrapped if it were whole: it has a PT_INTERP, and nothing that can be read of it is a
 * reason to leave it alone. `name` is its base name.
 */
export function isDamagedExecutable(source: ByteSource, name: string, facts: EligibilityFacts): boolean {
  const header = unlessDamaged(() => readHeader(source), undefined);
  if (header === undefined || judgeFileHeader(header, facts) !== undefined) return false;
  if (!programHeaderTypes(source, header).includes(PT_INTERP)) return false;
  const elf = unlessDamaged(() => parseElf(source), undefined);
  if (elf === undefined) return !libraryName.test(name);
  const role = unlessDamaged(() => roleOf(elf, name).kind, undefined);
  const isLibrary = role === undefined ? libraryName.test(name) : role === "library";
  return !isLibrary && !isForOthers(elf, facts);
}

function readHeader(source: ByteSource): RawFileHeader {
  return decodeFileHeader(source.read(0, Math.min(largestFileHeader, source.size), "file header"), source.size);
}

function isForOthers(elf: ElfFile, { storeDirectory }: EligibilityFacts): boolean {
  const interpreter = unlessDamaged(elf.interpreter, undefined);
  if (interpreter === undefined) return false;
  if (isInside(interpreter, storeDirectory) || otherCLibraryOf(elf, interpreter) !== undefined) return true;
  return otherSystemOf(elf) !== undefined;
}
