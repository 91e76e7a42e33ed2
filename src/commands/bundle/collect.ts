// Which files a bundle needs: what is given, and all that the dynamic linker on paper says of it. Reads only.

import { isDirectory } from "../../base/directory-entries.ts";
import { directoryOf, isInside } from "../../base/path.ts";
import { textOfBytes } from "../../base/text.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { mayNameSymbol } from "../../elf/imports.ts";
import { discover } from "../../files/discover.ts";
import { readElfFile } from "../../files/read-file.ts";
import { isCLibraryName } from "../../linker/interpreter/c-library.ts";
import type { Interpreter } from "../../linker/interpreter/interpreter.ts";
import { chooseInterpreter, loadInterpreter } from "../../linker/interpreter/load-interpreter.ts";
import { createLibraryIndex } from "../../linker/search/library-index.ts";
import { resolve } from "../../linker/solve/resolve.ts";
import { type EligibleFile, examine, type LibraryFile } from "../../planning/examine.ts";
import { leaveAlone } from "../../planning/left-alone.ts";
import { checkLibraryDirectories } from "../../planning/library-directories.ts";
import { executableContext, resolveContext, type Surroundings } from "../../planning/plan-executable.ts";
import { wrapDefaults } from "../../planning/wrap-request.ts";
import type { AnyBundleIssue } from "./bundle-issue.ts";
import type { BundleRequest } from "./bundle-request.ts";
import { characterSetModules, openedByCLibrary } from "./c-library-files.ts";
import type { CollectedExecutable, CollectedLibrary } from "./collected.ts";
import { type GivenProgram, givenPrograms, storeObjectOf, storePathsIn } from "./given-programs.ts";
import { createInterpreterChoice } from "./interpreter-choice.ts";
import { createLayout, type Layout, realPathOf } from "./layout.ts";
import { type Needs, needsOfExecutable, needsOfLibrary, runPathDirectories } from "./needs.ts";
import { createRunPaths, type RunPaths } from "./run-paths.ts";
import { collectScripts, type ScriptCollector, type Scripts } from "./scripts.ts";
import { readWrapper, valuesOf, type Wrapper } from "./wrapper.ts";

/** All that is known before anything is copied. */
export interface Collection {
  readonly programs: readonly GivenProgram[];
  readonly storeDirectory: string;
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
  readonly issues: readonly AnyBundleIssue[];
}

/** An executable of Nix's is wrapped like any other: what it names is not there where the bundle goes. */
const noStore = "/dev/null/store";

interface State {
  readonly request: BundleRequest;
  readonly layout: Layout;
  readonly surroundings: Surroundings;
  readonly runPaths: RunPaths;
  readonly executables: Map<string, CollectedExecutable>;
  readonly originals: Map<string, EligibleFile | LibraryFile>;
  readonly characterSets: Map<string, string>;
  /** Opened libraries whose needs have been collected, with the dynamic linker. */
  readonly opened: Set<string>;
  /** Directories of what plug-ins and opened libraries load, by the path of the dynamic linker. */
  readonly openedFrom: Map<string, Set<string>>;
  readonly issues: AnyBundleIssue[];
}

export function collect(request: BundleRequest): Collection {
  const given = givenPrograms(request);
  const layout = createLayout(request.storeDirectory);
  for (const tree of given.trees) layout.takeTree(tree);
  for (const { path } of given.programs) layout.takeFile(path);
  const scripts = collectScripts(given.programs, layout, request.storeDirectory);
  const interpreters = createInterpreterChoice(request);
  const { files, wrappers } = examineAll(layout, scripts, request.storeDirectory);
  const issues: AnyBundleIssue[] = [
    ...given.issues,
    ...interpreters.issues,
    ...checkLibraryDirectories(request.libraryDirectories),
    ...scripts.issues,
    ...notStarted(given.programs, files, scripts),
  ];
  const trees = layout.trees();
  const isInTree = (path: string) => trees.some((tree) => isInside(path, tree));
  const bundledLibraries = files.flatMap((file) =>
    file.kind === "library" && isInTree(file.candidate.path) ? [file.candidate.path] : [],
  );
  const state: State = {
    request,
    layout,
    surroundings: {
      request: { ...wrapDefaults, ...request, paths: request.programs, pin: "never" },
      interpreters,
      index: createLibraryIndex(),
      resolve,
      trees: [...new Set([...trees, ...given.programs.map(({ realPath }) => directoryOf(realPath))])],
      orphanSidecars: [],
      bundledLibraries,
      packageOf: () => "",
    },
    runPaths: createRunPaths(),
    executables: new Map(),
    originals: new Map(),
    characterSets: new Map(),
    opened: new Set(),
    openedFrom: new Map(),
    issues,
  };
  for (const file of files) {
    if (file.kind === "eligible" && wrappers.has(file.candidate.path)) continue;
    if (file.kind === "eligible") takeExecutable(file, state);
    else if (file.kind === "library") keepOriginal(file, state);
    else if (file.kind === "broken") issues.push(file.issue);
  }
  for (const path of bundledLibraries) takeOpened(path, linkersOf(state), state);
  for (const interpreter of linkersOf(state)) takeCLibrary(interpreter, state);
  return {
    programs: given.programs,
    storeDirectory: request.storeDirectory,
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
    issues: [...issues, ...layout.issues],
  };
}

