// Who may read a sidecar: whoever may execute its executable.

import type { Stats } from "node:fs";

/** Permission bits of the sidecar of an executable of `mode`: r where that has x, and always for the owner. */
export function sidecarModeFor(mode: number): number {
  return 0o400 | ((mode & 0o111) << 2);
}

/**
 * The permission bits that a sidecar needs that may belong to others than its executable does: for the one's owner and
 * group anybody may then be who is meant. Source: Linux fs/namei.c acl_permission_check().
 */
export function sidecarModeNeeded(
  executable: Pick<Stats, "mode" | "uid" | "gid">,
  sidecar: Pick<Stats, "uid" | "gid">,
): number {
  const { mode, uid, gid } = executable;
  const forOwner = (mode & 0o100) !== 0 && uid !== sidecar.uid;
  const forOthers = (mode & 0o011) !== 0 && gid !== sidecar.gid;
  return sidecarModeFor(mode) | (forOwner || forOthers ? 0o444 : 0);
}
