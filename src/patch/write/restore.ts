// The way back: the original's bytes in the order opposite to wrapping, the program header first, the sidecar last.

import { Buffer } from "node:buffer";
import { baseName, directoryOf, joinPath } from "../../base/path.ts";
import { asFileOffset } from "../../elf/address.ts";
import { encodeU32 } from "../../elf/codec.ts";
import { PT_NULL } from "../../elf/constants.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { findTruncatedSegment } from "../../elf/headers/program-header.ts";
import type { Edit, ExecutableNames } from "../file-plan.ts";
import { removingEdits } from "../in-place/read-in-place.ts";
import { interpreterIssue, isStaleSidecar, readOriginal, type WrappedOriginal } from "../original.ts";
import type { PatchIssue } from "../patch-issue.ts";
import { isSidecarName, sidecarPathOf } from "../sidecar/file-names.ts";
import type { SidecarUsers } from "../sidecar/sidecar-users.ts";
import { changeFiles } from "./change-files.ts";
import { type Progress, progressOf } from "./change-progress.ts";
import { hasLeftovers, isThere, leftoversOf, removeLeftovers } from "./leftovers.ts";
import { removeFile } from "./write-file.ts";

/** What has to be done to make a file the original again. */
export interface UnwrapPlan extends ExecutableNames {
  /** In their order; none where only a sidecar is left. */
  readonly edits: readonly Edit[];
  /** Sidecars that go away, unless another file uses them. */
  readonly sidecars: readonly string[];
}

export type UnwrapPlanned =
  | { readonly kind: "plan"; readonly plan: UnwrapPlan }
  | { readonly kind: "not-wrapped" }
  | { readonly kind: "impossible"; readonly issue: PatchIssue };

export type Unwrapped =
  /**
   * "cleaned": it was the original, and there was nothing to do but to remove what was left beside it. `removed`: sidecars,
   * and what a stopped run has left. `kept`: sidecars that other files use.
   */
  | {
      readonly kind: "unwrapped" | "cleaned";
      readonly removed: readonly string[];
      readonly kept: readonly string[];
      /** It was replaced by a copy, because of its other names. */
      readonly replacedByCopy: boolean;
    }
  | { readonly kind: "failed"; readonly issue: PatchIssue };

/** The two edits that make the original of a wrapped file, in their order; none for what is original already. */
export function restoringEdits(current: ElfFile, original: WrappedOriginal): readonly Edit[] {
  const { entry, interpreterHeader } = original;
  const before = current.source.read(entry.offset, entry.bytes.length);
  const edits: Edit[] = [];
  if (original.isCleared) {
    edits.push({
      what: "interpreter header",
      offset: asFileOffset(interpreterHeader.offset),
      before: encodeU32(current.header, PT_NULL),
      after: interpreterHeader.bytes,
    });
  }
  if (!Buffer.from(before).equals(entry.bytes)) {
    edits.push({
      what: "entry point",
      offset: asFileOffset(entry.offset),
      before,
      after: entry.bytes,
    });
  }
  return edits;
}

/** Plans the way back of one file, which `current` reads. Throws ElfError for a damaged file. */
export function planUnwrap(current: ElfFile, executable: ExecutableNames, users: SidecarUsers): UnwrapPlanned {
  const { path, names } = executable;
  const original = readOriginal(current, path);
  if (original.kind === "wrapped" || original.kind === "in-place") {
    // What has been cut short since is not the original again.
    const truncated = findTruncatedSegment(current.header, current.programHeaders, current.source.size);
    if (truncated !== undefined) throw truncated;
  }
  switch (original.kind) {
    case "damaged":
      return { kind: "impossible", issue: original.issue };
    case "wrapped": {
      const { sidecarPath } = original;
      const issue = interpreterIssue(current, path, original, "error");
      if (issue !== undefined) return { kind: "impossible", issue };
      const edits = restoringEdits(current, original);
      const own = besideEach(names, sidecarPath);
      const stale = staleSidecars(original.elf, names, users).filter((path) => !own.includes(path));
      return { kind: "plan", plan: { ...executable, edits, sidecars: [...own, ...stale] } };
    }
    case "in-place": {
      const edits = removingEdits(current, original);
      // A run that was stopped while it put a stub's executable in place has left one.
      const sidecars = staleSidecars(original.elf, names, users);
      return { kind: "plan", plan: { ...executable, edits, sidecars } };
    }
    case "unwrapped": {
      const sidecars = staleSidecars(current, names, users);
      if (sidecars.length === 0 && !names.some(hasLeftovers)) return { kind: "not-wrapped" };
      return { kind: "plan", plan: { ...executable, edits: [], sidecars } };
    }
    default:
      return original satisfies never;
  }
}

