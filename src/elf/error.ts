// The one error that reading an ELF file may throw. It carries data; src/report/ makes the sentence.

/** What is wrong with a file, with the place and the two values that disagree. Byte offsets are in the file. */
export type ElfDefect =
  | { readonly kind: "not-elf" }
  /** A structure reaches over the end of the file. `end` is where it would end, `size` the file's size. */
  | {
      readonly kind: "past-end-of-file";
      readonly what: string;
      readonly offset: number;
      readonly end: bigint;
      readonly size: number;
    }
  /** A field holds a value that the format, or this tool, does not know. */
  | {
      readonly kind: "bad-value";
      readonly what: string;
      readonly field: string;
      readonly offset: number;
      readonly value: bigint;
      readonly expected: string;
    }
  /** A virtual address that no PT_LOAD segment has file bytes for. */
  | { readonly kind: "unmapped-address"; readonly what: string; readonly address: bigint }
  /** A string table index without a NUL before the table's end. */
  | { readonly kind: "bad-string"; readonly what: string; readonly offset: number };

/** What reading a damaged file throws. */
export class ElfError extends Error {
  readonly defect: ElfDefect;
  constructor(defect: ElfDefect) {
    super(`damaged ELF file: ${defect.kind}`);
    this.name = "ElfError";
    this.defect = defect;
  }
}
