// From what is asked for to a bundle:
//
//     collect ──▶ lay out ──▶ copy ──▶ wrap ──▶ trace ──▶ pack
//
// All of it is made in a directory beside the output, which takes its name last: a run that fails leaves nothing.

import { chmodSync, lstatSync, mkdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { isDirectory, readEntries } from "../../base/directory-entries.ts";
import { baseName, directoryOf, joinPath, systemPath } from "../../base/path.ts";
import { realPathOf } from "../../base/real-path.ts";
import { unlessRefused } from "../../base/system-error.ts";
import { makeUniqueDirectory } from "../../base/unique-directory.ts";
import { readElfFile } from "../../files/read-file.ts";
import { attempt, CallError } from "../../patch/write/system-call.ts";
import { describeErrorCode } from "../../report/words.ts";
import type { AnyBundleIssue } from "./bundle-issue.ts";
import { severityOfAny } from "./bundle-issues.ts";
import type { BundleReport, ReportedFile } from "./bundle-report.ts";
import type { BundleRequest } from "./bundle-request.ts";
import { type Collection, collect } from "./collect/collect.ts";
import type { BundleEntry } from "./collect/collected.ts";
import { placeOf } from "./collect/layout.ts";
import { findEscapes } from "./escapes/find-escapes.ts";
import type { OpenedOutside } from "./escapes/read-trace.ts";
import { traceRun } from "./escapes/trace.ts";
import { copyEntries, directoryMode } from "./make/copy.ts";
import { copyTree, removeTree, setTimes } from "./make/directory-tree.ts";
import { pack } from "./make/pack.ts";
import { inItsPlace, layOutPrograms } from "./make/programs.ts";
import { withSameFiles } from "./make/same-files.ts";
import { toldPlaces } from "./make/told-places.ts";
import { wrapCopies } from "./make/wrap-copies.ts";

/** Makes a bundle. Expected trouble is in the report; what is thrown is a bug. `workingDirectory`: of a traced run. */
export function bundle(request: BundleRequest, workingDirectory: string): BundleReport {
  const collection = collect(request);
  const escapes = findEscapes(collection.layout, request.storeDirectory, replacedBy(collection));
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
  const issues: AnyBundleIssue[] = [...outputIssues(request), ...collection.issues, ...binIssues, ...told.issues];
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
        : trace(request.traceRun, directory, workingDirectory, { ...request, layout });
    const all = [...issues, ...(traced?.issues ?? [])];
    const opened = traced?.opened === undefined ? {} : { opened: traced.opened };
    if (hasError(all)) return { libraryCounts, issues: all, ...opened };
    setTimes(directory);
    return { libraryCounts, ...opened, issues: [...all, ...pack(directory, output, format, isSynced)] };
  } finally {
    removeTree(staging);
  }
}

/** Of a copy, since programs write into their own directories (`__pycache__`). */
function trace(
  command: string,
  directory: string,
  workingDirectory: string,
  { strict, layout }: BundleRequest & Pick<Collection, "layout">,
): { readonly issues: readonly AnyBundleIssue[]; readonly opened?: readonly OpenedOutside[] } {
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

/** Of a copy that failed: it is of no use to say for which of the files. Source: write(2), copy_file_range(2). */
const noRoom: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

function outputIssues({ output }: BundleRequest): readonly AnyBundleIssue[] {
  const isThere = unlessRefused(() => lstatSync(systemPath(output), { throwIfNoEntry: false }), undefined);
  if (isThere !== undefined) return [{ kind: "output-exists", path: output }];
  const above = directoryOf(output);
  if (!isDirectory(above)) return [{ kind: "output-impossible", path: output, code: "ENOENT" }];
  const stopped = stagingNames(output);
  return unlessRefused(() => readEntries(above), [])
    .filter(({ name, kind }) => kind === "directory" && name.startsWith(stopped) && name.length === stopped.length + 6)
    .map(({ name }) => ({ kind: "left-behind", path: joinPath(above, name) }));
}

/** How the names of directories begin in which a bundle is put together; six letters follow. */
function stagingNames(output: string): string {
  return `.${baseName(output)}.wrapbuddy-`;
}

function reportedFile(entry: BundleEntry): readonly ReportedFile[] {
  if (entry.kind !== "file") return [];
  const { place, from, sameAs } = entry;
  const size = unlessRefused(() => statSync(systemPath(from)).size, 0);
  return [{ place, from, size, ...(sameAs === undefined ? {} : { sameAs }) }];
}

/** What an executable or a library names, and the bundle's wrapping replaces. */
function replacedBy({
  executables,
  libraries,
  wrappers,
  moduleLists,
}: Collection): (path: string) => readonly string[] | "all" {
  const changed = new Set([...executables, ...libraries].map(({ path }) => path));
  return (path) => {
    if (wrappers.has(path) || moduleLists.has(path)) return "all";
    if (!changed.has(path)) return [];
    const reading = readElfFile(path, (elf) => {
      const dynamic = elf.dynamic();
      const entries = (dynamic?.runpath ?? dynamic?.rpath ?? "").split(":");
      return [elf.interpreter() ?? "", ...entries];
    });
    return reading.kind === "read" ? reading.result : [];
  };
}

function hasError(issues: readonly AnyBundleIssue[]): boolean {
  return issues.some((issue) => severityOfAny(issue) === "error");
}
