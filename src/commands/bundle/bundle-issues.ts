// What only `bundle` finds wrong: every kind with its severity, its words and its JSON.

import { skipReasons } from "../../files/kind/skip-reason.ts";
import { escapeControls, type ReportContext, showPath } from "../../report/context.ts";
import { severityOf } from "../../report/issues/all-issues.ts";
import { about, type IssueEntry, type IssueTable, type MessageText } from "../../report/issues/issue-table.ts";
import { nameSkipReason } from "../../report/messages/skip-reason-words.ts";
import type { Severity } from "../../report/severity.ts";
import { countOf, describeErrorCode, listOf } from "../../report/words.ts";
import type { AnyBundleIssue, BundleIssue } from "./bundle-issue.ts";

type NotTaken = Extract<BundleIssue, { readonly kind: "not-taken" }>;

function whyNotTaken({ why, target = "", code = "" }: NotTaken, context: ReportContext): string {
  switch (why) {
    case "special":
      return "neither a file nor a directory";
    case "unreadable":
      return describeErrorCode(code);
    case "leads-nowhere":
      return `a link to ${showPath(target, context)}, which is not there`;
    case "leads-outside":
      return `a link to the directory ${showPath(target, context)}, which is not given`;
    default:
      return why satisfies never;
  }
}

function namedOutside(path: string, by: string, context: ReportContext): MessageText {
  const what = `not in the bundle, and ${escapeControls(by)} names it: it is looked for there where the bundle runs`;
  return about(path, context, what, "give it too");
}

