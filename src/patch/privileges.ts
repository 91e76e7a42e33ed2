// Set-ID bits of an executable that looks for its sidecar beside itself: with privileges the stub opens nothing there.

import type { WrapFacts } from "./file-plan.ts";
import type { PatchIssue } from "./patch-issue.ts";

const setUserId = 0o4000;
const setGroupId = 0o2000;
/** Without it the set-group-ID bit means something else. Source: Linux fs/exec.c bprm_fill_uid(). */
const groupMayExecute = 0o010;

/** A warning about an executable of these permission bits that will refuse to start; undefined where it will not. */
export function privilegeIssue(path: string, mode: number, naming: WrapFacts["naming"]): PatchIssue | undefined {
  if (naming === "absolute") return undefined;
  const bits = [
    ...((mode & setUserId) !== 0 ? (["set-user-ID"] as const) : []),
    ...((mode & setGroupId) !== 0 && (mode & groupMayExecute) !== 0 ? (["set-group-ID"] as const) : []),
  ];
  return bits.length === 0 ? undefined : { kind: "privileges-refused", severity: "warning", path, bits };
}
