// Symbol versions that a library does not provide, in words: one message an object and library.

import { groupBy } from "../../base/group-by.ts";
import type { LibraryIssue } from "../../linker/solve/library-issue.ts";
import { type ReportContext, showPath } from "../context.ts";
import { showSetting } from "../settings.ts";
import { listOf } from "../words.ts";
import { listSome } from "./list-some.ts";
import type { Message } from "./message.ts";

type MissingVersion = Extract<LibraryIssue, { readonly kind: "missing-version" }>;

/** The messages, in the order in which the versions were first missed. */
export function describeMissingVersions(issues: readonly MissingVersion[], context: ReportContext): readonly Message[] {
  const groups = groupBy(issues, ({ severity, neededBy, libraryPath }) =>
    JSON.stringify([severity, neededBy, libraryPath]),
  );
  return groups.flatMap((group) => describeGroup(group, context));
}

function describeGroup(group: readonly MissingVersion[], context: ReportContext): readonly Message[] {
  const [issue] = group;
  if (issue === undefined) return [];
  const { surface } = context;
  const versions = [...new Set(group.map(({ version }) => version))];
  const library = showPath(issue.library, context);
  const provided = issue.newestProvided === undefined ? "defines no versions" : `has up to ${issue.newestProvided}`;
  const loaders = [...new Set(group.map(({ executable }) => executable))].filter((path) => path !== issue.neededBy);
  const patterns = versions.map((version) => `${library}:${version}`);
  return [
    {
      severity: issue.severity,
      headline: `${showPath(issue.neededBy, context)} needs ${listOf(versions)} from ${library}, ${showPath(issue.libraryPath, context)} ${provided}`,
      details: loaders.length === 0 ? [] : [`loaded by ${listSome(loaders, context)}`],
      help: [
        `${newerLibrary(library, context)}, or list ${listOf(patterns)} in ${showSetting("ignoreMissing", surface)}`,
      ],
    },
  ];
}

// The C library comes with the interpreter: another one cannot be given by itself.
function newerLibrary(library: string, context: ReportContext): string {
  const { surface } = context;
  return /^lib(c|m|pthread|dl|rt|resolv|util)\.so\.\d+$/.test(library)
    ? `give the interpreter of a newer C library with ${showSetting("interpreter", surface)}`
    : `give a newer ${library} with ${showSetting("libraries", surface)}`;
}
