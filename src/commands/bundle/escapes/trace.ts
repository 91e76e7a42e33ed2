// A command run with a bundle's programs under strace: what they open and start outside of the bundle.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { joinPath } from "../../../base/path.ts";
import { type OpenedOutside, readTrace } from "./read-trace.ts";

export type Traced =
  /** `status`: the command's exit status. */
  | { readonly kind: "traced"; readonly opened: readonly OpenedOutside[]; readonly status: number }
  | { readonly kind: "failed"; readonly reason: string };

const calls = "execve,execveat,open,openat,openat2,fork,vfork,clone,clone3";

/**
 * Runs `command` by sh in the working directory, with the bin of the bundle in `directory` in front of PATH. Its output goes
 * where this program's errors go.
 */
export function traceRun(command: string, directory: string, workingDirectory: string): Traced {
  const place = mkdtempSync(joinPath(realpathSync(tmpdir()), "wrap-buddy-trace-"));
  try {
    const log = joinPath(place, "log");
    const ran = spawnSync(
      "strace",
      ["-f", "-qq", "-y", "-s", "4096", "-e", `trace=${calls}`, "-o", log, "sh", "-c", command],
      {
        cwd: workingDirectory,
        env: { ...process.env, PATH: `${directory}/bin:${process.env["PATH"] ?? ""}` },
        stdio: ["ignore", 2, 2],
      },
    );
    if (ran.error !== undefined) return { kind: "failed", reason: `strace: ${ran.error.message}` };
    const opened = readTrace(readFileSync(log, "latin1"), directory, workingDirectory);
    return { kind: "traced", opened, status: ran.status ?? 1 };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
