// Whether every wrapped executable of a request is whole, and everything that it refers to is there. Reads only.

import { isInside } from "../../base/path.ts";
import { PT_NULL } from "../../elf/constants.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { discover } from "../../files/discover.ts";
import type { Candidate, Discovery } from "../../files/discovery.ts";
import { classify } from "../../files/kind/eligibility.ts";
import type { OnProgress } from "../../files/progress.ts";
import { readElfFile } from "../../files/read-file.ts";
import { resolveRoots } from "../../files/roots.ts";
import { createLibraryIndex } from "../../linker/search/library-index.ts";
import { toldOnce } from "../../linker/solve/told-once.ts";
import { architectures } from "../../patch/architecture/architectures.ts";
import type { FoundInPlace } from "../../patch/in-place/read-in-place.ts";
import { readOriginal, type WrappedOriginal } from "../../patch/original.ts";
import { executableOf, sidecarPathOf } from "../../patch/sidecar/file-names.ts";
import { createSidecarUsers, type SidecarUsers } from "../../patch/sidecar/sidecar-users.ts";
import { isThere } from "../../patch/write/leftovers.ts";
import { issueOfDamage } from "../../planning/damaged-file.ts";
import { linkedPaths, missingRoots, rootOf, rootsDirectoryOf } from "../../planning/gc-roots/roots-directory.ts";
import { referencesIn, storePathsOf } from "../../planning/gc-roots/store-paths.ts";
import { issuesOfSkipped } from "../../planning/issues-of-skipped.ts";
import { treesOf } from "../../planning/trees.ts";
import type { InspectedLoad } from "../../planning/what-loads/inspected-load-facts.ts";
import { createLinkers } from "../../planning/what-loads/linkers.ts";
import { verifyInPlace } from "./verify-in-place.ts";
import { severityOfFound } from "./verify-issues.ts";
import type { FoundIssue, VerifyIssue, VerifyOutcome, VerifyReport, VerifyRequest } from "./verify-report.ts";
import { type Run, verifyWrapped } from "./verify-wrapped.ts";

interface Checked extends Finding {
  readonly storePaths: readonly string[];
  readonly names: readonly string[];
}

interface Finding {
  readonly outcome: VerifyOutcome;
  /** What it refers to; absent where nothing was put into it. */
  readonly storePaths?: readonly string[];
  readonly issues: readonly FoundIssue[];
}

interface VerifyRun extends Run {
  readonly users: SidecarUsers;
}

/** Looks at what is asked for. Expected trouble is in the report; what is thrown is a bug. */
export function verify(request: VerifyRequest, onProgress?: OnProgress): VerifyReport {
  const { paths, ignoreMissing, storeDirectory } = request;
  const found = discover(paths, request, onProgress);
  const run: VerifyRun = {
    ignoreMissing,
    storeDirectory,
    index: createLibraryIndex(),
    trees: treesOf(paths, found.candidates),
    users: createSidecarUsers(),
    linkerAt: createLinkers(storeDirectory),
  };
  const checked = found.candidates.flatMap((candidate): readonly Checked[] => {
    const finding = check(candidate, run);
    onProgress?.("look", candidate.size, found.candidates.length);
    return finding === undefined ? [] : [{ storePaths: [], ...finding, names: candidate.names }];
  });
  const issues = [
    ...found.issues,
    // A yes is about the whole tree.
    ...issuesOfSkipped(found.skipped, "error"),
    ...toldOnce(checked.flatMap((file) => file.issues)),
    ...unusedSidecars(found, run.users),
    ...found.leftovers.map((path): VerifyIssue => ({ kind: "leftover", path })),
    ...emptyDirectories(found, paths, checked),
    ...goneRoots(request, checked),
  ];
  return {
    files: checked.map(({ outcome }) => outcome),
    issues,
    ok: !issues.some((issue) => severityOfFound(issue) === "error"),
  };
}

/** One file; undefined for one of a tree that is no executable to wrap. */
function check(candidate: Candidate, run: VerifyRun): Finding | undefined {
  const { path, isNamed } = candidate;
  const reading = readElfFile(path, (elf) => checkElf(elf, candidate, run));
  if (reading.kind === "read") return reading.result;
  const issue: FoundIssue =
    reading.kind === "damaged"
      ? issueOfDamage(path, reading.defect)
      : { kind: "cannot-read", path, code: reading.code };
  // Such a file of a tree is no executable of ours, unless it has a sidecar, or what was patched in place shows it.
  const isOurs = issue.kind !== "damaged-elf" && issue.kind !== "cannot-read";
  return isNamed || isOurs || isThere(sidecarPathOf(path)) ? failed(path, [issue]) : undefined;
}

function failed(path: string, issues: readonly FoundIssue[]): Finding {
  return { outcome: { kind: "failed", path }, issues };
}

function checkElf(elf: ElfFile, candidate: Candidate, run: VerifyRun): Finding | undefined {
  const original = readOriginal(elf, candidate.path);
  switch (original.kind) {
    case "damaged":
      return failed(candidate.path, [original.issue]);
    case "wrapped":
    case "in-place": {
      const dynamic = original.kind === "in-place" ? elf.dynamic() : undefined;
      const references = referencesIn(original, dynamic?.runpath ?? dynamic?.rpath ?? "");
      const finding =
        original.kind === "wrapped"
          ? checkWrapped(elf, original, candidate, run)
          : checkInPlace(elf, original, candidate, run);
      return { ...finding, storePaths: storePathsOf(references, run.storeDirectory) };
    }
    case "unwrapped":
      return checkUnwrapped(elf, candidate, run);
    default:
      return original satisfies never;
  }
}

