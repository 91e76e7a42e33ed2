// Trouble with what was asked for, in words.

import type { RequestIssue } from "../outcome.ts";
import { type ReportContext, showPath } from "./context.ts";
import { describeDefect } from "./defect-message.ts";
import { showMachine } from "./machine-name.ts";
import { showSetting } from "./settings.ts";
import { describeSkipReason, helpForSkipReason } from "./skip-reason.ts";
import { describeErrorCode } from "./words.ts";

/** The parts of a message that do not depend on its severity. */
export interface MessageText {
  readonly headline: string;
  readonly details: readonly string[];
  readonly help: readonly string[];
}

function text(headline: string, ...help: readonly (string | undefined)[]): MessageText {
  return { headline, details: [], help: help.filter((line) => line !== undefined) };
}

const interpreterProblems = {
  "no-such-file": "no such file",
  "not-elf": "not an ELF file",
  "not-a-dynamic-linker": "not a dynamic linker: it names an interpreter itself, or it is no shared object",
} as const;

/** The words for one issue about the request. */
export function describeRequestIssue(issue: RequestIssue, context: ReportContext): MessageText {
  const { surface } = context;
  const path = showPath(issue.path, context);
  switch (issue.kind) {
    case "no-such-path":
      return text(`${path}: no such file or directory`, `check what is given to ${showSetting("paths", surface)}`);
    case "cannot-read":
      return text(
        `${path}: cannot be read: ${describeErrorCode(issue.code)}`,
        `make it readable, or leave it out with ${showSetting("exclude", surface)}`,
      );
    case "damaged-elf":
      return text(
        `${path}: ${describeDefect(issue.defect)}`,
        issue.defect.kind === "not-elf"
          ? helpForSkipReason("not-elf", surface)
          : `fetch it again if it was cut short, or leave it out with ${showSetting("exclude", surface)}`,
      );
    case "cannot-wrap-named-file":
      return text(
        `${path}: cannot be wrapped: it ${describeSkipReason(issue.reason, issue.detail)}`,
        helpForSkipReason(issue.reason, surface) ?? `leave it out, or name it with ${showSetting("exclude", surface)}`,
      );
    case "no-interpreter":
      return text(
        `${path}: no dynamic linker for it: it is ${issue.elfClass}-bit ${showMachine(issue.machine)} and names ${issue.named}, which is not here`,
        surface === "cli"
          ? "pass one with --interpreter, for example --interpreter /nix/store/…-glibc-…/lib/ld-linux-x86-64.so.2"
          : `add one to ${showSetting("interpreter", surface)}, for example \${pkgsi686Linux.glibc}/lib/ld-linux.so.2`,
      );
    case "bad-interpreter":
      return text(
        `${path}: cannot be the dynamic linker: ${interpreterProblems[issue.problem]}`,
        `check what is given to ${showSetting("interpreter", surface)}`,
      );
    case "bad-library-directory":
      return text(
        `${path}: not searched for libraries: ${describeErrorCode(issue.code)}`,
        issue.code === "ENOTDIR"
          ? `give ${surface === "cli" ? "the directory that holds it" : "its package"} to ${showSetting("libraries", surface)}`
          : `check what is given to ${showSetting("libraries", surface)}`,
      );
    default:
      return issue satisfies never;
  }
}
