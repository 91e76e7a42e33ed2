// The directory that holds the garbage collector's roots of one tree: a symlink to each store path that its wrapped files
// refer to. It lies beside the tree, which package managers remove with all that is in it:
//
//     node_modules/                  what was wrapped
//     .wrap-buddy/.gitignore         "*"
//     .wrap-buddy/node_modules/HASH-NAME ──▶ /nix/store/HASH-NAME
//
// Nix knows each by a symlink of its own, an indirect root, in STATE/gcroots/auto.
// Source: Nix manual, nix-store --add-root; nix, src/libstore/gc.cc, LocalStore::addIndirectRoot.

import { readdirSync, readlinkSync, rmdirSync, unlinkSync } from "node:fs";
import { digestOf } from "../../base/digest.ts";
import { baseName, directoryOf, joinPath, systemPath } from "../../base/path.ts";
import { errorCode } from "../../base/system-error.ts";
import { bytesOfText } from "../../base/text.ts";

/** The directory beside a tree. */
export const besideName = ".wrap-buddy";

/** What keeps version control away from it. */
export const ignoreName = ".gitignore";

/** Where the roots of the tree, or of the file, at `tree` are; `under`: a directory for all trees, undefined: beside it. */
export function rootsDirectoryOf(tree: string, under: string | undefined): string {
  if (under === undefined) return joinPath(joinPath(directoryOf(tree), besideName), baseName(tree));
  // Trees of the same name lie there together.
  const digest = digestOf(bytesOfText(tree)).toString("hex").slice(0, 12);
  return joinPath(under, `${baseName(tree)}-${digest}`);
}

/** The root of one store path. */
export function rootOf(directory: string, storePath: string): string {
  return joinPath(directory, baseName(storePath));
}

/** The store paths that have a symlink there, whether or not Nix knows of it; undefined without such a directory. */
export function linkedPaths(directory: string): readonly string[] | undefined {
  const names = namesIn(directory);
  if (names === undefined) return undefined;
  return names.flatMap((name) => targetOf(joinPath(directory, name)) ?? []).sort();
}

/**
 * The symlinks that Nix takes for roots. `stateDirectory`: /nix/var/nix. Undefined where that cannot be looked at: then
 * nothing can be said of them.
 */
function knownRoots(stateDirectory: string): ReadonlySet<string> | undefined {
  const auto = joinPath(stateDirectory, "gcroots/auto");
  const names = namesIn(auto);
  return names === undefined ? undefined : new Set(names.flatMap((name) => targetOf(joinPath(auto, name)) ?? []));
}

/** Which of `storePaths` have no root in `directory` that counts. */
export function missingRoots(
  directory: string,
  storePaths: readonly string[],
  stateDirectory: string | undefined,
): readonly string[] {
  const linked = new Set(linkedPaths(directory));
  const known = linked.size === 0 || stateDirectory === undefined ? undefined : knownRoots(stateDirectory);
  return storePaths.filter((path) => !linked.has(path) || known?.has(rootOf(directory, path)) === false);
}

/** Removes the roots of one tree, and the directory that holds it if nothing else is in it; what it removed. */
export function removeRoots(directory: string): readonly string[] {
  const linked = linkedPaths(directory);
  if (linked === undefined) return [];
  for (const storePath of linked) unlinkSync(systemPath(rootOf(directory, storePath)));
  const holder = directoryOf(directory);
  if (!removeIfEmpty(directory) || baseName(holder) !== besideName) return linked;
  if (namesIn(holder)?.every((name) => name === ignoreName) === true) {
    for (const name of namesIn(holder) ?? []) unlinkSync(systemPath(joinPath(holder, name)));
    removeIfEmpty(holder);
  }
  return linked;
}

function removeIfEmpty(directory: string): boolean {
  try {
    rmdirSync(systemPath(directory));
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOTEMPTY") return false;
    throw error;
  }
}

function namesIn(directory: string): readonly string[] | undefined {
  try {
    return readdirSync(systemPath(directory));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(systemPath(link));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
