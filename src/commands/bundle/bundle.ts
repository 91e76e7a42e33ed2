// From what is asked for to a bundle:
//
//     collect ──▶ lay out ──▶ copy ──▶ wrap ──▶ trace ──▶ pack
//
// All of it is made in a directory beside the output, which takes its name last: a run that fails leaves nothing.

import { chmodSync, mkdirSync, statSync } from "node:fs";
import { directoryOf, joinPath, systemPath } from "../../base/path.ts";
import { realPathOf } from "../../base/real-path.ts";
import { unlessRefused } from "../../base/system-error.ts";
import { makeUniqueDirectory } from "../../base/unique-directory.ts";
import { attempt, CallError } from "../../patch/write/system-call.ts";
import type { AnyBundleIssue } from "./bundle-issue.ts";
import { severityOfAny } from "./bundle-issues.ts";
import type { BundleReport, ReportedFile } from "./bundle-report.ts";
import type { BundleRequest } from "./bundle-request.ts";
import { type Collection, collect } from "./collect/collect.ts";
import type { BundleEntry } from "./collect/collected.ts";
import { placeOf } from "./collect/layout.ts";
import { findEscapes } from "./escapes/find-escapes.ts";
import type { OpenedOutside } from "./escapes/read-trace.ts";
import { replacedBy } from "./escapes/replaced.ts";
import { traceCopy } from "./escapes/trace-copy.ts";
import { copyEntries, directoryMode } from "./make/copy.ts";
import { removeTree, setTimes } from "./make/directory-tree.ts";
import { outputIssues, stagingNames } from "./make/output.ts";
import { pack } from "./make/pack.ts";
import { inItsPlace, layOutPrograms } from "./make/programs.ts";
import { withSameFiles } from "./make/same-files.ts";
import { toldPlaces } from "./make/told-places.ts";
import { wrapCopies } from "./make/wrap-copies.ts";

/** Makes a bundle. Expected trouble is in the report; what is thrown is a bug. `workingDirectory`: of a traced run. */
export function bundle(request: BundleRequest, workingDirectory: string): BundleReport {
  const collection = collect(request);
  const issues: AnyBundleIssue[] = [...outputIssues(request.output), ...collection.issues];
  // They may have gigabytes: nobody waits for what is refused anyway.
  const escapes = hasError(issues)
    ? []
    : findEscapes(collection.layout, request.storeDirectory, replacedBy(collection));
  const told = toldPlaces(escapes, collection);
  const { entries: bin, programs, issues: binIssues } = layOutPrograms({ collection, told });
  const named = new Set(collection.programs.flatMap(({ isNamed, realPath }) => (isNamed ? [realPath] : [])));
  const laidOut = [
    ...bin,
    ...collection.layout
      .entries()
      .map((entry) => inItsPlace(entry, { collection, told }))
      // Whoever names a program means to start it, whatever its mode is.
      .map((entry) => (entry.kind === "file" && named.has(entry.from) ? { ...entry, isExecutable: true } : entry)),
  ];
  const changed = [...collection.executables, ...collection.libraries].map(({ path }) => placeOf(path));
  const entries = withSameFiles(laidOut, new Set(changed));
  for (const issue of [...binIssues, ...told.issues]) issues.push(issue);
  const report = {
    dryRun: request.dryRun,
    output: request.output,
    format: request.format,
    programs,
    files: entries.flatMap(reportedFile),
    escapes,
  };
  if (request.dryRun || hasError(issues)) return { ...report, issues, ok: !hasError(issues) };
  try {
    const made = make(entries, collection, request, workingDirectory);
    for (const issue of made.issues) issues.push(issue);
    return {
      ...report,
      programs: programs.map((program) => {
        const libraries =
          made.libraryCounts.get(program.path) ?? made.libraryCounts.get(realPathOf(program.path) ?? "");
        return libraries === undefined ? program : { ...program, libraries };
      }),
      ...(made.opened === undefined ? {} : { opened: made.opened }),
      issues,
      ok: !hasError(issues),
    };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    const { issue } = error;
    const isOfOutput = noRoom.has(issue.code) || issue.call === "mkdtemp";
    const failed = isOfOutput
      ? ({ kind: "output-impossible", path: request.output, code: issue.code } as const)
      : issue;
    return { ...report, issues: [...issues, failed], ok: false };
  }
}

interface Made {
  readonly libraryCounts: ReadonlyMap<string, number>;
  readonly opened?: readonly OpenedOutside[];
  readonly issues: readonly AnyBundleIssue[];
}

function make(
  entries: readonly BundleEntry[],
  { executables, libraries, originals, layout }: Collection,
  request: BundleRequest,
  workingDirectory: string,
): Made {
  const { output, format, isSynced } = request;
  const above = directoryOf(output);
  const staging = attempt(above, "mkdtemp", () =>
    makeUniqueDirectory(joinPath(realPathOf(above) ?? above, stagingNames(output))),
  );
  try {
    const directory = joinPath(staging, "bundle");
    attempt(directory, "mkdir", () => mkdirSync(systemPath(directory)));
    attempt(directory, "chmod", () => chmodSync(systemPath(directory), directoryMode));
    copyEntries(directory, entries, originals);
    const { libraryCounts, issues } = wrapCopies(directory, executables, libraries, request.ignoreMissing);
    if (hasError(issues)) return { libraryCounts, issues };
    const traced =
      request.traceRun === undefined
        ? undefined
        : traceCopy(request.traceRun, directory, workingDirectory, { strict: request.strict, layout });
    const all = [...issues, ...(traced?.issues ?? [])];
    const opened = traced?.opened === undefined ? {} : { opened: traced.opened };
    if (hasError(all)) return { libraryCounts, issues: all, ...opened };
    setTimes(directory);
    return { libraryCounts, ...opened, issues: [...all, ...pack(directory, output, format, isSynced)] };
  } finally {
    removeTree(staging);
  }
}

/** Of a copy that failed: it is of no use to say for which of the files. Source: write(2), copy_file_range(2). */
const noRoom: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

function reportedFile(entry: BundleEntry): readonly ReportedFile[] {
  if (entry.kind !== "file") return [];
  const { place, from, sameAs } = entry;
  const size = unlessRefused(() => statSync(systemPath(from)).size, 0);
  return [{ place, from, size, ...(sameAs === undefined ? {} : { sameAs }) }];
}

function hasError(issues: readonly AnyBundleIssue[]): boolean {
  return issues.some((issue) => severityOfAny(issue) === "error");
}
