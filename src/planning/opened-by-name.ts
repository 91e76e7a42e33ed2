// What an executable, and the libraries of its package, may open by name while they run, and whether it would be found:
// with the run path of whoever opens it, in a process that has loaded what it loads. A hint, since a name among the
// constants of a program need not be opened.

import { groupBy } from "../base/group-by.ts";
import { baseName, directoryOf } from "../base/path.ts";
import { compilePattern } from "../base/pattern.ts";
import type { ElfFile } from "../elf/elf-file.ts";
import { namedLibraries } from "../files/named-libraries.ts";
import { readElfFile } from "../files/read-file.ts";
import type { Interpreter } from "../linker/interpreter/interpreter.ts";
import { commonlyOpened, libraryOf, stemOf } from "../linker/load/commonly-opened.ts";
import { type LinkedObject, mainObject, type Program } from "../linker/load/load-order.ts";
import type { LoadedObject } from "../linker/load/provenance.ts";
import { openCandidate } from "../linker/search/candidate.ts";
import type { LibraryFile, LibraryIndex } from "../linker/search/library-index.ts";
import { nativeSearch } from "../linker/search/native-search.ts";
import { oncePerRun } from "../linker/search/per-run.ts";
import type { LibraryIssue } from "../linker/solve/library-issue.ts";
import type { LibrarySettings } from "../linker/solve/library-settings.ts";
import type { Resolution } from "../linker/solve/resolution.ts";
import { programOf } from "../linker/solve/resolve.ts";
import type { PackageOf } from "../linker/solve/resolve-context.ts";
import { nixpkgsAttributes } from "../report/nixpkgs/attributes.ts";
import { installedByResolution } from "./what-loads/installed.ts";

/** One library that may be opened by name. */
export interface OpenedByName {
  /** Path of the object that has the names. */
  readonly by: string;
  /** Names of one library among its constants, such as libudev.so.1 and libudev.so.0; one that opens is enough. */
  readonly names: readonly string[];
  /** Where the first that is to be had lies, or what is loaded under one of the names; undefined when none is. */
  readonly path: string | undefined;
}

/** An executable as it will be handed over. */
export interface Opener {
  readonly elf: ElfFile;
  readonly path: string;
  readonly interpreter: Interpreter;
  /** Asked for where there is something to look for, which is seldom. */
  readonly program: () => Program;
  readonly loaded: readonly Pick<LoadedObject, "name" | "path" | "soname">[];
}

/** What the executables of a run share. */
export interface OpenerSurroundings {
  readonly index: LibraryIndex;
  /** The same array for every executable of a run. */
  readonly bundledLibraries: readonly string[];
  readonly packageOf: PackageOf;
}

/** Those of a run that have not been looked at: each is for the first executable that may open it. */
const unseenLibraries = oncePerRun((_, bundledLibraries: readonly string[]) => new Set(bundledLibraries));

/** All of them: the executable's, then those of libraries that no executable before this one may have opened. */
export function openedByName(opener: Opener, surroundings: OpenerSurroundings): readonly OpenedByName[] {
  const own = namedLibraries(opener.path, opener.elf);
  const libraries = librariesToOpen(opener, surroundings);
  if (own.length + libraries.length === 0) return [];
  const { interpreter, loaded } = opener;
  const { index, bundledLibraries } = surroundings;
  const program = opener.program();
  const search = nativeSearch({ index, interpreter }, program.header);
  const main = mainObject(program);
  const objects = libraries.map(({ names, path, file: { facts, fileId } }) => {
    const provenance = { kind: "absolute" } as const;
    const how = { order: 1, name: path, path, origin: directoryOf(path), facts, fileId, loader: main, provenance };
    return { by: { ...how, names: new Set<string>() }, names };
  });
  return [{ by: main, names: own }, ...objects].flatMap(({ by, names }) =>
    groupBy(
      names.filter((name) => isOthers(name, by)),
      libraryOf,
    ).map((alike) => ({ by: by.path, names: alike, path: pathOf(alike, by) })),
  );

  function pathOf(names: readonly string[], by: LinkedObject): string | undefined {
    const there = loaded.find(({ name, soname }) => names.includes(name) || names.includes(soname ?? ""));
    if (there !== undefined) return there.path;
    // What lies in the package is opened by a path that is put together.
    let path = bundledLibraries.find((one) => names.includes(baseName(one)));
    for (const name of [...names, ...otherNames(names)]) path ??= search(name, by, main).found?.path;
    return path;
  }
}

