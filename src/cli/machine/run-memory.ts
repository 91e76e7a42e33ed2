// Where the command line remembers runs: in the user's cache, by the program that did them.

import { readdirSync } from "node:fs";
import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import { signatureAt } from "../../base/file-signature.ts";
import { joinPath } from "../../base/path.ts";
import { errorCode } from "../../base/system-error.ts";
import type { RunMemory } from "../../commands/wrap/memory/run-memory.ts";
import { blobsDirectory } from "../../patch/blobs.ts";
import { version } from "../version.ts";
import { isNixBuild } from "./nix-build.ts";

/** What a run without a memory would take, processor time in milliseconds, before it is worth a file. */
const worthwhile = 500;

/**
 * Undefined in a Nix build, whose result is to follow from its inputs only, and where there is no directory for it.
 * Source: XDG Base Directory Specification 0.8, $XDG_CACHE_HOME.
 */
export function runMemory(variables: Readonly<Record<string, string | undefined>>): RunMemory | undefined {
  if (isNixBuild(variables)) return undefined;
  const [cache, home] = [variables["XDG_CACHE_HOME"] ?? "", variables["HOME"] ?? ""];
  const base = isAbsolute(cache) ? cache : isAbsolute(home) ? joinPath(home, ".cache") : undefined;
  return base === undefined ? undefined : { directory: joinPath(base, "wrap-buddy"), version: thisBuild, worthwhile };
}

/** The version, and the files that this program consists of: another build may wrap in another way. */
function thisBuild(): string {
  const files = [fileURLToPath(import.meta.url), ...filesBelow(blobsDirectory)];
  const signatures = files.map((path) => {
    const signature = signatureAt(path);
    return typeof signature === "object" ? `${path}=${signature.text}` : path;
  });
  return [version, ...signatures].join("\n");
}

function filesBelow(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: "utf8" }).map((name) => joinPath(directory, name));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return [];
  }
}
