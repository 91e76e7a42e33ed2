// What a sidecar says of an executable, its interpreter and its libraries.

import { isInside } from "../../base/path.ts";
import { bytesOfText } from "../../base/text.ts";
import { DT_RPATH, DT_RUNPATH, PF_R, PF_W, PF_X } from "../../elf/constants.ts";
import type { ElfFile, ProgramHeader } from "../../elf/elf-file.ts";
import type { Interpreter } from "../../linker/interpreter/interpreter.ts";
import type { Resolution } from "../../linker/solve/resolution.ts";
import { asksForBranchProtection } from "../stub/branch-protection.ts";
import { debugAddressOf } from "./debug-address.ts";
import {
  checkOf,
  EXTENSION_BRANCH_PROTECTION,
  EXTENSION_INTERPRETER_BRANCH_PROTECTION,
  type Sidecar,
} from "./sidecar-codec.ts";

export interface SidecarSubject {
  /** The original executable. */
  readonly elf: ElfFile;
  /** Its PT_INTERP. */
  readonly header: ProgramHeader;
  /** The segment of the saved bytes. */
  readonly segment: ProgramHeader;
  readonly interpreter: Interpreter;
  /** How it is named; absent: by its path. */
  readonly interpreterName?: string;
  readonly resolution: Resolution;
  readonly storeDirectory: string;
  /** `interpreterCheck` of the sidecar that it has already; undefined without one. */
  readonly formerCheck: number | undefined;
}

/** Everything but what depends on the stub's place. Throws ElfError for a damaged file. */
export function sidecarContent(subject: SidecarSubject): Omit<Sidecar, "saved" | "savedAddress" | "loader"> {
  const { elf, header, segment, interpreter, resolution } = subject;
  const { runPath, runPathTag, neededFirst, neededLast } = resolution;
  // What is read off the interpreter now must still hold when the program starts: only the store promises that.
  const isLasting = isInside(interpreter.path, subject.storeDirectory);
  return {
    entry: elf.header.entry,
    interpreter: bytesOfText(subject.interpreterName ?? interpreter.path),
    runPath: bytesOfText(runPath.join(":")),
    needed: neededLast.map(bytesOfText),
    firstNeeded: neededFirst.map(bytesOfText),
    interpreterOffset: BigInt(header.offset),
    interpreterFileSize: BigInt(header.fileSize),
    // What another tool has put there since the first time is not what has to be there.
    interpreterCheck: subject.formerCheck ?? checkOf(elf.source.read(header.offset, header.fileSize, "PT_INTERP")),
    debugAddress: isLasting ? debugAddressOf(interpreter) : 0n,
    runPathTag: runPath.length === 0 ? 0 : Number(runPathTag === "rpath" ? DT_RPATH : DT_RUNPATH),
    flags:
      protectionOf(segment) |
      (asksForBranchProtection(elf) ? EXTENSION_BRANCH_PROTECTION : 0) |
      (isLasting && asksForBranchProtection(interpreter.elf) ? EXTENSION_INTERPRETER_BRANCH_PROTECTION : 0),
  };
}

/** mprotect's bits: PROT_READ 1, PROT_WRITE 2, PROT_EXEC 4. */
function protectionOf({ flags }: ProgramHeader): number {
  return (flags & PF_R ? 1 : 0) | (flags & PF_W ? 2 : 0) | (flags & PF_X ? 4 : 0);
}
