// Absolute paths that the files of a bundle still have in them. Types, and a list.

/**
 * What a path means: a program that may be started, a library or data that may be opened (all three are on the machine
 * that makes the bundle), something of the machine that it will run on (/etc, /var, /run …), nothing that is there, or a
 * name in documentation, debug information and what only compilers read.
 */
export const escapeMeanings = ["program", "library", "data", "machine", "absent", "documentation"] as const;

export type EscapeMeaning = (typeof escapeMeanings)[number];

export interface Escape {
  /** The file that has it, below the bundle's directory. */
  readonly place: string;
  /** As it stands there. */
  readonly text: string;
  readonly meaning: EscapeMeaning;
  /** The bundle has what is meant, and this path does not lead to it. */
  readonly isBundled: boolean;
}
