// What `verify` found wrong, in words.

import { escapeControls, type ReportContext, showPath } from "../../report/context.ts";
import { describeIssues } from "../../report/messages/describe-issues.ts";
import type { Message } from "../../report/messages/message.ts";
import type { MessageText } from "../../report/messages/request-message.ts";
import { describeSkipReason, helpForSkipReason } from "../../report/messages/skip-reason-words.ts";
import { countOf, hex } from "../../report/words.ts";
import type { FoundIssue, VerifyIssue } from "./verify-report.ts";
import { isVerifyIssue, severityOfFound } from "./verify-severity.ts";

/** The messages for all that was found: what belongs to one file, then what concerns libraries. */
export function describeFoundIssues(issues: readonly FoundIssue[], context: ReportContext): readonly Message[] {
  const own = issues.filter(isVerifyIssue);
  const others = issues.filter((issue) => !isVerifyIssue(issue));
  return [
    ...own.map((issue) => ({ severity: severityOfFound(issue), ...describeVerifyIssue(issue, context) })),
    ...describeIssues(others, context),
  ];
}

const unfinished = {
  stub: "while it wrote the stub",
  "interpreter-header": "before it cleared the program header of the interpreter",
  "in-place": "before all was written in place",
} as const;

function text(headline: string, ...help: readonly string[]): MessageText {
  return { headline, details: [], help };
}

function describeVerifyIssue(issue: VerifyIssue, context: ReportContext): MessageText {
  const path = showPath(issue.path, context);
  const restored = "restore the original executable, then wrap it again";
  const again = "wrap it again: what differs is written anew, from the original bytes";
  switch (issue.kind) {
    case "not-wrapped":
      return describeNotWrapped(issue, context);
    case "nothing-wrapped":
      return text(`${path}: no wrapped executable in it`, `wrap what is in it: wrap-buddy ${path}`);
    case "wrapping-unfinished":
      return text(
        `${path}: the run that wrapped it was stopped ${unfinished[issue.before]}`,
        `wrap it again, which finishes the work, or go back: wrap-buddy unwrap ${path}`,
      );
    case "in-place-lost":
      return text(
        `${path}: its run path is not where its dynamic array says: strip or objcopy has dropped it`,
        "strip the original file first, then wrap it",
      );
    case "stub-gone":
      return text(`${path}: names no interpreter, and has no whole stub at its entry point`, restored);
    case "stub-differs":
      return text(
        `${path}: the stub is damaged, or of another version: byte ${hex(issue.offset)} of the file is not what this version writes`,
        again,
      );
    case "sidecar-size":
      return text(
        `${path}: its stub is for a sidecar of ${countOf(issue.wanted, "byte")}, but ${showPath(issue.sidecarPath, context)} has ${issue.size}`,
        again,
      );
    case "sidecar-differs":
      return text(
        `${path}: the loader in its sidecar ${showPath(issue.sidecarPath, context)} is damaged, or of another version`,
        again,
      );
    case "sidecar-mode":
      return text(
        `${path}: not everyone who may execute it may read its sidecar ${showPath(issue.sidecarPath, context)}: mode ${issue.mode.toString(8)}, but ${issue.wanted.toString(8)} is needed`,
        `chmod ${(issue.mode | issue.wanted).toString(8)} ${showPath(issue.sidecarPath, context)}`,
      );
    case "interpreter-changed":
      return text(
        `${path}: its dynamic linker ${showPath(issue.interpreter, context)} is not the one it was wrapped for`,
        again,
      );
    case "run-path-entry-gone":
      return text(
        `${path}: run path entry ${escapeControls(issue.entry)} is not there`,
        "get it back into the store, or wrap it again with what is there",
      );
    case "sidecar-unused":
      return text(`${path}: no executable beside it uses this sidecar`, "remove it if its executable is gone for good");
    case "leftover":
      return text(`${path}: left by a run that was stopped`, "wrap again, which removes it");
    default:
      return issue satisfies never;
  }
}

function describeNotWrapped(
  { path, sidecarPath, reason, detail }: Extract<VerifyIssue, { readonly kind: "not-wrapped" }>,
  context: ReportContext,
): MessageText {
  const shown = showPath(path, context);
  const beside = sidecarPath === undefined ? "" : `, though ${showPath(sidecarPath, context)} is beside it`;
  if (reason === undefined) return text(`${shown}: not wrapped${beside}`, `wrap it: wrap-buddy ${shown}`);
  return text(
    `${shown}: not wrapped${beside}: it ${describeSkipReason(reason, detail)}`,
    helpForSkipReason(reason, context.surface) ?? "leave it out",
  );
}
