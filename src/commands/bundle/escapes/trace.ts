// A command run with a bundle's programs under strace: what they open and start outside of the bundle.

import { spawnSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { joinPath, systemPath } from "../../../base/path.ts";
import { unlessRefused } from "../../../base/system-error.ts";
import { bytesOfText, isEscaped } from "../../../base/text.ts";
import { whyNotStarted } from "../make/why-not-started.ts";
import { type OpenedOutside, readTrace } from "./read-trace.ts";

export type Traced =
  /** `status`: the command's exit status. */
  | { readonly kind: "traced"; readonly opened: readonly OpenedOutside[]; readonly status: number }
  | { readonly kind: "failed"; readonly reason: string };

const calls = "execve,execveat,open,openat,openat2,fork,vfork,clone,clone3";

/**
 * Runs `command` by sh in the working directory, with the bin of the bundle in `directory` in front of PATH. Its output goes
 * where this program's errors go. `scratch`: a directory to make files in.
 */
export function traceRun(command: string, directory: string, workingDirectory: string, scratch: string): Traced {
  const log = joinPath(scratch, "log");
  const ran = spawnSync(
    "strace",
    ["-f", "-qq", "-y", "-s", "4096", "-e", `trace=${calls}`, "-o", log, "sh", "-c", ...shellWords(command, scratch)],
    {
      // Node starts nothing in a directory whose name is not UTF-8, but hands on the one that it is in.
      ...(isHere(workingDirectory) ? {} : { cwd: workingDirectory }),
      env: { ...process.env, PATH: `${directory}/bin:${process.env["PATH"] ?? ""}` },
      stdio: ["ignore", 2, 2],
    },
  );
  if (ran.error !== undefined) return { kind: "failed", reason: whyNotStarted("strace", ran.error) };
  // Every byte a character: names are escaped in it, and are text only when their bytes are put together.
  const opened = readTrace(readFileSync(log, "latin1"), directory, workingDirectory);
  return { kind: "traced", opened, status: ran.status ?? 1 };
}

function isHere(directory: string): boolean {
  const at = (path: string) => unlessRefused(() => statSync(systemPath(path), { bigint: true }), undefined);
  const [here, there] = [at("."), at(directory)];
  return here !== undefined && here.dev === there?.dev && here.ino === there.ino;
}

/** The command for `sh -c`. Node hands on no word that is not UTF-8; a file can have it. */
function shellWords(command: string, scratch: string): readonly string[] {
  if (!isEscaped(command)) return [command];
  const file = joinPath(scratch, "command");
  writeFileSync(file, bytesOfText(`${command}\n`));
  return ['. "$0"', file];
}
