// The outputs of the derivation in which there can be something to wrap.

import { statSync } from "node:fs";
import { systemPath } from "../base/path.ts";
import { requireErrorCode } from "../base/system-error.ts";
import type { ShownRoot } from "../report/context.ts";

/** Separate debug information: ELF files with the headers of executables, which nobody runs. */
const debugOutput = "debug";

/**
 * The outputs that are there, "out" first and then by name: with __structuredAttrs the shell has them in no order.
 * `pairs` is name, path, name, path, …
 */
export function wrappableOutputs(pairs: readonly string[]): readonly ShownRoot[] {
  const outputs: ShownRoot[] = [];
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const [name = "", path = ""] = pairs.slice(at, at + 2);
    if (name !== debugOutput && exists(path)) outputs.push({ shownAs: name, directory: path });
  }
  return outputs.sort((a, b) => rank(a) - rank(b) || (a.shownAs < b.shownAs ? -1 : 1));
}

function rank({ shownAs }: ShownRoot): number {
  return shownAs === "out" ? 0 : 1;
}

function exists(path: string): boolean {
  try {
    statSync(systemPath(path));
    return true;
  } catch (error) {
    requireErrorCode(error);
    return false;
  }
}
