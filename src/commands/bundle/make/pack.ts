// From the directory where a bundle was put together to what was asked for.

import { spawnSync } from "node:child_process";
import { closeSync, fstatSync, openSync, renameSync, rmSync } from "node:fs";
import { baseName, directoryOf, systemPath } from "../../../base/path.ts";
import { syncAll, syncPath } from "../../../patch/write/sync.ts";
import { attempt } from "../../../patch/write/system-call.ts";
import type { BundleIssue } from "../bundle-issue.ts";
import type { BundleFormat } from "../bundle-request.ts";
import { contentsOf } from "./directory-tree.ts";
import { writeTar } from "./tar.ts";
import { whyNotStarted } from "./why-not-started.ts";

/** Compresses well and still in seconds; one thread, so that the bytes do not depend on the machine's cores. */
const zstdOptions = ["-q", "-12", "-T1", "-c"];

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
      const reason = compress(archive, packed);
      if (reason !== undefined) return [{ kind: "not-packed", path: output, reason }];
    }
    rename(packed);
    return [];
  } finally {
    for (const path of [archive, packed]) rmSync(systemPath(path), { force: true });
  }
}

/** Why it failed; undefined where it did not. The files are opened here: their names may not be UTF-8. Throws CallError. */
function compress(archive: string, packed: string): string | undefined {
  const from = attempt(archive, "open", () => openSync(systemPath(archive), "r"));
  try {
    const to = attempt(packed, "open", () => openSync(systemPath(packed), "w"));
    try {
      const size = `--stream-size=${attempt(archive, "stat", () => fstatSync(from)).size}`;
      const ran = spawnSync("zstd", [...zstdOptions, size], { encoding: "utf8", stdio: [from, to, "pipe"] });
      if (ran.error !== undefined) return whyNotStarted("zstd", ran.error);
      return ran.status === 0 ? undefined : `zstd: ${ran.stderr.trim()}`;
    } finally {
      attempt(packed, "close", () => closeSync(to));
    }
  } finally {
    closeSync(from);
  }
}
