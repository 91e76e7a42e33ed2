// A command run with a bundle's programs under strace: what they open and start outside of the bundle.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { whyNotStarted } from "../make/why-not-started.ts";
import { type OpenedOutside, readTrace } from "./read-trace.ts";

export type Traced =
  /** `status`: the command's exit status. */
  | { readonly kind: "traced"; readonly opened: readonly OpenedOutside[]; readonly status: number }
  | { readonly kind: "failed"; readonly reason: string };

const calls = "execve,execveat,open,openat,openat2,fork,vfork,clone,clone3";

/**
 * Runs `command` by sh in the working directory, with the bin of the bundle in `directory` in front of PATH. Its output goes
 * where this program's errors go. `log`: a file to make, which strace writes.
 */
export function traceRun(command: string, directory: string, workingDirectory: string, log: string): Traced {
  const ran = spawnSync(
    "strace",
    ["-f", "-qq", "-y", "-s", "4096", "-e", `trace=${calls}`, "-o", log, "sh", "-c", command],
    {
      cwd: workingDirectory,
      env: { ...process.env, PATH: `${directory}/bin:${process.env["PATH"] ?? ""}` },
      stdio: ["ignore", 2, 2],
    },
  );
  if (ran.error !== undefined) return { kind: "failed", reason: whyNotStarted("strace", ran.error) };
  // Every byte a character: names are escaped in it, and are text only when their bytes are put together.
  const opened = readTrace(readFileSync(log, "latin1"), directory, workingDirectory);
  return { kind: "traced", opened, status: ran.status ?? 1 };
}
