// The first look at every file: what it is, and whether it is to be wrapped. Nothing is planned before all have had it,
// because the shared libraries among them are where the executables may find what they need.

import { baseName } from "../base/path.ts";
import { PT_NULL } from "../elf/constants.ts";
import type { ElfFile } from "../elf/elf-file.ts";
import type { Candidate } from "../files/discovery.ts";
import { isDamagedExecutable } from "../files/kind/damaged-executable.ts";
import { classify } from "../files/kind/eligibility.ts";
import { judgeHead, type Skipped, skip } from "../files/kind/header-verdict.ts";
import type { EligibilityFacts } from "../files/kind/skip-reason.ts";
import { type ReadableFile, readableFile } from "../files/read-file.ts";
import { architectures } from "../patch/architecture/architectures.ts";
import { type Original, originalElf, readInPlaceOriginal, readOriginal } from "../patch/original.ts";
import type { PatchIssue } from "../patch/patch-issue.ts";
import { toolsDoing } from "./damaged-file.ts";
import type { LeftAlone } from "./left-alone.ts";

/** What a file is. */
export type Examined =
  | EligibleFile
  | LibraryFile
  | { readonly kind: "left-alone"; readonly file: LeftAlone }
  /** Wrapped before, and not to be understood any more. */
  | { readonly kind: "broken"; readonly path: string; readonly issue: PatchIssue };

/** An executable that is to be wrapped. What has been read of it is kept, so that planning does not read it again. */
export interface EligibleFile {
  readonly kind: "eligible";
  readonly candidate: Candidate;
  readonly file: ReadableFile;
  /** What it was before it was wrapped. */
  readonly original: UsableOriginal;
}

/** A shared library or plug-in: looked for by others, and perhaps given a run path of its own. */
export interface LibraryFile {
  readonly kind: "library";
  readonly candidate: Candidate;
  readonly file: ReadableFile;
  readonly original: UsableOriginal;
  /** What is said of it where nothing is done. */
  readonly leftAlone: LeftAlone;
}

export type UsableOriginal = Exclude<Original, { readonly kind: "damaged" }>;

/** Looks at one file. */
export function examine(candidate: Candidate, storeDirectory: string): Examined {
  const { path, isNamed, head, size } = candidate;
  const facts: EligibilityFacts = { supported: architectures, storeDirectory };
  const early = judgeHead(head, size, facts);
  if (early !== undefined) return leftAlone(candidate, early);
  const file = readableFile(path, size);
  const reading = file.use((elf) => judge(elf, path, facts));
  switch (reading.kind) {
    case "damaged":
      return damaged(candidate, file, { reason: "damaged", defect: reading.defect }, facts);
    case "unreadable":
      return { kind: "left-alone", file: { path, isNamed, reason: "unreadable", detail: reading.code } };
    case "read":
      break;
    default:
      return reading satisfies never;
  }
  const verdict = reading.result;
  switch (verdict.kind) {
    case "eligible":
      if (!mayBeStarted(candidate, verdict.original)) return leftAlone(candidate, skip("no-execute-bit"));
      return { kind: "eligible", candidate, file, original: verdict.original };
    case "library": {
      const { kind: _, original, ...why } = verdict;
      return { kind: "library", candidate, file, original, leftAlone: { path, isNamed, ...why } };
    }
    case "broken":
      return { kind: "broken", path, issue: verdict.issue };
    case "skipped":
      if (verdict.reason === "damaged") return damaged(candidate, file, verdict, facts);
      return leftAlone(candidate, verdict);
    default:
      return verdict satisfies never;
  }
}

/** Of a directory, data of tests is not rewritten: executables that nobody can start. One that was wrapped is ours. */
function mayBeStarted({ isNamed, mode }: Candidate, original: UsableOriginal): boolean {
  return isNamed || (mode & 0o111) !== 0 || original.kind !== "unwrapped";
}

function leftAlone({ path, isNamed }: Candidate, { kind: _, ...why }: Skipped): Examined {
  return { kind: "left-alone", file: { path, isNamed, ...why } };
}

function damaged(
  candidate: Candidate,
  file: ReadableFile,
  { reason, defect }: Pick<Skipped, "reason" | "defect">,
  facts: EligibilityFacts,
): Examined {
  const { path, isNamed } = candidate;
  const issue = toolsDoing(path);
  if (issue !== undefined) return { kind: "broken", path, issue };
  const reading = file.useBytes((source) => isDamagedExecutable(source, baseName(path), facts));
  const isExecutable = reading.kind === "read" && reading.result;
  return { kind: "left-alone", file: { path, isNamed, reason, ...(defect && { defect }), isExecutable } };
}

type Verdict =
  | Skipped
  | { readonly kind: "eligible"; readonly original: UsableOriginal }
  | (Omit<Skipped, "kind"> & { readonly kind: "library"; readonly original: UsableOriginal })
  | { readonly kind: "broken"; readonly issue: PatchIssue };

function judge(current: ElfFile, path: string, facts: EligibilityFacts): Verdict {
  const now = classify(current, path, facts);
  const isLibrary = now.kind === "skipped" && now.reason === "shared-library";
  // An executable without an interpreter may look like one.
  if (isLibrary && !mayBeWrapped(current)) return judgeLibrary(current, path, now);
  if (now.kind === "skipped" && now.reason !== "already-nix" && !mayBeWrapped(current)) return now;
  const original = readOriginal(current, path);
  if (original.kind === "damaged") return { kind: "broken", issue: original.issue };
  const verdict = original.kind === "unwrapped" ? now : classify(originalElf(current, original), path, facts);
  if (verdict.kind === "eligible") return { kind: "eligible", original };
  return verdict.reason === "shared-library" ? judgeLibrary(current, path, verdict) : verdict;
}

/** A library never has a stub. What is wrong with its dynamic array, whoever needs it says. */
function judgeLibrary(current: ElfFile, path: string, now: Skipped): Verdict {
  const original = readInPlaceOriginal(current, path);
  if (original.kind === "damaged") return { kind: "broken", issue: original.issue };
  return { ...now, kind: "library", original };
}

/**
 * False where looking for a stub is not worth reading the entry point: a wrapped executable has a cleared program
 * header, or, where a run was stopped before that, still looks like one to wrap.
 */
function mayBeWrapped(elf: ElfFile): boolean {
  return elf.programHeaders.some(({ type }) => type === PT_NULL);
}
