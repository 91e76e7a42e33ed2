// Trouble with the request or with a path of it. Types only.

import type { ElfDefect } from "../elf/error.ts";
import type { DamagedPart } from "../elf/optional-parts.ts";
import type { InterpreterProblem } from "../linker/interpreter/interpreter.ts";
import type { NoElf, SkipReason } from "./kind/skip-reason.ts";

/** Trouble with the request or with a path of it, before any file is planned. */
export type RequestIssue =
  | { readonly kind: "no-such-path"; readonly path: string }
  | { readonly kind: "cannot-read"; readonly path: string; readonly code: string }
  /**
   * In a tree, and not named: what is in it is not known. A warning where the rest is done all the same, an error where
   * the answer is about the whole tree.
   */
  | {
      readonly kind: "not-looked-at";
      readonly severity: "warning" | "error";
      readonly path: string;
      readonly what: "file" | "directory";
      readonly code: string;
    }
  /** A warning of an executable in a tree, which is left alone and would have been wrapped. */
  | {
      readonly kind: "damaged-elf";
      readonly severity: "error" | "warning";
      readonly path: string;
      readonly defect: ElfDefect;
    }
  /** What is damaged of an executable, and decides nothing. */
  | ({ readonly kind: "damage-ignored"; readonly path: string } & DamagedPart)
  /** It lies where programs lie, and was left alone: the archive that it came in may have lost its mode. */
  | { readonly kind: "program-without-execute-bit"; readonly path: string }
  /** Named, and no ELF file; `detail` says what it is, where that can be seen: "a script for /bin/sh", "a FIFO". */
  | { readonly kind: "not-elf"; readonly path: string; readonly reason: NoElf; readonly detail?: string }
  | {
      readonly kind: "cannot-wrap-named-file";
      readonly path: string;
      readonly reason: SkipReason;
      readonly detail?: string;
    }
  | {
      readonly kind: "no-interpreter";
      readonly path: string;
      readonly named: string;
      readonly machine: number;
      readonly elfClass: 32 | 64;
    }
  | {
      readonly kind: "bad-interpreter";
      readonly path: string;
      readonly problem: InterpreterProblem;
    }
  /** The garbage collector may take what the wrapped files below `path` refer to. */
  | {
      readonly kind: "gc-roots-not-made";
      readonly severity: "warning" | "error";
      readonly path: string;
      /** Where they were to be. */
      readonly directory: string;
      readonly storePaths: readonly string[];
      /** What Nix, or the system, says. */
      readonly reason: string;
    }
  | { readonly kind: "bad-library-directory"; readonly path: string; readonly code: string }
  /** The dynamic linker that a file, or its sidecar, names cannot load it. Only said where nothing is to be wrapped. */
  | {
      readonly kind: "interpreter-gone";
      readonly path: string;
      readonly interpreter: string;
      readonly problem: InterpreterProblem | "other-machine";
      /** Why it is not wrapped with another one, where it would not be. */
      readonly leftAlone?: SkipReason;
    };
