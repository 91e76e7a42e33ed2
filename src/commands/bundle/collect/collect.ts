// Which files a bundle needs: what is given, and all that they need. Reads only.

import { isDirectory } from "../../../base/directory-entries.ts";
import { directoryOf, isInside } from "../../../base/path.ts";
import { realPathOf } from "../../../base/real-path.ts";
import { discover } from "../../../files/discover.ts";
import { type EligibleFile, examine, type LibraryFile } from "../../../planning/examine.ts";
import { checkLibraryDirectories } from "../../../planning/library-directories.ts";
import type { AnyBundleIssue } from "../bundle-issue.ts";
import type { BundleRequest } from "../bundle-request.ts";
import type { CollectedExecutable, CollectedLibrary } from "./collected.ts";
import { type GivenProgram, givenPrograms, storeObjectOf, storePathsIn } from "./given-programs.ts";
import { createInterpreterChoice } from "./interpreter-choice.ts";
import { createLayout, type Layout } from "./layout.ts";
import { type Locales, localesAmong } from "./locales.ts";
import { type ModuleList, readModuleList } from "./module-list.ts";
import { collectScripts, type ScriptCollector, type Scripts } from "./scripts.ts";
import { startableOf } from "./startable.ts";
import {
  type Collecting,
  keepOriginal,
  linkersOf,
  openFrom,
  startCollecting,
  takeCLibrary,
  takeExecutable,
  takeOpened,
} from "./take-needs.ts";
import { readWrapper, valuesOf, type Wrapper } from "./wrapper.ts";

/** All that is known before anything is copied. */
export interface Collection {
  readonly programs: readonly GivenProgram[];
  readonly storeDirectory: string;
  readonly variables: BundleRequest["variables"];
  readonly arguments: BundleRequest["arguments"];
  readonly scripts: Scripts;
  /** By path: launchers take their places. */
  readonly wrappers: ReadonlyMap<string, Wrapper>;
  readonly layout: Layout;
  readonly executables: readonly CollectedExecutable[];
  readonly libraries: readonly CollectedLibrary[];
  /** By path: those that are wrapped, or changed in place, already: they are copied as they were before. */
  readonly originals: ReadonlyMap<string, EligibleFile | LibraryFile>;
  /**
   * The directory of the modules by which a C library knows character sets, by the executable that asks for them, or by the
   * dynamic linker where a plug-in does.
   */
  readonly characterSets: ReadonlyMap<string, string>;
  readonly locales: Locales;
  /** By path: lists of plug-ins, which stand in the place of those. */
  readonly moduleLists: ReadonlyMap<string, ModuleList>;
  readonly issues: readonly AnyBundleIssue[];
}

/** An executable of Nix's is wrapped like any other: what it names is not there where the bundle goes. */
const noStore = "/dev/null/store";

