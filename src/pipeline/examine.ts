// The first look at every file: what it is, and whether it is to be wrapped. Nothing is planned before all have had it,
// because the shared libraries among them are where the executables may find what they need.

import type { Candidate } from "../discover.ts";
import { PT_NULL } from "../elf/constants.ts";
import type { ElfFile } from "../elf/model.ts";
import { architectures } from "../native/architectures.ts";
import type { PatchIssue } from "../patch/model.ts";
import { type Original, readOriginal } from "../patch/original.ts";
import { classify } from "../policy/eligibility.ts";
import type { Eligibility, EligibilityFacts } from "../policy/model.ts";
import { readElfFile } from "./read-file.ts";
import type { LeftAlone } from "./skipped-file.ts";

/** What a file is. */
export type Examined =
  | { readonly kind: "eligible"; readonly candidate: Candidate }
  | { readonly kind: "left-alone"; readonly file: LeftAlone }
  /** Wrapped before, and not to be understood any more. */
  | { readonly kind: "broken"; readonly path: string; readonly issue: PatchIssue };

/** An executable with what it was before it was wrapped. */
export interface UsableOriginal {
  readonly current: ElfFile;
  readonly original: Exclude<Original, { readonly kind: "damaged" }>;
  /** The original to plan for: `current` itself where it has not been wrapped. */
  readonly elf: ElfFile;
}

/** Looks at one file. */
export function examine(candidate: Candidate, storeDirectory: string): Examined {
  const { path, isNamed } = candidate;
  const reading = readElfFile(path, (elf) => judge(elf, path, { supported: architectures, storeDirectory }));
  switch (reading.kind) {
    case "damaged":
      return { kind: "left-alone", file: { path, isNamed, reason: "damaged", defect: reading.defect } };
    case "unreadable":
      return { kind: "left-alone", file: { path, isNamed, reason: "unreadable", detail: reading.code } };
    case "read":
      break;
    default:
      return reading satisfies never;
  }
  const verdict = reading.result;
  if (verdict.kind === "eligible") return { kind: "eligible", candidate };
  if (verdict.kind === "broken") return { kind: "broken", path, issue: verdict.issue };
  const { kind: _, ...why } = verdict;
  return { kind: "left-alone", file: { path, isNamed, ...why } };
}

type Verdict = Eligibility | { readonly kind: "broken"; readonly issue: PatchIssue };

function judge(current: ElfFile, path: string, facts: EligibilityFacts): Verdict {
  const verdict = classify(current, path, facts);
  if (!mayBeWrapped(current, verdict)) return verdict;
  const original = readOriginal(current, path);
  switch (original.kind) {
    case "unwrapped":
      return verdict;
    case "damaged":
      return { kind: "broken", issue: original.issue };
    case "wrapped":
      return classify(original.elf, path, facts);
    default:
      return original satisfies never;
  }
}

/**
 * False where looking for a stub is not worth reading the entry point: a wrapped executable has a cleared program
 * header, or, where a run was stopped before that, still looks like one to wrap.
 */
function mayBeWrapped(elf: ElfFile, verdict: Eligibility): boolean {
  return verdict.kind === "eligible" || elf.programHeaders.some(({ type }) => type === PT_NULL);
}

/** The original of a file that `examine` found eligible; the issue where that has changed since. */
export function originalOf(current: ElfFile, path: string): UsableOriginal | PatchIssue {
  const original = readOriginal(current, path);
  if (original.kind === "damaged") return original.issue;
  return { current, original, elf: original.kind === "wrapped" ? original.elf : current };
}
