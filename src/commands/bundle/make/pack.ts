// From the directory where a bundle was put together to what was asked for.

import { spawnSync } from "node:child_process";
import { renameSync, rmSync } from "node:fs";
import { baseName, directoryOf, systemPath } from "../../../base/path.ts";
import { syncAll, syncPath } from "../../../patch/write/sync.ts";
import { attempt } from "../../../patch/write/system-call.ts";
import type { BundleIssue } from "../bundle-issue.ts";
import type { BundleFormat } from "../bundle-request.ts";
import { contentsOf } from "./directory-tree.ts";
import { writeTar } from "./tar.ts";
import { whyNotStarted } from "./why-not-started.ts";

/** Compresses well and still in seconds; one thread, so that the bytes do not depend on the machine's cores. */
const zstdOptions = ["-q", "-12", "-T1", "--rm"];

/**
 * Makes `output` of `staging`, which lies on the same file system. The last step is a rename: what is at `output` is
 * whole, after a power cut too where it `isSynced`. Throws CallError.
 */
export function pack(staging: string, output: string, format: BundleFormat, isSynced: boolean): readonly BundleIssue[] {
  const rename = (made: string): void => {
    if (isSynced) syncAll(format === "dir" ? contentsOf(made) : [made]);
    attempt(output, "rename", () => renameSync(systemPath(made), systemPath(output)));
    if (isSynced) syncPath(directoryOf(output));
  };
  if (format === "dir") {
    rename(staging);
    return [];
  }
  const archive = `${staging}.tar`;
  const packed = format === "tar" ? archive : `${archive}.zst`;
  try {
    writeTar(staging, baseName(output).replace(/\.tar(?:\.zst)?$/, ""), archive);
    if (format === "tar.zst") {
      const ran = spawnSync("zstd", [...zstdOptions, archive, "-o", packed], { encoding: "utf8" });
      const reason = ran.error
        ? whyNotStarted("zstd", ran.error)
        : ran.status === 0
          ? undefined
          : `zstd: ${ran.stderr.trim()}`;
      if (reason !== undefined) return [{ kind: "not-packed", path: output, reason }];
    }
    rename(packed);
    return [];
  } finally {
    for (const path of [archive, packed]) rmSync(systemPath(path), { force: true });
  }
}
