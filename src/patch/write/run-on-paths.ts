// Programs that do to files what Node cannot: GNU cp and sync, of coreutils. They get the paths through xargs, because
// the arguments that Node hands to a program are UTF-8, and names of files need not be; and one xargs for many files
// costs a fifth of what as many starts from Node do.

import { Buffer } from "node:buffer";
import type { SpawnSyncOptionsWithStringEncoding, SpawnSyncReturns } from "node:child_process";
import { loadBuiltin } from "../../base/builtin.ts";
import { errorCode } from "../../base/system-error.ts";
import { bytesOfText } from "../../base/text.ts";

/** Loaded where a program is started: it takes 2 ms, and a build copies nothing. */
function xargs(words: readonly string[], options: SpawnSyncOptionsWithStringEncoding): SpawnSyncReturns<string> {
  return loadBuiltin("node:child_process").spawnSync("xargs", words, options);
}

/** Where GNU's programs are on NixOS and on other systems, for whoever has an empty $PATH (`env -i`, services). */
const afterPath = ["/run/current-system/sw/bin", "/usr/bin", "/bin"];

function environment(): NodeJS.ProcessEnv {
  const path = process.env["PATH"] ?? "";
  return { ...process.env, LC_ALL: "C", PATH: [...(path === "" ? [] : [path]), ...afterPath].join(":") };
}

/** As many processes at a time: with two the second processor is used, and a disk is not helped by more. */
export const atATime = 2;

/** What the program says of all the paths, one process for as many of them as its arguments can be; undefined if it fails. */
export function askOfPaths(words: readonly string[], paths: readonly string[]): string | undefined {
  const input = Buffer.concat(paths.map((path) => bytesOfText(`${path}\0`)));
  const options = { input, env: environment(), encoding: "utf8" } as const;
  const { status, stdout } = xargs(["-0", ...words], { ...options, stdio: ["pipe", "pipe", "ignore"] });
  return status === 0 ? stdout : undefined;
}

/**
 * Runs the program with `words`, then up to `size` of the paths, as often as there are paths left, in `directory`. Returns
 * what is wrong in the programs' own words; undefined where all of them ended well and said nothing.
 */
export function runOnPaths(
  words: readonly string[],
  paths: readonly string[],
  size: number,
  directory?: string,
): string | undefined {
  const input = Buffer.concat(paths.map((path) => bytesOfText(`${path}\0`)));
  const { status, signal, stderr, error } = xargs(["-0", "-P", String(atATime), "-n", String(size), ...words], {
    input,
    cwd: directory,
    env: environment(),
    stdio: ["pipe", "ignore", "pipe"],
    encoding: "utf8",
  });
  if (error !== undefined) return `xargs: ${errorCode(error) ?? error.message}`;
  if (stderr !== "") return stderr;
  return status === 0 ? undefined : `xargs ended with ${signal ?? status}`;
}