/** The sidecar in every directory where the file has a name. One that lies elsewhere belongs to another file. */
export function besideEach(names: readonly string[], sidecarPath: string): readonly string[] {
  const name = baseName(sidecarPath);
  const directories = [...new Set(names.map(directoryOf))];
  return isSidecarName(name) ? directories.map((directory) => joinPath(directory, name)) : [];
}

/** What a run that was stopped, or that could not remove it, has left of a file that is the original again. */
function staleSidecars(current: ElfFile, names: readonly string[], users: SidecarUsers): readonly string[] {
  const directories = [...new Set(names.map(directoryOf))];
  const own = new Set(names.map(sidecarPathOf));
  const lying = directories.flatMap((directory) => users.sidecarsIn(directory));
  return lying.filter((sidecar) => (own.has(sidecar) || users.isOrphan(sidecar)) && isStaleSidecar(current, sidecar));
}

/**
 * Carries out the plans. After a failed system call the file is as it was, or it is the original and a sidecar is left;
 * the others are restored all the same.
 */
export function applyUnwraps(plans: readonly UnwrapPlan[], users: SidecarUsers): readonly Unwrapped[] {
  const all = plans.map((plan) => restoringOf(plan, users));
  changeFiles(
    all.map(({ progress }) => progress),
    false,
  );
  return all.map(({ progress, removed, kept }, index): Unwrapped => {
    if (progress.issue !== undefined) return { kind: "failed", issue: progress.issue };
    return { kind: kindOf(plans[index]), removed, kept, replacedByCopy: isCopied(progress.change) };
  });
}

function kindOf(plan: UnwrapPlan | undefined): "unwrapped" | "cleaned" {
  return plan?.edits.length === 0 ? "cleaned" : "unwrapped";
}

interface Restoring {
  readonly progress: Progress;
  readonly removed: readonly string[];
  readonly kept: readonly string[];
}

function restoringOf(plan: UnwrapPlan, users: SidecarUsers): Restoring {
  const removed: string[] = [];
  const kept: string[] = [];
  function finish(): void {
    for (const name of plan.names) users.forget(name);
    for (const sidecar of plan.sidecars) {
      if (users.isUsed(sidecar)) kept.push(sidecar);
      else if (removeFile(sidecar)) removed.push(sidecar);
    }
    for (const path of plan.names.flatMap(removeLeftovers)) removed.push(path);
  }
  return { progress: progressOf({ ...plan, takesAway: plan.edits.length > 0, finish }), removed, kept };
}

/** What `applyUnwraps` would do, by all that can be known before. */
export function previewUnwrap(plan: UnwrapPlan, users: SidecarUsers): Unwrapped {
  for (const name of plan.names) users.forget(name);
  const kept = plan.sidecars.filter((sidecar) => users.isUsed(sidecar));
  const sidecars = plan.sidecars.filter((sidecar) => !kept.includes(sidecar) && isThere(sidecar));
  const removed = [...sidecars, ...plan.names.flatMap(leftoversOf)];
  return { kind: kindOf(plan), removed, kept, replacedByCopy: isCopied(plan) };
}

function isCopied({ edits, replaceByCopy }: Pick<UnwrapPlan, "edits" | "replaceByCopy">): boolean {
  return replaceByCopy && edits.length > 0;
}
