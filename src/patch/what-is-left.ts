// What of a plan is not there yet: a file that was wrapped before may have its edits, its sidecar, or both.

import { Buffer } from "node:buffer";
import { statSync } from "node:fs";
import { baseName, directoryOf, joinPath, systemPath } from "../base/path.ts";
import type { Edit, FilePlan, PlannedSidecar } from "./file-plan.ts";
import { removingEdits } from "./in-place/read-in-place.ts";
import type { Original } from "./original.ts";
import type { PlanRequest } from "./plan-request.ts";
import { executableOf, passingSidecarName } from "./sidecar/file-names.ts";
import { sidecarModeNeeded } from "./sidecar/readers.ts";
import { isThere } from "./write/leftovers.ts";
import { restoringEdits } from "./write/restore.ts";
import { readIfThere } from "./write/write-file.ts";

/** From the file as it is to the file as planned. */
export function missingEdits(
  { original, current }: PlanRequest,
  [entry, header]: readonly [Edit, Edit],
): readonly Edit[] {
  if (original.kind === "unwrapped") return [entry, header];
  if (original.kind === "in-place") return [...removingEdits(current, original), entry, header];
  const isStubbed =
    original.entry.offset === entry.offset &&
    original.entry.bytes.length === entry.before.length &&
    Buffer.from(entry.after).equals(current.source.read(entry.offset, entry.after.length));
  if (!isStubbed) return [...restoringEdits(current, original), entry, header];
  // The stub fits the new sidecar as it stands: replacing that by rename is one step.
  return original.isCleared ? [] : [header];
}

/** Whether the planned sidecar lies at `path` already, and can be read by whoever has to. */
export function isSidecarAt(
  path: string,
  { sidecar, sidecarMode }: PlannedSidecar,
  { original, path: executable, isBuildOutput }: PlanRequest,
): boolean {
  if (original.kind !== "wrapped") return false;
  const bytes = path === original.sidecarPath ? original.sidecarBytes : readIfThere(path);
  if (bytes === undefined || !Buffer.from(sidecar).equals(bytes)) return false;
  const there = statSync(systemPath(path), { throwIfNoEntry: false });
  const needed = isBuildOutput || !there ? sidecarMode : sidecarModeNeeded(statSync(systemPath(executable)), there);
  return ((there?.mode ?? 0) & needed) === needed;
}

/**
 * The name that the sidecar has in between, which no other executable of the run gets from now on; undefined where it can
 * have its own at once.
 */
export function passingNameFor(
  { original, passingPaths }: PlanRequest,
  { sidecarPaths, isBuildOutput, writesSidecar, edits }: FilePlan,
): string | undefined {
  if (isBuildOutput || original.kind !== "wrapped" || !writesSidecar) return undefined;
  const isStubWritten = edits.some(({ what }) => what === "entry point");
  if (!isStubWritten || !sidecarPaths.includes(original.sidecarPath)) return undefined;
  const pathsOf = (name: string) => sidecarPaths.map((path) => joinPath(directoryOf(path), name));
  const name = passingSidecarName(baseName(sidecarPaths[0]), (name) =>
    pathsOf(name).some((path) => passingPaths.has(path) || isThere(path) || isThere(executableOf(path))),
  );
  for (const path of name === undefined ? [] : pathsOf(name)) passingPaths.add(path);
  return name;
}

/** The sidecar of an executable that has been renamed since it was wrapped. */
export function formerSidecar(original: Original, sidecarPath: string): Pick<FilePlan, "formerSidecar"> {
  return original.kind === "wrapped" && original.sidecarPath !== sidecarPath
    ? { formerSidecar: original.sidecarPath }
    : {};
}
