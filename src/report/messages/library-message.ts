// Trouble with libraries, in words. The issues of all files come in together and are grouped: one missing library is
// one thing to do, however many executables want it.

import type { LibraryIssue, RejectionReason } from "../../linker/solve/library-issue.ts";
import { type ReportContext, showPath } from "../context.ts";
import type { Issue } from "../issue.ts";
import { showSetting } from "../settings.ts";
import { listOf } from "../words.ts";
import type { Message } from "./message.ts";
import { describeMissingLibraries } from "./missing-library-message.ts";
import { describeMissingVersions } from "./missing-version-message.ts";

type IssueOf<Kind extends LibraryIssue["kind"]> = Extract<LibraryIssue, { readonly kind: Kind }>;

const libraryIssueKinds: { readonly [Kind in LibraryIssue["kind"]]: true } = {
  "missing-library": true,
  "missing-version": true,
  "duplicate-soname": true,
  "rejected-candidate": true,
  "dlopen-missing": true,
};

/** Tells the issues of the dynamic linker on paper from the others. */
export function isLibraryIssue(issue: Issue): issue is LibraryIssue {
  return issue.kind in libraryIssueKinds;
}

/** The messages for the library issues of all files. */
export function describeLibraryIssues(issues: readonly LibraryIssue[], context: ReportContext): readonly Message[] {
  const missing: IssueOf<"missing-library">[] = [];
  const versions: IssueOf<"missing-version">[] = [];
  const others = new Map<string, Message>();
  for (const issue of issues) {
    if (issue.kind === "missing-library") missing.push(issue);
    else if (issue.kind === "missing-version") versions.push(issue);
    else {
      const message = describeOther(issue, context);
      others.set(`${message.severity} ${message.headline}`, message);
    }
  }
  return [
    ...others.values(),
    ...describeMissingVersions(versions, context),
    ...describeMissingLibraries(missing, context),
  ];
}

/** What a file is that has the right name and is not taken; a path stands before it. */
export const rejections: { readonly [Reason in RejectionReason]: string } = {
  "wrong-machine": "is for another machine",
  "wrong-class": "is of another class (32-bit or 64-bit)",
  "not-elf": "is not an ELF file",
  damaged: "is damaged",
  unreadable: "cannot be read",
  executable: "is an executable, which cannot be loaded as a library",
  "inexpressible-directory": "lies in a directory whose name a run path cannot hold (a colon or a $ token in it)",
};

type OtherIssue = Exclude<LibraryIssue, { readonly kind: "missing-library" | "missing-version" }>;

function describeOther(issue: OtherIssue, context: ReportContext): Message {
  const { severity } = issue;
  const show = (path: string): string => showPath(path, context);
  switch (issue.kind) {
    case "duplicate-soname":
      return {
        severity,
        headline: `${issue.name} is there more than once: ${show(issue.taken)} is taken`,
        details: issue.notTaken.map((path) => `not taken: ${show(path)}`),
        help: [],
      };
    case "rejected-candidate":
      return {
        severity,
        headline: `${show(issue.path)}: not taken for ${show(issue.name)}: it ${rejections[issue.reason]}`,
        details: [],
        help: [],
      };
    case "dlopen-missing":
      return describeDlopen(issue, context);
    default:
      return issue satisfies never;
  }
}

/** Source: the ELF dlopen metadata specification (UAPI group): the meaning of the three priorities. */
function describeDlopen(issue: IssueOf<"dlopen-missing">, context: ReportContext): Message {
  const names = listOf(
    issue.alternatives.map((name) => showPath(name, context)),
    "or",
  );
  const { surface } = context;
  const wanted = issue.feature === undefined ? issue.priority : `${issue.priority} for ${issue.feature}`;
  const libraries = showSetting("libraries", surface);
  const ignore = showSetting("ignoreMissing", surface);
  const it = issue.alternatives.length === 1 ? "it" : "one of them";
  return {
    severity: issue.severity,
    headline: `${showPath(issue.neededBy, context)}: ${names} not found, which it opens while it runs (${wanted})`,
    details: issue.neededBy === issue.executable ? [] : [`loaded by ${showPath(issue.executable, context)}`],
    help: [
      surface === "cli"
        ? `give the directory that holds ${it} with ${libraries}, or name it in ${ignore}`
        : `add the package that has ${it} to ${libraries}, or list it in ${ignore}`,
    ],
  };
}
