// What libraries of a moved store open while they run, and look for where the store was.

import { closeSync, fstatSync, openSync } from "node:fs";
import { directoryOf, isInside, joinPath, systemPath } from "../../base/path.ts";
import { errorCode } from "../../base/system-error.ts";
import { mayNameSymbol } from "../../elf/dynamic/imports.ts";
import { ElfError } from "../../elf/error.ts";
import { parseElf } from "../../elf/parse-elf.ts";
import { fileSource } from "../../elf/source.ts";
import type { LinkedObject, Load, Program } from "../load/load-order.ts";
import { openCandidate } from "../search/candidate.ts";
import type { LibraryIndex } from "../search/library-index.ts";
import { movesWithStore } from "../search/moved-store.ts";
import { meaningOf } from "../search/run-path.ts";
import { hasTokens } from "../search/tokens.ts";
import type { LibraryIssue } from "./library-issue.ts";
import type { ResolveContext } from "./resolve-context.ts";

type ByOldPath = Extract<LibraryIssue, { readonly kind: "opens-by-old-path" }>;

/**
 * The libraries of `load` that open others by name, and whose own run path names directories of the store by where it is
 * now: what an executable loads is pinned, what a library opens by itself is not. A warning where such a directory is of no
 * use to a needed entry, so that it is there for what is opened; else a note.
 */
export function openedByOldPath(program: Program, load: Load, context: ResolveContext): readonly LibraryIssue[] {
  if (!movesWithStore(program.origin, context)) return [];
  const loaded = new Set(load.objects.map(({ path }) => context.index.realPath(path)));
  return load.objects.flatMap((object): readonly ByOldPath[] => {
    const { loader, provenance } = object;
    const path = context.index.realPath(object.path);
    if (loader === undefined || provenance.kind === "interpreter") return [];
    const named = namedByOldPath(object, context);
    const open = named.filter((directory) => hasMore(directory, loaded, program, context));
    if (open.length === 0 || !opensLibraries(path, context.index)) return [];
    const used = new Set(
      load.lookups.flatMap(({ by, target }) =>
        by === object && target !== undefined && target !== "kernel"
          ? [context.index.realPath(directoryOf(target.path))]
          : [],
      ),
    );
    const unused = open.filter((directory) => !used.has(context.index.realPath(directory)));
    const [severity, directories] = unused.length > 0 ? (["warning", unused] as const) : (["note", open] as const);
    return [{ kind: "opens-by-old-path", severity, executable: program.path, path, directories, count: 1 }];
  });
}

/** Those of its run path, as they are spelled there. */
function namedByOldPath({ origin, facts }: LinkedObject, context: ResolveContext): readonly string[] {
  return (facts.runpath ?? facts.rpath ?? "").split(":").filter((entry) => {
    const directory = meaningOf(entry, origin, context);
    return directory !== undefined && !hasTokens(entry) && isInside(directory, context.storeDirectory);
  });
}

/** Whether a library lies there that the program does not load, and that is therefore looked for by its name. */
function hasMore(
  directory: string,
  loaded: ReadonlySet<string>,
  { header }: Program,
  { index, interpreter }: ResolveContext,
): boolean {
  // The C library's own are opened by the C library.
  if (index.realPath(directory) === index.realPath(directoryOf(interpreter.path))) return false;
  return index
    .list(directory)
    .filter((name) => /\.so(?:\.|$)/.test(name))
    .map((name) => joinPath(directory, name))
    .some((path) => {
      return (
        !loaded.has(index.realPath(path)) && openCandidate({ index, interpreter }, header, path).kind === "library"
      );
    });
}

const known = new WeakMap<LibraryIndex, Map<string, boolean>>();

/** Whether a library calls dlopen; each is read once for a run. */
function opensLibraries(path: string, index: LibraryIndex): boolean {
  const ofIndex = known.get(index) ?? new Map<string, boolean>();
  known.set(index, ofIndex);
  const answer = ofIndex.get(path) ?? callsDlopen(path);
  ofIndex.set(path, answer);
  return answer;
}

/** False for what cannot be read: the load itself says so. */
function callsDlopen(path: string): boolean {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(systemPath(path), "r");
    return mayNameSymbol(parseElf(fileSource(descriptor, fstatSync(descriptor).size)), "dlopen");
  } catch (error) {
    if (!(error instanceof ElfError) && errorCode(error) === undefined) throw error;
    return false;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