/** Every kind, with its severity, its words and its JSON. */
export const bundleIssues = {
  "output-exists": {
    severity: "error",
    schema: ({ path, issue }) => issue("output-exists", { path }),
    words: ({ path }, context) =>
      about(path, context, "is there already, and a bundle replaces nothing", "remove it, or name another --output"),
  },
  "name-taken": {
    severity: "error",
    schema: ({ path, issue, z }) => issue("name-taken", { path, other: path, name: z.string() }),
    words: ({ path, other, name }, context) =>
      about(
        path,
        context,
        `bin/${escapeControls(name)} is ${showPath(other, context)} already`,
        "make two bundles, or give it through a link of another name",
      ),
  },
  "not-a-program": {
    severity: "error",
    schema: ({ path, issue, z }) =>
      issue("not-a-program", { path, reason: z.enum(skipReasons), detail: z.optional(z.string()) }),
    words: ({ path, reason, detail }, context) =>
      about(
        path,
        context,
        reason === "not-elf"
          ? `neither an ELF file nor a script with #!${detail === undefined ? "" : `: it is ${escapeControls(detail)}`}`
          : `cannot be started by anybody: ${nameSkipReason(reason)}`,
        reason === "damaged"
          ? "fetch it again if it was cut short"
          : "give the directory that it belongs to: it is taken with all that is in it",
      ),
  },
  "no-program": {
    severity: "error",
    schema: ({ path, issue, z }) => issue("no-program", { path, count: z.int() }),
    words: ({ path, count }, context) =>
      about(
        path,
        context,
        `${count === 1 ? "has" : `and ${countOf(count - 1, "other path")} have`} no program: no executable file in bin, nor beside it`,
        "name the program too",
      ),
  },
  "taken-alone": {
    severity: "warning",
    schema: ({ path, issue, z }) => issue("taken-alone", { path, reason: z.enum(skipReasons) }),
    words: ({ path, reason }, context) =>
      about(
        path,
        context,
        `taken without a dynamic linker and libraries: ${nameSkipReason(reason)}`,
        reason === "upx-packed" ? "unpack it first with upx -d" : "it starts only where those that it needs are",
      ),
  },
  "rights-not-kept": {
    severity: "warning",
    schema: ({ path, issue }) => issue("rights-not-kept", { path }),
    words: ({ path }, context) =>
      about(
        path,
        context,
        "has set-ID bits, which its copy has not: it runs with the rights of whoever starts it",
        "install a program that needs them: a bundle belongs to whoever unpacks it",
      ),
  },
  "output-impossible": {
    severity: "error",
    schema: ({ path, issue, errorCode }) => issue("output-impossible", { path, code: errorCode }),
    words: ({ path, code }, context) =>
      about(
        path,
        context,
        `cannot be made: ${describeErrorCode(code)}`,
        code === "ENOENT" || code === "ENOTDIR"
          ? "make the directory that it is to lie in, or name another --output"
          : "name an --output in a directory that has room and that this user may write to",
      ),
  },
  "left-behind": {
    severity: "warning",
    schema: ({ path, issue }) => issue("left-behind", { path }),
    words: ({ path }, context) =>
      about(path, context, "left by a run that was stopped, or of one that is under way", "remove it if none is"),
  },
  "not-taken": {
    severity: "warning",
    schema: ({ path, issue, errorCode, z }) =>
      issue("not-taken", {
        path,
        why: z.enum(["special", "unreadable", "leads-nowhere", "leads-outside"]),
        target: z.optional(path),
        code: z.optional(errorCode),
      }),
    words: (found, context) =>
      about(
        found.path,
        context,
        `not in the bundle: ${whyNotTaken(found, context)}`,
        found.why === "leads-outside" ? `give ${showPath(found.target ?? "", context)} too` : undefined,
      ),
  },
  "interpreter-elsewhere": {
    severity: "warning",
    schema: ({ path, issue, z }) => issue("interpreter-elsewhere", { path, interpreter: z.string() }),
    words: ({ path, interpreter }, context) =>
      about(
        path,
        context,
        `a script that ${escapeControls(interpreter)} starts, which is not in the bundle: it starts where that is there`,
        interpreter.endsWith("\r")
          ? "end its first line as Unix does: the kernel takes \\r for a part of the name"
          : `give ${escapeControls(interpreter)} too, with its directory of modules`,
      ),
  },
  "too-many-interpreters": {
    severity: "error",
    schema: ({ path, issue, z }) => issue("too-many-interpreters", { path, most: z.int() }),
    words: ({ path, most }, context) =>
      about(
        path,
        context,
        `its interpreter is a script, whose interpreter is one, and so on: more than the ${most} scripts that the kernel starts (ELOOP)`,
        "name an interpreter in it that is a program",
      ),
  },
  "wrapper-names-store": {
    severity: "warning",
    schema: ({ path, issue }) => issue("wrapper-names-store", { path, target: path }),
    words: ({ path, target }, context) =>
      about(
        path,
        context,
        `a wrapper that starts ${showPath(target, context)} by that path, which leads nowhere without the store`,
        `bundle ${showPath(target, context)} itself, with --set for its variables; or have the wrapper made by makeBinaryWrapper, without --chdir`,
      ),
  },
  "variable-names-outside": {
    severity: "warning",
    schema: ({ path, issue, z }) => issue("variable-names-outside", { variable: z.string(), path }),
    words: ({ variable, path }, context) => namedOutside(path, variable, context),
  },
  "argument-names-outside": {
    severity: "warning",
    schema: ({ path, issue, z }) => issue("argument-names-outside", { program: z.string(), path }),
    words: ({ program, path }, context) => namedOutside(path, `an argument of bin/${program}`, context),
  },
  "argument-without-program": {
    severity: "error",
    schema: ({ issue, z }) => issue("argument-without-program", { program: z.string(), programs: z.array(z.string()) }),
    words: ({ program, programs }) => ({
      headline: `bin/${escapeControls(program)}: is to get an argument, and is not in the bundle`,
      details: [],
      help: programs.length === 0 ? [] : [`name one that is: ${listOf(programs.map(escapeControls))}`],
    }),
  },
  "place-not-given": {
    severity: "note",
    schema: ({ path, issue, z }) =>
      issue("place-not-given", { path, by: path, told: z.optional(z.string()), give: path }),
    words: ({ path, by, told, give }, context) =>
      about(
        path,
        context,
        `not in the bundle, and ${escapeControls(by)} looks for it`,
        `give ${showPath(give, context)} too: it is found there then${told === undefined ? "" : `, by ${told}`}`,
      ),
  },
  "data-without-interpreter": {
    severity: "warning",
    schema: ({ path, issue }) => issue("data-without-interpreter", { path, named: path }),
    words: ({ path, named }, context) =>
      about(
        path,
        context,
        `copied as it is: there is no dynamic linker for it here (it names ${showPath(named, context)})`,
        "pass one with --interpreter if it is to be started",
      ),
  },
  "run-path-leads-out": {
    severity: "warning",
    schema: ({ path, issue, z }) => issue("run-path-leads-out", { path, entries: z.array(path) }),
    words: ({ path, entries }, context) =>
      about(
        path,
        context,
        `keeps a run path that leads out of the bundle${entries.length === 0 ? "" : ` (${listOf(entries.map(escapeControls))})`}: it has no room for another`,
        "what it needs is loaded before it by the executables; what it opens by name is not found there",
      ),
  },
  "trace-failed": {
    severity: "error",
    schema: ({ issue, z }) => issue("trace-failed", { command: z.string(), reason: z.string() }),
    words: ({ command, reason }) => ({
      headline: `the traced run of ${escapeControls(command)} failed: ${escapeControls(reason)}`,
      details: [],
      help: [
        "its own messages stand above; strace has to be on PATH, and a copy of the bundle to have room in $TMPDIR",
      ],
    }),
  },
  "opened-outside": {
    severity: "as-found",
    schema: ({ path, issue, z }) =>
      issue("opened-outside", { path, opened: path, isBundled: z.boolean(), does: z.enum(["opens", "starts"]) }),
    words: ({ path, opened, isBundled, does }) => ({
      headline: `${escapeControls(path)}: ${does} ${escapeControls(opened)}, ${isBundled ? "and not the copy in the bundle" : "which is not in the bundle"}`,
      details: [],
      help: [
        "give what it opens too, and tell the program where it is (--set, or an option of its own); a path that is written into a program stays",
      ],
    }),
  },
  "not-packed": {
    severity: "error",
    schema: ({ path, issue, z }) => issue("not-packed", { path, reason: z.string() }),
    words: ({ path, reason }, context) =>
      about(
        path,
        context,
        `could not be made: ${escapeControls(reason)}`,
        "zstd has to be on PATH, or use --format tar",
      ),
  },
} as const satisfies IssueTable<BundleIssue>;

const words: { readonly [Kind in BundleIssue["kind"]]: Required<Pick<IssueEntry<BundleIssue>, "words">> } =
  bundleIssues;

/** Tells what only `bundle` says from what other commands say too. */
export function isBundleIssue(issue: AnyBundleIssue): issue is BundleIssue {
  return issue.kind in bundleIssues;
}

/** The severity of an issue that only `bundle` has. */
export function severityOfBundleIssue(issue: BundleIssue): Severity {
  return issue.kind === "opened-outside" ? issue.severity : bundleIssues[issue.kind].severity;
}

/** An error means: there is no bundle. */
export function severityOfAny(issue: AnyBundleIssue): Severity {
  return isBundleIssue(issue) ? severityOfBundleIssue(issue) : severityOf(issue);
}

/** The words for one issue that only `bundle` has. */
export function describeBundleIssue(issue: BundleIssue, context: ReportContext): MessageText {
  return words[issue.kind].words(issue, context);
}
