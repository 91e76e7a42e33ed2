// Which ELF files are wrapped, and why the others are left alone. Reads, decides nothing about how.

import { baseName, isInside } from "../../base/path.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { ElfError } from "../../elf/error.ts";
import { findTruncatedSegment } from "../../elf/headers/program-header.ts";
import { isDebugFile } from "./debug-file.ts";
import { roleOf } from "./executable-or-library.ts";
import { judgeFileHeader, type Skipped, skip } from "./header-verdict.ts";
import { otherCLibraryOf } from "./other-c-library.ts";
import { otherSystemOf } from "./other-system.ts";
import type { Eligibility, EligibilityFacts } from "./skip-reason.ts";
import { judgeWithoutInterpreter } from "./without-interpreter.ts";

/**
 * Whether the file at `path` can be wrapped. An executable that has been wrapped before has no PT_INTERP any more and
 * is not recognised here: ask src/patch first. Damage that only shows here is a reason too ("damaged", with the
 * defect). Throws only what reading the file throws.
 */
export function classify(elf: ElfFile, path: string, facts: EligibilityFacts): Eligibility {
  try {
    const name = baseName(path);
    return findReasonToSkip(elf, name, facts) ?? { kind: "eligible" };
  } catch (error) {
    if (error instanceof ElfError) return { kind: "skipped", reason: "damaged", defect: error.defect };
    throw error;
  }
}

function findReasonToSkip(elf: ElfFile, name: string, facts: EligibilityFacts): Skipped | undefined {
  const byHeader = judgeFileHeader(elf.header, facts);
  if (byHeader !== undefined) return byHeader;
  // Before anything else is read: in a file of debug information the headers point at bytes that are not there.
  if (isDebugFile(elf)) return skip("debug-file");
  const truncated = findTruncatedSegment(elf.header, elf.programHeaders, elf.source.size);
  if (truncated !== undefined) throw truncated;
  const interpreter = elf.interpreter();
  if (interpreter === undefined) return judgeWithoutInterpreter(elf, name);
  const system = otherSystemOf(elf);
  if (system !== undefined) return skip("other-os-abi", system);
  const cLibrary = otherCLibraryOf(elf, interpreter);
  if (cLibrary !== undefined) return skip("other-c-library", cLibrary);
  const role = roleOf(elf, name);
  if (role.kind === "library") return skip("shared-library", role.why);
  if (isInside(interpreter, facts.storeDirectory)) return skip("already-nix", interpreter);
  return undefined;
}