/** Finds all that a bundle is made of, and what stands in the way. Writes nothing. */
export function collect(request: BundleRequest): Collection {
  const given = givenPrograms(request);
  const layout = createLayout(request.storeDirectory, given.trees);
  for (const tree of given.trees) layout.takeTree(tree);
  for (const { path } of given.programs) layout.takeFile(path);
  const scripts = collectScripts(given.programs, layout, request.storeDirectory);
  const interpreters = createInterpreterChoice(request);
  const { files, wrappers, issues: wrapperIssues } = examineAll(layout, scripts, request.storeDirectory);
  const startable = startableOf(given.programs, files, scripts, given.issues.length > 0 ? [] : request.programs);
  const issues: AnyBundleIssue[] = [
    ...given.issues,
    ...interpreters.issues,
    ...checkLibraryDirectories(request.libraryDirectories),
    ...scripts.issues,
    ...wrapperIssues,
    ...startable.issues,
  ];
  const trees = layout.trees();
  const isGiven = (path: string) => startable.libraries.includes(path) || trees.some((tree) => isInside(path, tree));
  const bundledLibraries = files.flatMap((file) =>
    file.kind === "library" && isGiven(file.candidate.path) ? [file.candidate.path] : [],
  );
  const state = startCollecting({
    request,
    layout,
    interpreters,
    trees: [...new Set([...trees, ...given.programs.map(({ realPath }) => directoryOf(realPath))])],
    bundledLibraries,
    started: new Set([
      ...startable.programs.map(({ realPath }) => realPath),
      ...[...scripts.bundled.values()].map(({ realInterpreter }) => realInterpreter),
      ...[...wrappers.values()].map(({ target }) => realPathOf(target) ?? target),
    ]),
    issues,
  });
  for (const file of files) {
    if (file.kind === "eligible" && wrappers.has(file.candidate.path)) continue;
    if (file.kind === "eligible") takeExecutable(file, state);
    else if (file.kind === "library") keepOriginal(file, state);
    else if (file.kind === "broken") issues.push(file.issue);
  }
  for (const path of bundledLibraries) takeOpened(path, linkersOf(state), state);
  const moduleLists = takeModuleLists(state);
  for (const interpreter of linkersOf(state)) takeCLibrary(interpreter, state);
  return {
    programs: startable.programs,
    storeDirectory: request.storeDirectory,
    variables: request.variables,
    arguments: request.arguments,
    scripts,
    wrappers,
    layout,
    executables: [...state.executables.values()].map((executable) => ({
      ...executable,
      openedFrom: [...(state.openedFrom.get(executable.interpreter.path) ?? [])],
    })),
    libraries: state.runPaths.libraries(layout).filter(({ path }) => !state.executables.has(path)),
    originals: state.originals,
    characterSets: state.characterSets,
    locales: localesAmong(layout.files()),
    moduleLists,
    issues: [...issues, ...layout.issues],
  };
}

/** Has the directories searched of the plug-ins that stand in a list with their bare names. */
function takeModuleLists(state: Collecting): ReadonlyMap<string, ModuleList> {
  const lists = new Map<string, ModuleList>();
  for (const path of state.layout.files()) {
    const list = readModuleList(path, state.layout);
    if (list === undefined) continue;
    lists.set(path, list);
    for (const interpreter of linkersOf(state)) openFrom(list.directories, interpreter, state);
  }
  return lists;
}

/** All ELF files, with those that wrappers want: of what lies in the store the whole store path. */
function examineAll(layout: Layout, scripts: ScriptCollector, storeDirectory: string) {
  const files: ReturnType<typeof examineFile>[number][] = [];
  const wrappers = new Map<string, Wrapper>();
  const issues: AnyBundleIssue[] = [];
  const seen = new Set<string>();
  for (let fresh = layout.files(); fresh.length > 0; fresh = layout.files().filter((path) => !seen.has(path))) {
    for (const path of fresh) {
      seen.add(path);
      for (const file of examineFile(path)) {
        files.push(file);
        const wrapper = file.kind === "eligible" ? readWrapper(path, file.candidate.size) : undefined;
        if (wrapper === undefined) continue;
        if (wrapper.called !== undefined) {
          wrappers.set(path, wrapper);
          takeWrapped(wrapper, layout, scripts, storeDirectory);
        } else issues.push({ kind: "wrapper-names-store", path, target: wrapper.target });
      }
    }
  }
  return { files, wrappers, issues };
}

function takeWrapped(wrapper: Wrapper, layout: Layout, scripts: ScriptCollector, storeDirectory: string): void {
  for (const value of valuesOf(wrapper)) {
    for (const path of storePathsIn(value, storeDirectory)) {
      const real = realPathOf(path);
      const object = real === undefined ? undefined : storeObjectOf(real, storeDirectory);
      if (object !== undefined && object !== real) layout.takeTree(object);
      else if (real !== undefined && isDirectory(real)) layout.takeTree(real);
      else layout.takeFile(path);
    }
  }
  const realPath = layout.takeFile(wrapper.target);
  if (realPath !== undefined) scripts.add({ path: wrapper.target, realPath });
}

/** None for what is no ELF file. */
function examineFile(path: string) {
  return discover([path], { recurse: false, exclude: [] }).candidates.map((candidate) =>
    examine({ ...candidate, names: [candidate.path] }, noStore),
  );
}
