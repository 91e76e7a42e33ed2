// What is damaged in an ELF file, in words.

import type { ElfDefect } from "../../elf/error.ts";
import { hex } from "../words.ts";

/** One line without the path: the structure, where it stands, and the two values that disagree. */
export function describeDefect(defect: ElfDefect): string {
  switch (defect.kind) {
    case "not-elf":
      return "not an ELF file";
    case "past-end-of-file":
      return `${defect.what} at ${hex(defect.offset)}: its end ${hex(defect.end)} is past the end of the file (${hex(defect.size)})`;
    case "bad-value":
      return `${defect.what} at ${hex(defect.offset)}: ${defect.field} is ${hex(defect.value)}, expected ${defect.expected}`;
    case "unmapped-address":
      return `${defect.what}: address ${hex(defect.address)} lies in no PT_LOAD segment's file bytes`;
    case "bad-string":
      return `${defect.what} at ${hex(defect.offset)}: no NUL byte before the end of the string table`;
    default:
      return defect satisfies never;
  }
}
