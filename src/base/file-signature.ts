// Whether a file is the one that it was: what the system keeps of it changes with every write to it, to its mode or to its
// owner.

import { type BigIntStats, statSync } from "node:fs";
import { systemPath } from "./path.ts";
import { errorCode } from "./system-error.ts";

/** What was seen of a file. Two that are equal are of the same file, unchanged, if it had been at rest. */
export interface FileSignature {
  readonly text: string;
  /** From when on whatever is done to the file gives it another signature, milliseconds since 1970. */
  readonly atRest: number;
}

/** A tick of the kernel's clock, and one of file systems that count in seconds (all of whose times end with zeros); milliseconds. */
const tick = 50;
const coarseTick = 2500;
const second = 1_000_000_000n;

/** A change within the same tick of the clock need not be seen. Source: Linux, Documentation/filesystems/multigrain-ts.rst. */
export function signatureOf(status: BigIntStats): FileSignature {
  const { dev, ino, size, mode, uid, gid, mtimeNs, ctimeNs } = status;
  const isCoarse = ctimeNs % second === 0n;
  return {
    text: [dev, ino, size, mode, uid, gid, mtimeNs, ctimeNs].join(":"),
    atRest: Number(ctimeNs / 1_000_000n) + (isCoarse ? coarseTick : tick),
  };
}

/** Symlinks followed. "absent": nothing is there. Undefined where nobody may look. */
export function signatureAt(path: string): FileSignature | "absent" | undefined {
  try {
    return signatureOf(statSync(systemPath(path), { bigint: true }));
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return code === "ENOENT" || code === "ENOTDIR" ? "absent" : undefined;
  }
}
