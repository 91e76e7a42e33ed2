// What is said of an ELF file that cannot be read to its end.

import type { ElfDefect } from "../elf/error.ts";
import { readElfFile } from "../files/read-file.ts";
import type { RequestIssue } from "../files/request-issue.ts";
import { readInPlaceOriginal } from "../patch/original.ts";
import type { PatchIssue } from "../patch/patch-issue.ts";

/**
 * What a tool has done to the file at `path` since it was patched in place; undefined of other files. Not all that has
 * to be readable for using a file has to be for this.
 */
export function toolsDoing(path: string): PatchIssue | undefined {
  const reading = readElfFile(path, (elf) => readInPlaceOriginal(elf, path));
  return reading.kind === "read" && reading.result.kind === "damaged" ? reading.result.issue : undefined;
}

/** What a tool has done, or what is damaged. */
export function issueOfDamage(path: string, defect: ElfDefect): PatchIssue | RequestIssue {
  return toolsDoing(path) ?? { kind: "damaged-elf", severity: "error", path, defect };
}
