// What only `verify` finds wrong: every kind with its severity, its words and its JSON.

import { escapeControls, type ReportContext, showPath } from "../../report/context.ts";
import { severityOf } from "../../report/issues/all-issues.ts";
import { about, type IssueEntry, type IssueTable, type MessageText } from "../../report/issues/issue-table.ts";
import { describeDefect } from "../../report/messages/defect-message.ts";
import { describeSkipReason, helpForSkipReason } from "../../report/messages/skip-reason-words.ts";
import type { Severity } from "../../report/severity.ts";
import { countOf, hex } from "../../report/words.ts";
import type { FoundIssue, VerifyIssue } from "./verify-report.ts";

const restored = "restore the original executable, then wrap it again";
const again = "wrap it again: what differs is written from the original bytes";

const unfinished = {
  "interpreter-header": "before it cleared the program header of the interpreter",
  "in-place": "before all was written in place",
} as const;

/** Every kind, with its severity, its words and its JSON. */
export const verifyIssues = {
  "not-wrapped": {
    severity: "error",
    schema: ({ path, skipReason, verifyIssue, z }) =>
      verifyIssue("not-wrapped", {
        path,
        sidecarPath: z.optional(path),
        reason: z.optional(skipReason),
        detail: z.optional(z.string()),
      }),
    words: ({ path, sidecarPath, reason, detail }, context) => {
      const beside = sidecarPath === undefined ? "" : `, though ${showPath(sidecarPath, context)} is beside it`;
      return reason === undefined
        ? about(path, context, `not wrapped${beside}`, `wrap it: wrap-buddy ${showPath(path, context)}`)
        : about(
            path,
            context,
            `not wrapped${beside}: it ${describeSkipReason(reason, detail)}`,
            helpForSkipReason(reason, context.surface) ?? "leave it out",
          );
    },
  },
  "nothing-wrapped": {
    severity: "error",
    schema: ({ path, verifyIssue, z }) => verifyIssue("nothing-wrapped", { path, hasExecutables: z.boolean() }),
    words: ({ path, hasExecutables }, context) => {
      const wrapping = `wrap-buddy ${showPath(path, context)}`;
      return hasExecutables
        ? about(path, context, "no wrapped executable in it", `wrap what is in it: ${wrapping}`)
        : about(
            path,
            context,
            "no wrapped executable in it, and none to wrap",
            `leave it out, unless ${wrapping} patches a library in it`,
          );
    },
  },
  "wrapping-unfinished": {
    severity: "error",
    schema: ({ path, verifyIssue, z }) =>
      verifyIssue("wrapping-unfinished", {
        path,
        before: z.enum(["interpreter-header", "in-place"]).check(z.describe("what has not been written")),
      }),
    words: ({ path, before }, context) =>
      about(
        path,
        context,
        `the run that wrapped it was stopped ${unfinished[before]}`,
        `wrap it again, which finishes the work, or go back: wrap-buddy unwrap ${showPath(path, context)}`,
      ),
  },
  "stub-gone": {
    severity: "error",
    schema: ({ path, verifyIssue }) => verifyIssue("stub-gone", { path }),
    words: ({ path }, context) =>
      about(path, context, "names no interpreter, and has no whole stub at its entry point", restored),
  },
  "stub-differs": {
    severity: "error",
    schema: ({ path, size, verifyIssue }) => verifyIssue("stub-differs", { path, offset: size }),
    words: ({ path, offset }, context) =>
      about(
        path,
        context,
        `the stub is damaged, or of another version: byte ${hex(offset)} of the file is not what this version writes`,
        again,
      ),
  },
  "sidecar-size": {
    severity: "error",
    schema: ({ path, size, verifyIssue }) =>
      verifyIssue("sidecar-size", { path, sidecarPath: path, size, wanted: size }),
    words: ({ path, sidecarPath, size, wanted }, context) =>
      about(
        path,
        context,
        `its stub is for a sidecar of ${countOf(wanted, "byte")}, but ${showPath(sidecarPath, context)} has ${size}`,
        again,
      ),
  },
  "sidecar-differs": {
    severity: "error",
    schema: ({ path, verifyIssue }) => verifyIssue("sidecar-differs", { path, sidecarPath: path }),
    words: ({ path, sidecarPath }, context) =>
      about(
        path,
        context,
        `the loader in its sidecar ${showPath(sidecarPath, context)} is damaged, or of another version`,
        again,
      ),
  },
  "sidecar-mode": {
    severity: "error",
    schema: ({ mode, path, verifyIssue }) =>
      verifyIssue("sidecar-mode", { path, sidecarPath: path, mode, wanted: mode }),
    words: ({ path, sidecarPath, mode, wanted }, context) => {
      const sidecar = showPath(sidecarPath, context);
      return about(
        path,
        context,
        `not everyone who may execute it may read its sidecar ${sidecar}: mode ${mode.toString(8)}, but ${wanted.toString(8)} is needed`,
        `chmod ${(mode | wanted).toString(8)} ${sidecar}`,
      );
    },
  },
  "odd-header": {
    severity: "error",
    schema: ({ defect, path, verifyIssue }) => verifyIssue("odd-header", { path, defect }),
    words: ({ path, defect }, context) =>
      about(
        path,
        context,
        `does not start with its headers: ${describeDefect(defect)}`,
        "undo what another tool has changed in it, or fetch the executable again and wrap that",
      ),
  },
  "interpreter-changed": {
    severity: "error",
    schema: ({ path, verifyIssue }) => verifyIssue("interpreter-changed", { path, interpreter: path }),
    words: ({ path, interpreter }, context) =>
      about(
        path,
        context,
        `its dynamic linker ${showPath(interpreter, context)} is not the one it was wrapped for`,
        again,
      ),
  },
  "run-path-entry-gone": {
    severity: "error",
    schema: ({ path, verifyIssue }) => verifyIssue("run-path-entry-gone", { path, entry: path }),
    words: ({ path, entry }, context) =>
      about(
        path,
        context,
        `run path entry ${escapeControls(entry)} is not there`,
        "get it back into the store, or wrap it again with what is there",
      ),
  },
  // Every executable starts all the same.
  "sidecar-unused": {
    severity: "warning",
    schema: ({ path, verifyIssue }) => verifyIssue("sidecar-unused", { path }),
    words: ({ path }, context) =>
      about(path, context, "no executable beside it uses this sidecar", "remove it if its executable is gone for good"),
  },
  // Every executable starts, until the store is cleaned.
  "gc-root-gone": {
    severity: "warning",
    schema: ({ path, verifyIssue }) => verifyIssue("gc-root-gone", { path, root: path, storePath: path }),
    words: ({ path, root, storePath }, context) =>
      about(
        path,
        context,
        `nothing keeps ${escapeControls(storePath)} from the garbage collector any more: ${showPath(root, context)} is gone, or unknown to Nix`,
        `wrap again, which makes it: wrap-buddy ${showPath(path, context)}`,
      ),
  },
  // It starts, as long as the other is where it is, and as it is.
  "sidecar-of-other": {
    severity: "warning",
    schema: ({ path, verifyIssue }) => verifyIssue("sidecar-of-other", { path, sidecarPath: path, owner: path }),
    words: ({ path, sidecarPath, owner }, context) =>
      about(
        path,
        context,
        `its sidecar ${showPath(sidecarPath, context)} belongs to ${showPath(owner, context)}, which it was copied from or made by`,
        `give it its own, or none: wrap-buddy ${showPath(path, context)}, or wrap-buddy unwrap ${showPath(path, context)}`,
      ),
  },
  leftover: {
    severity: "warning",
    schema: ({ path, verifyIssue }) => verifyIssue("leftover", { path }),
    words: ({ path }, context) =>
      about(path, context, "left by a run that was stopped", "wrap again, which removes it"),
  },
} as const satisfies IssueTable<VerifyIssue>;

const words: { readonly [Kind in VerifyIssue["kind"]]: Required<Pick<IssueEntry<VerifyIssue>, "words">> } =
  verifyIssues;

/** Tells what only `verify` says from what other commands say too. */
export function isVerifyIssue(issue: FoundIssue): issue is VerifyIssue {
  return issue.kind in verifyIssues;
}

/** The severity of an issue that only `verify` has. */
export function severityOfVerifyIssue(issue: VerifyIssue): "error" | "warning" {
  return verifyIssues[issue.kind].severity;
}

/** An error means: no, what was wrapped is not whole. */
export function severityOfFound(issue: FoundIssue): Severity {
  return isVerifyIssue(issue) ? severityOfVerifyIssue(issue) : severityOf(issue);
}

/** The words for one issue that only `verify` has. */
export function describeVerifyIssue(issue: VerifyIssue, context: ReportContext): MessageText {
  return words[issue.kind].words(issue, context);
}
