// One file of a run, open for as long as it is looked at, with what can go wrong as a value.

import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { type ElfDefect, ElfError } from "../elf/error.ts";
import { parseElf } from "../elf/file.ts";
import type { ElfFile } from "../elf/model.ts";
import { fileSource } from "../elf/source.ts";
import { systemPath } from "../libraries/path.ts";
import { errorCode } from "../system-error.ts";

export type FileReading<Result> =
  | { readonly kind: "read"; readonly result: Result }
  | { readonly kind: "damaged"; readonly defect: ElfDefect }
  /** `code` names the system call's error. */
  | { readonly kind: "unreadable"; readonly code: string };

/** Parses the file at `path` and hands it to `use`, which must not keep it: the file is closed behind it. */
export function readElfFile<Result>(path: string, use: (elf: ElfFile) => Result): FileReading<Result> {
  try {
    const descriptor = openSync(systemPath(path), constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const elf = parseElf(fileSource(descriptor, fstatSync(descriptor).size));
      return { kind: "read", result: use(elf) };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof ElfError) return { kind: "damaged", defect: error.defect };
    const code = errorCode(error);
    if (code === undefined) throw error;
    return { kind: "unreadable", code };
  }
}
