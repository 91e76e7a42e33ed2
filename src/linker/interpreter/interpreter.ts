// What a dynamic linker is to the rest, and why a file cannot be one. Types, and a list.

import type { ElfFile } from "../../elf/elf-file.ts";
import type { ObjectFacts } from "../load/object-facts.ts";

export type CLibrary = "glibc" | "musl";

/** A dynamic linker that executables can be given. */
export interface Interpreter {
  /** Absolute path as it will be written, not resolved through symlinks. */
  readonly path: string;
  readonly elf: ElfFile;
  readonly cLibrary: CLibrary;
  /** Its DT_SONAME, for example "ld-linux-x86-64.so.2". */
  readonly soname: string | undefined;
  /** The directories that it searches by itself, most often its own directory only. */
  readonly defaultDirectories: readonly string[];
  /** What `$LIB` means to it: "lib", "lib64", "lib/x86_64-linux-gnu". */
  readonly libDirectoryName: string;
  /** What `$PLATFORM` most likely means (AT_PLATFORM); undefined where the kernel gives none. */
  readonly platform: string | undefined;
  /** What it says to itself as a shared object. */
  readonly facts: ObjectFacts;
}

/**
 * Why a file cannot be a dynamic linker. "damaged": an ELF file with something in it that is wrong; "unusual-layout": it
 * is one, and the loader cannot map it.
 */
export const interpreterProblems = [
  "no-such-file",
  "unreadable",
  "not-elf",
  "damaged",
  "not-a-dynamic-linker",
  "unusual-layout",
] as const;

export type InterpreterProblem = (typeof interpreterProblems)[number];
