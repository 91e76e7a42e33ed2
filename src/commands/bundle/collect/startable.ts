// Which of what was given can be started, and what becomes of the rest.

import { statSync } from "node:fs";
import { systemPath } from "../../../base/path.ts";
import { unlessRefused } from "../../../base/system-error.ts";
import { discover } from "../../../files/discover.ts";
import type { SkipReason } from "../../../files/kind/skip-reason.ts";
import { readElfFile } from "../../../files/read-file.ts";
import type { RequestIssue } from "../../../files/request-issue.ts";
import type { Examined } from "../../../planning/examine.ts";
import { unread } from "../../../planning/issues-of-skipped.ts";
import { nameOtherFormat } from "../../../planning/other-format.ts";
import type { AnyBundleIssue } from "../bundle-issue.ts";
import type { GivenProgram } from "./given-programs.ts";
import type { Scripts } from "./scripts.ts";

/** Executables that need nothing else. */
const needsNothing: ReadonlySet<SkipReason> = new Set(["static", "static-pie", "go-static"]);

/** Executables that start where what they need is, which nothing here can say. */
const takenAlone: ReadonlySet<SkipReason> = new Set([
  "upx-packed",
  "appimage",
  "other-machine",
  "other-os-abi",
  "other-c-library",
  "x32",
]);

export interface Startable {
  readonly programs: readonly GivenProgram[];
  /** Shared libraries that the request names: without symlinks. They are taken with what they need. */
  readonly libraries: readonly string[];
  readonly issues: readonly AnyBundleIssue[];
}

/** `given`: what the request names, for the message that nothing of it is a program. */
export function startableOf(
  programs: readonly GivenProgram[],
  files: readonly Examined[],
  { paths }: Pick<Scripts, "paths">,
  given: readonly string[],
): Startable {
  const kinds = new Map(files.map((file) => [pathOf(file), file]));
  const started: GivenProgram[] = [];
  const libraries: string[] = [];
  const issues: AnyBundleIssue[] = [];
  for (const program of programs) {
    const { realPath, isNamed } = program;
    const file = kinds.get(realPath);
    const reason = reasonToTakeAlone(file);
    if (reason !== undefined) {
      started.push({ ...program, isTakenAlone: true });
      issues.push({ kind: "taken-alone", path: program.path, reason });
    } else if (isStarted(file) || paths.has(realPath)) started.push(program);
    else if (isNamed && file?.kind === "library") libraries.push(realPath);
    else if (isNamed) for (const issue of whyNotStarted(program, file)) issues.push(issue);
  }
  for (const { path, realPath } of started) {
    if (hasSetId(realPath)) issues.push({ kind: "rights-not-kept", path });
  }
  // A directory of programs that this user may not read is not one without programs.
  if (started.length === 0 && issues.length === 0) {
    for (const { realPath } of programs) for (const issue of whyUnusable(realPath)) issues.push(issue);
  }
  const [first] = given;
  if (started.length === 0 && issues.length === 0 && first !== undefined) {
    issues.push({ kind: "no-program", path: first, count: given.length });
  }
  return { programs: started, libraries, issues };
}

function pathOf(file: Examined): string {
  if (file.kind === "left-alone") return file.file.path;
  return file.kind === "broken" ? file.path : file.candidate.path;
}

/** One that is broken has an issue of its own. */
function isStarted(file: Examined | undefined): boolean {
  if (file?.kind !== "left-alone") return file?.kind === "eligible" || file?.kind === "broken";
  return needsNothing.has(file.file.reason) || takenAlone.has(file.file.reason);
}

/** Undefined of one that names no dynamic linker, unless another program is packed in it. */
function reasonToTakeAlone(file: Examined | undefined): SkipReason | undefined {
  if (file?.kind !== "left-alone" || !takenAlone.has(file.file.reason)) return undefined;
  const { path, reason } = file.file;
  const reading = readElfFile(path, (elf) => elf.interpreter());
  const isDynamic = reading.kind === "read" && reading.result !== undefined;
  return isDynamic || reason === "upx-packed" ? reason : undefined;
}

function whyNotStarted({ path, realPath }: GivenProgram, file: Examined | undefined): readonly AnyBundleIssue[] {
  if (file?.kind === "left-alone") return [{ kind: "not-a-program", path, reason: file.file.reason }];
  const unusable = whyUnusable(realPath);
  if (unusable.length > 0) return unusable.map((issue) => ({ ...issue, path }));
  const detail = nameOtherFormat(realPath);
  return [{ kind: "not-a-program", path, reason: "not-elf", ...(detail === undefined ? {} : { detail }) }];
}

/** Nothing of a file that can be read and has something in it. */
function whyUnusable(path: string): readonly RequestIssue[] {
  const { issues, skipped } = discover([path], { recurse: false, exclude: [] });
  return [...issues, ...skipped.filter(({ reason }) => reason === "empty").flatMap(unread)];
}

function hasSetId(path: string): boolean {
  const status = unlessRefused(() => statSync(systemPath(path)), undefined);
  return status !== undefined && (status.mode & 0o6000) !== 0;
}
