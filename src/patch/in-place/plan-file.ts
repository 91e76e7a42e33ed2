// The plan for one file of a run that gets its texts in place: from whatever it was before.

import type { ElfFile } from "../../elf/elf-file.ts";
import type { Edit, ExecutableNames } from "../file-plan.ts";
import { interpreterIssue, isStaleSidecar, type Original, originalElf } from "../original.ts";
import type { PatchIssue } from "../patch-issue.ts";
import { sidecarPathOf } from "../sidecar/file-names.ts";
import { besideEach, restoringEdits } from "../write/restore.ts";
import type { InPlaceContent, InPlaceEdits, InPlaceFilePlan } from "./in-place-plan.ts";
import { planInPlace } from "./plan-in-place.ts";
import { removingEdits } from "./read-in-place.ts";

export interface InPlaceFileRequest {
  /** Absolute. */
  readonly path: string;
  /** As ExecutableNames has it. */
  readonly names: ExecutableNames["names"];
  /** It has names that are not in `names`. */
  readonly hasOtherNames: boolean;
  /** As ExecutableNames has it. */
  readonly isBuildOutput: boolean;
  /** The file as it is. */
  readonly current: ElfFile;
  /** What it was before, as `readOriginal` says. */
  readonly original: Exclude<Original, { readonly kind: "damaged" }>;
  readonly content: InPlaceContent;
}

export type InPlaceFilePlanned =
  | { readonly kind: "plan"; readonly plan: InPlaceFilePlan }
  | { readonly kind: "impossible"; readonly issue: PatchIssue };

/**
 * Plans one file: a shared library or plug-in that is to find what it needs, or an executable. Nothing of the file is
 * moved, nothing lies beside it. Throws ElfError for a damaged file.
 */
export function planFileInPlace(request: InPlaceFileRequest): InPlaceFilePlanned {
  const { path, names, current, original, content } = request;
  const overwritten = interpreterIssue(current, path, original, "error");
  if (overwritten !== undefined) return { kind: "impossible", issue: overwritten };
  const found = original.kind === "in-place" ? original : undefined;
  const planned = planInPlace({ path, current, original: originalElf(current, original), found, content });
  if (planned.kind === "impossible") return planned;
  const { facts } = planned;
  const restoring = original.kind === "wrapped" ? restoringEdits(current, original) : [];
  const edits = [...restoring, ...planned.edits];
  return {
    kind: "plan",
    plan: {
      ...namesOf(request, edits),
      edits,
      isRewrap: original.kind !== "unwrapped" && edits.length > 0,
      formerSidecars:
        content.interpreter === undefined ? [] : formerSidecarsOf(names, originalElf(current, original), original),
      facts,
    },
  };
}

/** Plans the way back of a library that an earlier run has written; undefined for one that is the original. */
export function planLibraryBack(request: Omit<InPlaceFileRequest, "content">): InPlaceEdits | undefined {
  const { current, original } = request;
  const edits = original.kind === "in-place" ? removingEdits(current, original) : [];
  return edits.length === 0 ? undefined : { ...namesOf(request, edits), edits, formerSidecars: [] };
}

function namesOf(
  { path, names, hasOtherNames, isBuildOutput }: Omit<InPlaceFileRequest, "content">,
  edits: readonly Edit[],
): ExecutableNames {
  return { path, names, replaceByCopy: hasOtherNames && edits.length > 0, isBuildOutput };
}

/** Those of its stub; where a run was stopped before it removed them, those of its names that fit the original. */
function formerSidecarsOf(names: readonly string[], elf: ElfFile, original: Original): readonly string[] {
  const stale = names.map(sidecarPathOf).filter((path) => isStaleSidecar(elf, path));
  return [...new Set([...(original.kind === "wrapped" ? besideEach(names, original.sidecarPath) : []), ...stale])];
}