/** Libraries with names in them that the executable has loaded or may open, and none before it. */
function librariesToOpen(
  { path: executable, elf, interpreter, loaded }: Opener,
  { index, bundledLibraries, packageOf }: OpenerSurroundings,
): readonly { readonly path: string; readonly file: LibraryFile; readonly names: readonly string[] }[] {
  const unseen = unseenLibraries(index, bundledLibraries);
  if (unseen.size === 0) return [];
  const paths = new Set(loaded.map(({ path }) => path));
  const packageName = packageOf(executable);
  return [...unseen].flatMap((path) => {
    const owner = packageOf(path);
    if (owner !== undefined && owner !== packageName && !paths.has(path)) return [];
    const candidate = openCandidate({ index, interpreter }, elf.header, path);
    if (candidate.kind !== "library") return [];
    unseen.delete(path);
    const reading = readElfFile(path, (library) => namedLibraries(path, library));
    if (reading.kind !== "read" || reading.result.length === 0) return [];
    return [{ path, file: candidate.file, names: reading.result }];
  });
}

/** An executable that is to be wrapped like this. */
export interface ResolvedExecutable extends Pick<Opener, "elf" | "path" | "interpreter"> {
  readonly resolution: Resolution;
}

/** What there is to say of it, where that is asked for. */
export function openedIssues(
  { elf, path, interpreter, resolution }: ResolvedExecutable,
  surroundings: OpenerSurroundings & {
    readonly searchesNames: boolean;
    readonly request: Pick<LibrarySettings, "ignoreMissing">;
  },
): readonly LibraryIssue[] {
  if (!surroundings.searchesNames) return [];
  const program = () => installedByResolution(programOf(elf, path, surroundings), resolution, interpreter).program;
  const opened = openedByName({ elf, path, interpreter, program, loaded: resolution.loadOrder }, surroundings);
  return issuesOfOpened(opened, path, surroundings.request.ignoreMissing);
}

/** The issues: of what would not be found and nixpkgs has, except for what may be missing. */
export function issuesOfOpened(
  opened: readonly OpenedByName[],
  executable: string,
  ignoreMissing: readonly string[],
): readonly LibraryIssue[] {
  const isIgnored = ignoreMissing.map(compilePattern);
  return opened.flatMap(({ by, names, path }) => {
    const known = names.filter((name) => nixpkgsAttributes.has(name)).sort(asToBeHad);
    const isTold = path === undefined && known.length > 0;
    if (!isTold || names.some((name) => isIgnored.some((matches) => matches(name)))) return [];
    return [{ kind: "opened-by-name", severity: "note", executable, neededBy: by, alternatives: known }] as const;
  });
}

/** Numbers in a name by what they count: libavcodec.so.9 before libavcodec.so.58. */
const byVersion = new Intl.Collator("en", { numeric: true });

/** Names of one library, that one first which is to be named: no substitute, and the newest, which nixpkgs keeps longest. */
function asToBeHad(a: string, b: string): number {
  const isSubstitute = (name: string): number => Number(libraryOf(name) !== stemOf(name));
  return isSubstitute(a) - isSubstitute(b) || byVersion.compare(b, a);
}

/** The C library's own, which every process has, or which it opens by itself. */
const ofCLibrary: ReadonlySet<string> = new Set(
  [...nixpkgsAttributes].flatMap(([name, attribute]) => (attribute === "glibc" ? stemOf(name) : [])),
);

/** Whether it is neither the object's own name, nor a needed entry's, nor the C library's. */
function isOthers(name: string, { facts }: LinkedObject): boolean {
  const stem = libraryOf(name);
  const own = [facts.soname ?? "", ...facts.needed].map(libraryOf);
  return !own.includes(stem) && !ofCLibrary.has(stem) && !stem.startsWith("libnss_");
}

function otherNames(names: readonly string[]): readonly string[] {
  const stem = stemOf(names[0] ?? "");
  return commonlyOpened.find((one) => one.stem === stem)?.otherNames ?? [];
}