function checkWrapped(elf: ElfFile, original: WrappedOriginal, candidate: Candidate, run: VerifyRun): Finding {
  const { path } = candidate;
  const { issues, load } = verifyWrapped(elf, original, candidate, run);
  if (load === undefined || issues.some((issue) => severityOfFound(issue) === "error")) return failed(path, issues);
  const { sidecarPath } = original;
  return {
    outcome: { kind: "fine", path, sidecarPath, interpreter: load.interpreter, libraries: librariesOf(load) },
    issues,
  };
}

function checkInPlace(elf: ElfFile, original: FoundInPlace, { path }: Candidate, run: VerifyRun): Finding {
  const { issues, load } = verifyInPlace(elf, original, path, run);
  const isLibrary = original.record.interpreter === undefined;
  const isBad = issues.some((issue) => severityOfFound(issue) === "error");
  if (isBad || (load === undefined && !isLibrary)) return failed(path, issues);
  if (load === undefined) return { outcome: { kind: "fine-library", path }, issues };
  return {
    outcome: { kind: "fine", path, interpreter: load.interpreter, libraries: librariesOf(load) },
    issues,
  };
}

function librariesOf(load: InspectedLoad): number {
  return load.objects.filter(({ provenance: { kind } }) => kind !== "executable" && kind !== "interpreter").length;
}

function checkUnwrapped(elf: ElfFile, candidate: Candidate, run: VerifyRun): Finding | undefined {
  const { path, isNamed } = candidate;
  const { storeDirectory, users } = run;
  const sidecarPath = sidecarPathOf(path);
  // Of a copy under another name it may be.
  const hasSidecar = isThere(sidecarPath) && !users.isUsed(sidecarPath);
  const verdict = classify(elf, path, { supported: architectures, storeDirectory });
  const reason = verdict.kind === "skipped" ? verdict.reason : undefined;
  const isCleared = elf.programHeaders.some(({ type, fileSize }) => type === PT_NULL && fileSize > 0);
  if (isCleared && (hasSidecar || reason === "dynamic-without-interpreter")) {
    return failed(path, [{ kind: "stub-gone", path }]);
  }
  if (!isNamed && !hasSidecar) {
    return reason === undefined ? { outcome: { kind: "not-wrapped", path, isNamed }, issues: [] } : undefined;
  }
  const detail = verdict.kind === "skipped" ? verdict.detail : undefined;
  const issue: VerifyIssue = {
    kind: "not-wrapped",
    path,
    ...(hasSidecar ? { sidecarPath } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(detail === undefined ? {} : { detail }),
  };
  return { outcome: { kind: "not-wrapped", path, isNamed }, issues: [issue] };
}

/** Those that no executable beside them uses. What an executable of that name is, its own issue has told. */
function unusedSidecars({ sidecars, candidates, skipped }: Discovery, users: SidecarUsers): readonly VerifyIssue[] {
  const excluded = skipped.filter(({ reason }) => reason === "excluded").map(({ path }) => path);
  const known = new Set([...candidates.flatMap(({ names }) => names), ...excluded]);
  return sidecars
    .filter((path) => !known.has(executableOf(path)) && !users.isUsed(path))
    .map((path) => ({ kind: "sidecar-unused", path }));
}

/** The roots that a tree has had: without the directory for them none were wanted. */
function goneRoots(
  { paths, gcRoots: under, stateDirectory }: VerifyRequest,
  checked: readonly Checked[],
): readonly VerifyIssue[] {
  return resolveRoots(paths).roots.flatMap(({ path }): readonly VerifyIssue[] => {
    const directory = rootsDirectoryOf(path, under);
    if (linkedPaths(directory) === undefined) return [];
    const own = checked.filter(({ outcome }) => isInside(outcome.path, path)).flatMap(({ storePaths }) => storePaths);
    return missingRoots(directory, [...new Set(own)].sort(), stateDirectory).map((storePath) => ({
      kind: "gc-root-gone",
      path,
      root: rootOf(directory, storePath),
      storePath,
    }));
  });
}

/** The directories of the request in which nothing is wrapped, or should be: a yes would mean nothing. */
function emptyDirectories(
  found: Discovery,
  paths: readonly string[],
  checked: readonly Checked[],
): readonly VerifyIssue[] {
  const isUnwrapped = ({ outcome, issues }: Checked) => outcome.kind === "not-wrapped" && issues.length === 0;
  const namesOf = (files: readonly Checked[]) => files.flatMap(({ names }) => names);
  const wrapped = namesOf(checked.filter((file) => !isUnwrapped(file)));
  const unwrapped = namesOf(checked.filter(isUnwrapped));
  const directories = resolveRoots(paths).roots.filter(({ kind }) => kind === "directory");
  const unread = new Set(found.issues.map(({ path }) => path));
  return directories
    .filter(({ given }) => !unread.has(given))
    .filter(({ path }) => !wrapped.some((name) => isInside(name, path)))
    .map(({ path }) => ({
      kind: "nothing-wrapped",
      path,
      hasExecutables: unwrapped.some((name) => isInside(name, path)),
    }));
}
