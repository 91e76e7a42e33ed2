// A bundle's traced run: what it finds becomes issues.

import { tmpdir } from "node:os";
import { joinPath } from "../../../base/path.ts";
import { realPathOf } from "../../../base/real-path.ts";
import { makeUniqueDirectory } from "../../../base/unique-directory.ts";
import { attempt, CallError } from "../../../patch/write/system-call.ts";
import { describeErrorCode } from "../../../report/words.ts";
import type { AnyBundleIssue } from "../bundle-issue.ts";
import type { Layout } from "../collect/layout.ts";
import { copyTree, removeTree } from "../make/directory-tree.ts";
import type { OpenedOutside } from "./read-trace.ts";
import { traceRun } from "./trace.ts";

export interface TracedCopy {
  readonly issues: readonly AnyBundleIssue[];
  readonly opened?: readonly OpenedOutside[];
}

/** Runs `command` with a copy of the bundle, since programs write into their own directories (`__pycache__`). */
export function traceCopy(
  command: string,
  directory: string,
  workingDirectory: string,
  { strict, layout }: { readonly strict: boolean; readonly layout: Pick<Layout, "contains"> },
): TracedCopy {
  const above = realPathOf(tmpdir()) ?? tmpdir();
  const place = attempt(above, "mkdtemp", () => makeUniqueDirectory(joinPath(above, "wrap-buddy-bundle-")));
  try {
    const copy = joinPath(place, "bundle");
    copyTree(directory, copy);
    const traced = traceRun(command, copy, workingDirectory, place);
    if (traced.kind === "failed") return { issues: [{ kind: "trace-failed", command, reason: traced.reason }] };
    const { opened, status } = traced;
    const failed: readonly AnyBundleIssue[] =
      status === 0 ? [] : [{ kind: "trace-failed", command, reason: `exit status ${status}` }];
    const severity = strict ? "error" : "warning";
    return {
      opened,
      issues: [
        ...failed,
        ...opened.map(
          ({ place: path, opened: what, does }) =>
            ({
              kind: "opened-outside",
              severity,
              path,
              opened: what,
              isBundled: layout.contains(realPathOf(what) ?? what),
              does,
            }) as const,
        ),
      ],
    };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    const reason = `${above}: ${describeErrorCode(error.issue.code)}`;
    return { issues: [{ kind: "trace-failed", command, reason }] };
  } finally {
    removeTree(place);
  }
}
