// What is given becomes programs, each with a name in bin/, and directories that are taken whole.

import { statSync } from "node:fs";
import { isDirectory, readEntries } from "../../../base/directory-entries.ts";
import { baseName, directoryOf, isInside, joinPath, systemPath } from "../../../base/path.ts";
import { realPathOf } from "../../../base/real-path.ts";
import { unlessRefused } from "../../../base/system-error.ts";
import { resolveRoots } from "../../../files/roots.ts";
import { noElf } from "../../../planning/issues-of-skipped.ts";
import type { AnyBundleIssue } from "../bundle-issue.ts";
import type { BundleRequest } from "../bundle-request.ts";

/** A file that is to be started by its name. */
export interface GivenProgram {
  readonly name: string;
  /** As given, links in front of the name resolved: the name is the one that it is to have. */
  readonly path: string;
  /** Without symlinks. */
  readonly realPath: string;
  /** The request names it; it was not found in a directory. */
  readonly isNamed: boolean;
  /** It may load what is not in the bundle: it is taken without being wrapped, and is not static. */
  readonly isTakenAlone?: true;
}

export interface Given {
  readonly programs: readonly GivenProgram[];
  /** Directories to take whole, without symlinks. */
  readonly trees: readonly string[];
  readonly issues: readonly AnyBundleIssue[];
}

/**
 * Of a file in the store its whole store path is taken: its data, helpers and plug-ins lie there. A directory offers the
 * executable files of its bin. One without a bin offers those that lie in it, unless a program is named: then it is data.
 */
export function givenPrograms({ programs: paths, storeDirectory }: BundleRequest): Given {
  const { roots, issues: rootIssues } = resolveRoots(paths);
  const issues: AnyBundleIssue[] = [...rootIssues];
  const programs: GivenProgram[] = [];
  const trees: string[] = [];
  const isProgramNamed = roots.some(({ kind }) => kind !== "directory");
  for (const { given, path, kind } of roots) {
    if (kind === "directory") {
      trees.push(path);
      for (const program of programsIn(path, isProgramNamed)) programs.push(program);
    } else if (kind === "special") {
      issues.push(noElf(given, "special-file"));
    } else {
      const directory = realPathOf(directoryOf(given)) ?? directoryOf(given);
      programs.push({
        name: baseName(given),
        path: joinPath(directory, baseName(given)),
        realPath: path,
        isNamed: true,
      });
      const object = storeObjectOf(path, storeDirectory);
      if (object !== undefined && object !== path) trees.push(object);
    }
  }
  return { programs, trees: [...new Set(trees)], issues };
}

/** The store path that a path lies in; undefined outside the store. */
export function storeObjectOf(path: string, storeDirectory: string): string | undefined {
  if (path === storeDirectory || !isInside(path, storeDirectory)) return undefined;
  const end = path.indexOf("/", storeDirectory.length + 1);
  return end === -1 ? path : path.slice(0, end);
}

/** The paths of the store that a text has, from the store's directory to where no name goes on. */
export function storePathsIn(text: string, storeDirectory: string): readonly string[] {
  const paths: string[] = [];
  for (let at = text.indexOf(`${storeDirectory}/`); at !== -1; at = text.indexOf(`${storeDirectory}/`, at + 1)) {
    paths.push(/^[A-Za-z0-9/._+?=-]*/.exec(text.slice(at))?.[0] ?? "");
  }
  return paths;
}

function programsIn(tree: string, isData: boolean): readonly GivenProgram[] {
  const bin = joinPath(tree, "bin");
  const hasBin = isDirectory(bin);
  if (isData && !hasBin) return [];
  const directory = hasBin ? bin : tree;
  return unlessRefused(() => readEntries(directory), []).flatMap(({ name, kind }): readonly GivenProgram[] => {
    const path = joinPath(directory, name);
    const realPath = kind === "file" || kind === "symlink" ? realPathOf(path) : undefined;
    if (name.startsWith(".") || realPath === undefined || !isExecutableFile(realPath)) return [];
    return [{ name, path, realPath, isNamed: false }];
  });
}

function isExecutableFile(path: string): boolean {
  const status = unlessRefused(() => statSync(systemPath(path), { throwIfNoEntry: false }), undefined);
  return status?.isFile() === true && (status.mode & 0o111) !== 0;
}