/** All ELF files, with those that wrappers want: of what lies in the store the whole store path. */
function examineAll(layout: Layout, scripts: ScriptCollector, storeDirectory: string) {
  const files: ReturnType<typeof examineFile>[number][] = [];
  const wrappers = new Map<string, Wrapper>();
  const seen = new Set<string>();
  for (let fresh = layout.files(); fresh.length > 0; fresh = layout.files().filter((path) => !seen.has(path))) {
    for (const path of fresh) {
      seen.add(path);
      for (const file of examineFile(path)) {
        files.push(file);
        const wrapper = file.kind === "eligible" ? readWrapper(path, file.candidate.size) : undefined;
        if (wrapper !== undefined) wrappers.set(path, wrapper);
        if (wrapper !== undefined) takeWrapped(wrapper, layout, scripts, storeDirectory);
      }
    }
  }
  return { files, wrappers };
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

function linkersOf({ executables }: State): readonly Interpreter[] {
  return [...new Set([...executables.values()].map(({ interpreter }) => interpreter))];
}

function keepOriginal(file: EligibleFile | LibraryFile, { originals }: State): void {
  if (file.original.kind !== "unwrapped") originals.set(file.candidate.path, file);
}

function takeExecutable(file: EligibleFile, state: State): void {
  const { surroundings, issues } = state;
  const { path } = file.candidate;
  keepOriginal(file, state);
  const reading = file.file.use((current) => {
    const { original } = file;
    // What was put in place in it counts; of a stub, what its sidecar says.
    const elf = original.kind === "wrapped" ? original.elf : current;
    const sidecar = original.kind === "wrapped" ? original.sidecar : undefined;
    const interpreter = wrappedInterpreter(sidecar && textOfBytes(sidecar.interpreter), elf, state);
    if (interpreter === undefined) {
      const { machine, elfClass } = elf.header;
      issues.push({ kind: "no-interpreter", path, named: elf.interpreter() ?? "", machine, elfClass });
      return;
    }
    const found = [textOfBytes(sidecar?.runPath ?? new Uint8Array()), ...(sidecar?.firstNeeded ?? []).map(textOfBytes)];
    const former = found.flatMap((text, at) => {
      const entries = at === 0 ? text.split(":") : text.startsWith("/") ? [directoryOf(text)] : [];
      return runPathDirectories({ ...emptyFacts, runpath: entries.join(":") }, directoryOf(path), interpreter);
    });
    const own = executableContext(elf, path, interpreter, surroundings);
    const context = former.length === 0 ? own : { ...own, libraryDirectories: [...former, ...own.libraryDirectories] };
    const needs = needsOfExecutable(elf, path, context);
    takeNeeds(needs, interpreter, state);
    const { facts } = needs.objects[0] ?? { facts: emptyFacts };
    state.executables.set(path, {
      path,
      interpreter,
      libraryDirectories: directoriesOf(needs),
      openedFrom: [],
      keptEntries: (facts.runpath ?? facts.rpath ?? "").split(":").filter((entry) => isInside(entry, "/run")),
    });
  });
  if (reading.kind === "damaged") {
    for (const issue of leaveAlone({ path, isNamed: true, reason: "damaged", defect: reading.defect }).issues) {
      issues.push(issue);
    }
  }
}

const emptyFacts = {
  soname: undefined,
  needed: [],
  rpath: undefined,
  runpath: undefined,
  skipsDefaultDirectories: false,
  versionNeeds: [],
  versionDefinitions: [],
  hasVersionDefinitions: false,
  dlopenNotes: [],
} as const;

function wrappedInterpreter(named: string | undefined, elf: ElfFile, state: State): Interpreter | undefined {
  const known = named === undefined ? undefined : linkersOf(state).find(({ path }) => path === named);
  if (known !== undefined || named === undefined) return known ?? state.surroundings.interpreters.choose(elf);
  const loaded = loadInterpreter(named, state.request.storeDirectory);
  return loaded.kind === "loaded" ? loaded.interpreter : state.surroundings.interpreters.choose(elf);
}

/** Takes what is loaded, and what is opened with what that loads. */
function takeNeeds({ objects, opened, issues }: Needs, interpreter: Interpreter, state: State): void {
  const { layout } = state;
  layout.takeFile(interpreter.path);
  for (const { path } of objects) layout.takeFile(path);
  state.runPaths.learn(objects, interpreter);
  for (const issue of issues) state.issues.push(issue);
  if (objects.some(({ path }) => asksForCharacterSets(path))) takeCharacterSets(objects[0]?.path, interpreter, state);
  for (const path of opened) takeOpenedByName(path, interpreter, state);
}

/** `asker`: what loads something that asks for them. A plug-in's host is not known: then every program gets them. */
function takeCharacterSets(asker: string | undefined, interpreter: Interpreter, state: State): void {
  const modules = characterSetModules(interpreter, state.surroundings.index);
  if (asker === undefined || modules === undefined) return;
  state.characterSets.set(asker, modules);
  if (state.opened.has(asker)) state.characterSets.set(interpreter.path, modules);
  state.layout.takeTree(modules);
}

/** A library that is opened while a program runs: it, and what it loads. `linkers`: the first that fits opens it. */
function takeOpened(path: string, linkers: readonly Interpreter[], state: State): void {
  const real = realPathOf(path);
  if (real === undefined || state.opened.has(real)) return;
  state.opened.add(real);
  state.layout.takeFile(path);
  readElfFile(real, (elf) => {
    const interpreter = chooseInterpreter(elf, linkers);
    if (interpreter === undefined) return;
    const needs = needsOfLibrary(elf, real, resolveContext(real, interpreter, state.surroundings));
    openFrom(directoriesOf(needs), interpreter, state);
    // That something is missing is told of the executables; a plug-in may find it in whoever opens it.
    takeNeeds({ ...needs, issues: [] }, interpreter, state);
  });
}

/** It is found by its name: its directory has to be searched. */
function takeOpenedByName(path: string, interpreter: Interpreter, state: State): void {
  takeOpened(path, [interpreter], state);
  openFrom([realPathOf(directoryOf(path)) ?? directoryOf(path)], interpreter, state);
}

function openFrom(directories: readonly string[], { path }: Interpreter, { openedFrom }: State): void {
  const known = openedFrom.get(path) ?? new Set();
  openedFrom.set(path, known);
  for (const directory of directories) known.add(directory);
}

function takeCLibrary(interpreter: Interpreter, state: State): void {
  for (const path of openedByCLibrary(interpreter, state.surroundings.index))
    takeOpenedByName(path, interpreter, state);
}

/** Without symlinks, in the order of the load. */
function directoriesOf({ objects }: Needs): readonly string[] {
  return [...new Set(objects.slice(1).flatMap(({ path }) => realPathOf(directoryOf(path)) ?? []))];
}

const asking = new Map<string, boolean>();

function asksForCharacterSets(path: string): boolean {
  const known = asking.get(path);
  if (known !== undefined) return known;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const reading = isCLibraryName(name) ? undefined : readElfFile(path, (elf) => mayNameSymbol(elf, "iconv_open"));
  const asks = reading?.kind === "read" && reading.result;
  asking.set(path, asks);
  return asks;
}

/** Programs that the request names and that nobody can start. */
function notStarted(
  programs: readonly GivenProgram[],
  files: readonly ReturnType<typeof examineFile>[number][],
  { paths }: Scripts,
): readonly AnyBundleIssue[] {
  const isElf = new Set(
    files.map((file) =>
      file.kind === "left-alone" ? file.file.path : file.kind === "broken" ? file.path : file.candidate.path,
    ),
  );
  return programs
    .filter(({ realPath, isNamed }) => isNamed && !isElf.has(realPath) && !paths.has(realPath))
    .map(({ path }) => ({ kind: "not-a-program", path }));
}
