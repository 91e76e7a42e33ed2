// What only `bundle` finds wrong. Types only.

import type { SkipReason } from "../../files/kind/skip-reason.ts";
import type { Issue } from "../../report/issue.ts";

export type BundleIssue =
  /** Something is at the path that is to be made. */
  | { readonly kind: "output-exists"; readonly path: string }
  /** Two programs want one name in bin/. */
  | { readonly kind: "name-taken"; readonly path: string; readonly other: string; readonly name: string }
  /** The request names it, and it can be started by nobody. `detail`: what one that is no ELF file is: "a zip archive". */
  | { readonly kind: "not-a-program"; readonly path: string; readonly reason: SkipReason; readonly detail?: string }
  /** In all that the request names, `count` paths of which `path` is the first, nothing can be started. */
  | { readonly kind: "no-program"; readonly path: string; readonly count: number }
  /** An executable is not wrapped, for that reason, and may load what is not in the bundle. */
  | { readonly kind: "taken-alone"; readonly path: string; readonly reason: SkipReason }
  /** A program has set-ID bits, which its copy has not. */
  | { readonly kind: "rights-not-kept"; readonly path: string }
  /** Nothing can be made in the directory where the bundle is to lie. `code`: of the system call that failed. */
  | { readonly kind: "output-impossible"; readonly path: string; readonly code: string }
  /** A directory that a run for the same output made, and that is still there. */
  | { readonly kind: "left-behind"; readonly path: string }
  /** A part of a directory that was to be taken. `code`: of the system call that failed. */
  | {
      readonly kind: "not-taken";
      readonly path: string;
      readonly why: "special" | "unreadable" | "leads-nowhere" | "leads-outside";
      readonly target?: string;
      readonly code?: string;
    }
  /** A script in bin/ is started by an interpreter that is not in the bundle. */
  | { readonly kind: "interpreter-elsewhere"; readonly path: string; readonly interpreter: string }
  /** A script of which the interpreter is a script, and so on: more than `most`, which the kernel does not start. */
  | { readonly kind: "too-many-interpreters"; readonly path: string; readonly most: number }
  /** A wrapper of nixpkgs', a script or one that a launcher cannot replace: it starts `target` by its path in the store. */
  | { readonly kind: "wrapper-names-store"; readonly path: string; readonly target: string }
  /** A variable that is asked for names something that is not in the bundle. */
  | { readonly kind: "variable-names-outside"; readonly variable: string; readonly path: string }
  /** An argument that is asked for names something that is not in the bundle. */
  | { readonly kind: "argument-names-outside"; readonly program: string; readonly path: string }
  /** An argument is asked for a program that bin/ does not have. */
  | { readonly kind: "argument-without-program"; readonly program: string; readonly programs: readonly string[] }
  /** An executable in a directory that is taken, for which there is no dynamic linker: it is no program, and stays as it is. */
  | { readonly kind: "data-without-interpreter"; readonly path: string; readonly named: string }
  /**
   * A well-known file of the bundle, `by`, looks for `path`, which is here and is not in the bundle; were it, `told` (absent: nobody, it is found) would say
   * so. `give`: what to give for that.
   */
  | {
      readonly kind: "place-not-given";
      readonly path: string;
      readonly by: string;
      readonly told?: string;
      readonly give: string;
    }
  /** A library's own run path leads out of the bundle, and there is no room for another. */
  | { readonly kind: "run-path-leads-out"; readonly path: string; readonly entries: readonly string[] }
  /** The traced run could not be made, or ended with another exit status than 0. */
  | { readonly kind: "trace-failed"; readonly command: string; readonly reason: string }
  /** A program of the bundle opened or started something outside in the traced run. */
  | {
      readonly kind: "opened-outside";
      readonly severity: "error" | "warning";
      readonly path: string;
      readonly opened: string;
      /** The bundle has it, and the path does not lead there. */
      readonly isBundled: boolean;
      readonly does: "opens" | "starts";
    }
  /** The archive could not be made. */
  | { readonly kind: "not-packed"; readonly path: string; readonly reason: string };

export type AnyBundleIssue = Issue | BundleIssue;
