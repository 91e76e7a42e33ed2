// The file of a remembered run: a check of the rest, then the run as V8 writes values. Of no use to another version of
// Node, and no loss.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import { digestOf } from "../../../base/digest.ts";
import { joinPath, systemPath } from "../../../base/path.ts";
import { errorCode } from "../../../base/system-error.ts";
import type { RememberedRun } from "./run-memory.ts";

const suffix = ".run";
const checkSize = 32;

/** Runs that nobody has done again for so long are forgotten, milliseconds. */
const longest = 30 * 24 * 60 * 60 * 1000;

/** The run that is kept under that name; undefined where there is none that can be read. */
export function readRun(directory: string, name: string): RememberedRun | undefined {
  try {
    const bytes = readFileSync(systemPath(fileOf(directory, name)));
    const body = bytes.subarray(checkSize);
    if (!digestOf(body).equals(bytes.subarray(0, checkSize))) return undefined;
    // Nobody but `keepRun` writes what has this check.
    return deserialize(body) as RememberedRun;
  } catch {
    // Not there, cut off, or written by another version of V8: the run is done as if there had been none before.
    return undefined;
  }
}

/** Keeps it, or not: a run that is not remembered costs time. */
export function keepRun(directory: string, name: string, run: RememberedRun): void {
  try {
    mkdirSync(systemPath(directory), { recursive: true });
    const body = serialize(run);
    const unfinished = `${fileOf(directory, name)}.${process.pid}`;
    writeFileSync(systemPath(unfinished), Buffer.concat([digestOf(body), body]), { mode: 0o600 });
    renameSync(systemPath(unfinished), systemPath(fileOf(directory, name)));
    forgetOld(directory);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}

function fileOf(directory: string, name: string): string {
  return joinPath(directory, `${name}${suffix}`);
}

function forgetOld(directory: string): void {
  for (const name of readdirSync(systemPath(directory))) {
    const path = systemPath(joinPath(directory, name));
    if (Date.now() - statSync(path).mtimeMs > longest) rmSync(path, { force: true });
  }
}
