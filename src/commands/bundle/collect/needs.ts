// What one ELF file needs in the bundle: what it loads, and what it says that it opens.

import { baseName, directoryOf, isInside, joinPath, normalise } from "../../../base/path.ts";
import type { ElfFile } from "../../../elf/elf-file.ts";
import type { Interpreter } from "../../../linker/interpreter/interpreter.ts";
import { type ObjectFacts, readObjectFacts } from "../../../linker/load/object-facts.ts";
import { openCandidate } from "../../../linker/search/candidate.ts";
import { meaningOf } from "../../../linker/search/run-path.ts";
import { resolve } from "../../../linker/solve/resolve.ts";
import type { ResolveContext } from "../../../linker/solve/resolve-context.ts";
import { resolveLibrary } from "../../../linker/solve/resolve-library.ts";
import type { Issue } from "../../../report/issue.ts";

/** One object of a load, as it was before. */
export interface NeededObject {
  /** As the dynamic linker opens it. */
  readonly path: string;
  readonly facts: ObjectFacts;
}

export interface Needs {
  /** In the order of the load, the file itself first, the dynamic linker not among them. */
  readonly objects: readonly NeededObject[];
  /** Libraries that are opened by name while it runs, as far as the files tell. */
  readonly opened: readonly string[];
  readonly issues: readonly Issue[];
}

/** Of an executable. */
export function needsOfExecutable(elf: ElfFile, path: string, context: ResolveContext): Needs {
  const { loadOrder, issues, plugInIssues } = resolve(elf, path, context);
  return needsOf(elf, path, loadOrder, [...issues, ...plugInIssues], context);
}

/** Of a library that is opened while a program runs. */
export function needsOfLibrary(elf: ElfFile, path: string, context: ResolveContext): Needs {
  const { loadOrder, issues } = resolveLibrary(elf, path, context);
  return needsOf(elf, path, loadOrder, issues, context);
}

function needsOf(
  elf: ElfFile,
  path: string,
  loadOrder: readonly { readonly path: string; readonly provenance: { readonly kind: string } }[],
  issues: readonly Issue[],
  context: ResolveContext,
): Needs {
  const { index } = context;
  const objects = loadOrder.flatMap(({ path: own, provenance }): readonly NeededObject[] => {
    if (own === path) return [{ path, facts: readObjectFacts(elf) }];
    const finding = provenance.kind === "interpreter" ? undefined : index.open(own);
    return finding?.kind === "elf" ? [{ path: own, facts: finding.file.facts }] : [];
  });
  const directories = new Set(objects.slice(1).map((object) => index.realPath(directoryOf(object.path))));
  const opened = objects.flatMap((object) => [
    ...askedFor(object, elf, context),
    ...inUnusedDirectories(object, directories, elf, context),
  ]);
  return { objects, opened: [...new Set(opened)], issues };
}

/** What its `.note.dlopen` names, the first of each note's alternatives that is there. */
function askedFor({ path, facts }: NeededObject, { header }: ElfFile, context: ResolveContext): readonly string[] {
  if (facts.dlopenNotes.length === 0) return [];
  const { interpreter, index, libraryDirectories } = context;
  const origin = directoryOf(path);
  const directories = [
    ...runPathDirectories(runPathOf(facts), origin, interpreter),
    origin,
    ...libraryDirectories,
    directoryOf(interpreter.path),
    ...interpreter.defaultDirectories,
  ];
  return facts.dlopenNotes.flatMap(({ sonames }) => {
    const paths = sonames.flatMap((name) => directories.map((directory) => joinPath(directory, baseName(name))));
    return paths.find((one) => openCandidate({ index, interpreter }, header, one).kind === "library") ?? [];
  });
}

/**
 * The libraries of a run path entry that no needed entry uses: it stands there for what is opened by name. Only in the
 * store: elsewhere such an entry is mostly a leftover of a build.
 */
function inUnusedDirectories(
  { path, facts }: NeededObject,
  used: ReadonlySet<string>,
  { header }: ElfFile,
  { interpreter, index, storeDirectory }: ResolveContext,
): readonly string[] {
  return runPathDirectories(runPathOf(facts), directoryOf(path), interpreter)
    .filter((directory) => isInside(directory, storeDirectory) && !used.has(index.realPath(directory)))
    .flatMap((directory) =>
      index
        .list(directory)
        .filter((name) => /\.so(?:\.|$)/.test(name))
        .map((name) => joinPath(directory, name))
        .filter((one) => openCandidate({ index, interpreter }, header, one).kind === "library"),
    );
}

/** The text of an object's own run path; "" where it has none. */
export function runPathOf(facts: Pick<ObjectFacts, "runpath" | "rpath"> | undefined): string {
  return facts?.runpath ?? facts?.rpath ?? "";
}

/** The directories that the run path of an object in `origin` names, in order. */
export function runPathDirectories(text: string, origin: string, interpreter: Interpreter): readonly string[] {
  return text.split(":").flatMap((entry) => {
    const directory = meaningOf(entry, origin, { interpreter });
    return directory === undefined ? [] : [normalise(directory)];
  });
}
