// Makes and removes the garbage collector's roots, by nix-store.

import { mkdirSync, unlinkSync, writeFileSync } from "node:fs";
import { baseName, directoryOf, joinPath, systemPath } from "../../base/path.ts";
import { errorCode } from "../../base/system-error.ts";
import { besideName, ignoreName, rootOf } from "../../planning/gc-roots/roots-directory.ts";
import { describeErrorCode } from "../../report/words.ts";

/**
 * Makes a root in `directory` for each store path that is `added`, then removes those of the others; undefined, or why
 * not all could be made. Nix writes the symlink and makes itself known of it; a store path that is not valid is refused.
 * Source: Nix manual, nix-store --realise, --add-root (--indirect is for versions before 2.7).
 */
export async function changeRoots(
  directory: string,
  { added, removed }: { readonly added: readonly string[]; readonly removed: readonly string[] },
  variables: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  try {
    prepare(directory);
    const { runNix } = await import("../nix-program.ts");
    for (const storePath of added) {
      const words = ["--realise", storePath, "--add-root", rootOf(directory, storePath), "--indirect"];
      const ran = await runNix("nix-store", words, variables, "pipe");
      if (ran.kind === "failed") return lastLine(ran.stderr) || ran.reason;
    }
    for (const storePath of removed) unlinkSync(systemPath(rootOf(directory, storePath)));
    return undefined;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return describeErrorCode(code);
  }
}

/** Makes the directory; beside a tree, version control is to leave it alone. */
function prepare(directory: string): void {
  mkdirSync(systemPath(directory), { recursive: true });
  const holder = directoryOf(directory);
  if (baseName(holder) === besideName) writeFileSync(systemPath(joinPath(holder, ignoreName)), "*\n");
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
