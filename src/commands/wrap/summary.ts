// The last line of a report: what became of all files.

import { isNoElf, type SkipReason } from "../../files/kind/skip-reason.ts";
import type { FinishedRun } from "../../report/bug.ts";
import { countSkipped } from "../../report/messages/skip-reason-words.ts";
import type { RunOutcome } from "./run-outcome.ts";

/** Files by what became of them. */
interface OutcomeCounts {
  readonly wrapped: number;
  readonly alreadyWrapped: number;
  readonly inPlace: number;
  readonly alreadyInPlace: number;
  readonly restored: number;
  readonly failed: number;
  readonly unchanged: number;
  /** Most frequent reason first; equal counts in the order in which they came up. */
  readonly skipped: readonly { readonly reason: SkipReason; readonly count: number }[];
}

/** Counts the files of a run. */
function countOutcomes(outcome: RunOutcome): OutcomeCounts {
  const counts = {
    wrapped: 0,
    "already-wrapped": 0,
    "in-place": 0,
    "already-in-place": 0,
    restored: 0,
    failed: 0,
    unchanged: 0,
  };
  const reasons = new Map<SkipReason, number>();
  for (const file of outcome.files) {
    if (file.kind === "skipped") reasons.set(file.reason, (reasons.get(file.reason) ?? 0) + 1);
    else counts[file.kind] += 1;
  }
  const skipped = [...reasons].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
  const { wrapped, restored, failed, unchanged } = counts;
  return {
    wrapped,
    alreadyWrapped: counts["already-wrapped"],
    inPlace: counts["in-place"],
    alreadyInPlace: counts["already-in-place"],
    restored,
    failed,
    unchanged,
    skipped,
  };
}

/** "2 wrapped, 1 already wrapped, 3 skipped (2 shared libraries, 1 static)". */
export function describeSummary(outcome: RunOutcome): string {
  const counts = countOutcomes(outcome);
  const parts: string[] = [];
  if (counts.wrapped > 0) parts.push(`${counts.wrapped} ${outcome.dryRun ? "to wrap" : "wrapped"}`);
  if (counts.inPlace > 0) parts.push(`${counts.inPlace} ${outcome.dryRun ? "to patch" : "patched"} in place`);
  if (counts.restored > 0) parts.push(`${counts.restored} ${outcome.dryRun ? "to restore" : "restored"}`);
  if (parts.length === 0 && !outcome.ok) parts.push("nothing written");
  else if (parts.length + counts.alreadyWrapped + counts.alreadyInPlace === 0) {
    const hasElf = counts.failed + counts.unchanged > 0 || counts.skipped.some(({ reason }) => !isNoElf(reason));
    parts.push(hasElf ? "nothing to wrap" : "nothing to wrap: no ELF file found");
  }
  if (counts.alreadyWrapped > 0) parts.push(`${counts.alreadyWrapped} already wrapped`);
  if (counts.alreadyInPlace > 0) parts.push(`${counts.alreadyInPlace} already patched in place`);
  if (counts.failed > 0) parts.push(`${counts.failed} failed`);
  if (counts.unchanged > 0)
    parts.push(`${counts.unchanged} left as ${counts.unchanged === 1 ? "it was" : "they were"}`);
  const skipped = counts.skipped.reduce((sum, { count }) => sum + count, 0);
  if (skipped > 0) {
    const reasons = counts.skipped.map(({ reason, count }) => countSkipped(reason, count));
    parts.push(`${skipped} skipped (${reasons.join(", ")})`);
  }
  const line = parts.join(", ");
  return outcome.dryRun && outcome.ok ? `${line}; dry run: nothing was written` : line;
}

/** What is said of a run whose report cannot be made. */
export function finishedRun(outcome: RunOutcome): FinishedRun {
  return { summary: describeSummary(outcome), issues: outcome.issues };
}
