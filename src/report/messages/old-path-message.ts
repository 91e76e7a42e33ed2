// Libraries that open others where the store was, in words: one message for all of them.

import type { LibraryIssue } from "../../linker/solve/library-issue.ts";
import { type ReportContext, showPath } from "../context.ts";
import { showSetting } from "../settings.ts";
import { countOf, listOf } from "../words.ts";
import type { Message } from "./message.ts";

type ByOldPath = Extract<LibraryIssue, { readonly kind: "opens-by-old-path" }>;

/** The warning, and the note. */
export function describeOldPaths(issues: readonly ByOldPath[], context: ReportContext): readonly Message[] {
  return (["note", "warning"] as const).flatMap((severity) => {
    const some = issues.filter((issue) => issue.severity === severity);
    return some.length === 0 ? [] : [describe(some, severity, context)];
  });
}

function describe(issues: readonly ByOldPath[], severity: Message["severity"], context: ReportContext): Message {
  const [first] = issues;
  const directories = (issue: ByOldPath) => listOf(issue.directories.map((path) => showPath(path, context)));
  const isOne = issues.length === 1 && first !== undefined;
  return {
    severity,
    headline: isOne
      ? `${showPath(first.path, context)}: looks for what it opens in ${directories(first)}, which is not there in a store that is moved`
      : `${countOf(issues.length, "library", "libraries")} look for what they open by paths that are not there in a store that is moved`,
    details: isOne ? [] : issues.map((issue) => `${showPath(issue.path, context)}: ${directories(issue)}`),
    help: [
      `name what ${isOne ? "it opens" : "they open"} in ${showSetting("needed", context.surface)}: then the executable loads it before; or make a bundle, which gives libraries relative run paths`,
    ],
  };
}
