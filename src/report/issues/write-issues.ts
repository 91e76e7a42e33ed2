// What was done to a file since it was wrapped, and why one cannot be written: every kind with its severity, its words and its JSON.

import type { WriteIssue } from "../../patch/patch-issue.ts";
import { type ReportContext, showPath } from "../context.ts";
import { describeSidecarProblem, helpForSidecar } from "../messages/sidecar-problem-words.ts";
import { systemCallHelp } from "../messages/system-call-help.ts";
import { shellLine } from "../shell-words.ts";
import { describeErrorCode, hex } from "../words.ts";
import { about, type IssueTable } from "./issue-table.ts";

/** By kind. */
export const writeIssues = {
  "changed-in-place": {
    severity: "error",
    schema: ({ issue, path, z }) => issue("changed-in-place", { path, problem: z.string() }),
    words: ({ path, problem }, context) =>
      about(
        path,
        context,
        `patched in place, and changed by something else since: ${problem}`,
        "restore the original file, change that, then wrap it: patchelf, chrpath, strip and objcopy go first",
      ),
  },
  "sidecar-damaged": {
    severity: "error",
    schema: ({ issue, path, z }) => issue("sidecar-damaged", { path, sidecarPath: path, problem: z.string() }),
    words: ({ path, sidecarPath, problem }, context) =>
      about(
        path,
        context,
        `wrapped, but its sidecar ${showPath(sidecarPath, context)} cannot be used: ${describeSidecarProblem(problem)}`,
        helpForSidecar(problem, path, sidecarPath),
      ),
  },
  "interpreter-overwritten": {
    severity: "as-found",
    schema: ({ issue, path, size, z }) =>
      issue("interpreter-overwritten", { path, sidecarPath: path, offset: size, found: z.string() }),
    words: ({ path, offset }, context) =>
      about(
        path,
        context,
        `changed by something else since it was wrapped: the path of its former interpreter is not at ${hex(offset)} any more (patchelf moves it)`,
        "it cannot be unwrapped: restore the original executable, run patchelf on that, then wrap it",
      ),
  },
  "packed-since": {
    severity: "error",
    schema: ({ issue, path }) => issue("packed-since", { path, sidecarPath: path }),
    words: ({ path, sidecarPath }, context) =>
      about(
        path,
        context,
        `packed with UPX since it was wrapped: what uses its sidecar ${showPath(sidecarPath, context)} is inside`,
        "unpack it first: upx -d",
      ),
  },
  "in-place-lost": {
    severity: "error",
    schema: ({ issue, path }) => issue("in-place-lost", { path }),
    words: ({ path }, context) =>
      about(
        path,
        context,
        "its run path is not where its dynamic array says: strip or objcopy has dropped it",
        "restore the original file, strip it, then wrap it",
      ),
  },
  "file-changed": {
    severity: "error",
    schema: ({ issue, path }) => issue("file-changed", { path }),
    words: ({ path }, context) =>
      about(path, context, "has changed since it was read", "run it again when nothing else writes it"),
  },
  "not-kept": {
    severity: "error",
    schema: ({ issue, path, z }) =>
      issue("not-kept", {
        path,
        problem: z.string(),
        cannotGive: z.optional(z.enum(["owner", "group", "capabilities"])),
      }),
    words: ({ path, problem, cannotGive }, context) =>
      about(
        path,
        context,
        `cannot be replaced by a copy that has all that it has: ${problem}`,
        notKeptHelp(cannotGive, path, context),
      ),
  },
  "system-call-failed": {
    severity: "error",
    schema: ({ errorCode, issue, path, z }) =>
      issue("system-call-failed", {
        path,
        call: z.string(),
        code: errorCode,
        isUnfinished: z
          .optional(z.literal(true))
          .check(z.describe("what was done to the file before could not be taken back")),
      }),
    words: ({ path, call, code, isUnfinished }, context) => ({
      // Asked before anything is done, to be sure that it can be.
      ...about(
        path,
        context,
        `${call === "access" ? "cannot be written" : `${call} failed`}: ${describeErrorCode(code)}`,
        systemCallHelp(code, call),
      ),
      details: isUnfinished ? ["what was done to the executable before could not be taken back"] : [],
    }),
  },
} as const satisfies IssueTable<WriteIssue>;

function notKeptHelp(
  cannotGive: Extract<WriteIssue, { readonly kind: "not-kept" }>["cannotGive"],
  path: string,
  context: ReportContext,
): string {
  switch (cannotGive) {
    case undefined:
      return "run it as the file's owner or as root, with GNU coreutils and findutils";
    case "owner":
      return "run it as that user or as root: sudo, and the same words";
    case "group":
      return `give it a group of yours: chgrp "$(id -g)" ${shellLine([showPath(path, context)])}; or run it as root`;
    case "capabilities":
      return `run it as root: sudo, and the same words; or do without them: sudo setcap -r ${shellLine([showPath(path, context)])}`;
    default:
      return cannotGive satisfies never;
  }
}
