// Takes into a bundle what an executable, a plug-in or the C library loads and opens, as the dynamic linker on paper says.

import { directoryOf, isInside } from "../../../base/path.ts";
import { realPathOf } from "../../../base/real-path.ts";
import { textOfBytes } from "../../../base/text.ts";
import { mayNameSymbol } from "../../../elf/dynamic/imports.ts";
import type { ElfFile } from "../../../elf/elf-file.ts";
import { readElfFile } from "../../../files/read-file.ts";
import { isCLibraryName } from "../../../linker/interpreter/c-library.ts";
import type { Interpreter } from "../../../linker/interpreter/interpreter.ts";
import { chooseInterpreter, loadInterpreter } from "../../../linker/interpreter/load-interpreter.ts";
import { createLibraryIndex } from "../../../linker/search/library-index.ts";
import { resolve } from "../../../linker/solve/resolve.ts";
import type { EligibleFile, LibraryFile } from "../../../planning/examine.ts";
import { leaveAlone } from "../../../planning/left-alone.ts";
import { executableContext, resolveContext, type Surroundings } from "../../../planning/surroundings.ts";
import { wrapDefaults } from "../../../planning/wrap-request.ts";
import type { AnyBundleIssue } from "../bundle-issue.ts";
import type { BundleRequest } from "../bundle-request.ts";
import { characterSetModules, openedByCLibrary } from "./c-library-files.ts";
import type { CollectedExecutable } from "./collected.ts";
import type { Layout } from "./layout.ts";
import { type Needs, needsOfExecutable, needsOfLibrary, runPathDirectories, runPathOf } from "./needs.ts";
import { createRunPaths, type RunPaths } from "./run-paths.ts";

/** What is collected, and by which means. */
export interface Collecting {
  readonly request: BundleRequest;
  readonly layout: Layout;
  readonly surroundings: Surroundings;
  /** Programs, and what starts them: without symlinks. Other executables are parts of directories that are taken. */
  readonly started: ReadonlySet<string>;
  readonly runPaths: RunPaths;
  readonly executables: Map<string, CollectedExecutable>;
  readonly originals: Map<string, EligibleFile | LibraryFile>;
  readonly characterSets: Map<string, string>;
  /** Whether what is at a path asks for a character set. */
  readonly asking: Map<string, boolean>;
  /** Opened libraries whose needs have been collected, with the dynamic linker. */
  readonly opened: Set<string>;
  /** Directories of what plug-ins and opened libraries load, by the path of the dynamic linker. */
  readonly openedFrom: Map<string, Set<string>>;
  readonly issues: AnyBundleIssue[];
}

/** With nothing collected yet. `trees`, `bundledLibraries`: as in Surroundings. */
export function startCollecting({
  request,
  layout,
  interpreters,
  trees,
  bundledLibraries,
  started,
  issues,
}: Pick<Collecting, "request" | "layout" | "started" | "issues"> &
  Pick<Surroundings, "interpreters" | "trees" | "bundledLibraries">): Collecting {
  return {
    request,
    layout,
    surroundings: {
      request: { ...wrapDefaults, ...request, paths: request.programs, pin: "never" },
      interpreters,
      index: createLibraryIndex(),
      resolve,
      trees,
      passingPaths: new Set(),
      orphanSidecars: [],
      bundledLibraries,
      packageOf: () => "",
      searchesNames: false,
    },
    started,
    runPaths: createRunPaths(),
    executables: new Map(),
    originals: new Map(),
    characterSets: new Map(),
    asking: new Map(),
    opened: new Set(),
    openedFrom: new Map(),
    issues,
  };
}

/** The dynamic linkers of the executables that are taken, each once. */
export function linkersOf({ executables }: Collecting): readonly Interpreter[] {
  return [...new Set([...executables.values()].map(({ interpreter }) => interpreter))];
}

/** Notes a file that is wrapped, or changed in place, so that it is copied as it was before. */
export function keepOriginal(file: EligibleFile | LibraryFile, { originals }: Collecting): void {
  if (file.original.kind !== "unwrapped") originals.set(file.candidate.path, file);
}

/** Takes what an executable loads, and how it is to be wrapped. What is wrong with it goes to the issues. */
export function takeExecutable(file: EligibleFile, state: Collecting): void {
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
      const named = elf.interpreter() ?? "";
      if (state.started.has(path)) issues.push({ kind: "no-interpreter", path, named, machine, elfClass });
      else issues.push({ kind: "data-without-interpreter", path, named });
      return;
    }
    const found = [textOfBytes(sidecar?.runPath ?? new Uint8Array()), ...(sidecar?.firstNeeded ?? []).map(textOfBytes)];
    const former = found.flatMap((text, at) => {
      const entries = at === 0 ? text.split(":") : text.startsWith("/") ? [directoryOf(text)] : [];
      return runPathDirectories(entries.join(":"), directoryOf(path), interpreter);
    });
    const own = executableContext(elf, path, interpreter, surroundings);
    const context = former.length === 0 ? own : { ...own, libraryDirectories: [...former, ...own.libraryDirectories] };
    const needs = needsOfExecutable(elf, path, context);
    takeNeeds(needs, interpreter, state);
    state.executables.set(path, {
      path,
      interpreter,
      loads: needs.objects.slice(1).flatMap((object) => realPathOf(object.path) ?? []),
      libraryDirectories: directoriesOf(needs),
      openedFrom: [],
      keptEntries: runPathOf(needs.objects[0]?.facts)
        .split(":")
        .filter((entry) => isInside(entry, "/run")),
    });
  });
  if (reading.kind === "damaged") {
    for (const issue of leaveAlone({ path, isNamed: true, reason: "damaged", defect: reading.defect }).issues) {
      issues.push(issue);
    }
  }
}

function wrappedInterpreter(named: string | undefined, elf: ElfFile, state: Collecting): Interpreter | undefined {
  const known = named === undefined ? undefined : linkersOf(state).find(({ path }) => path === named);
  if (known !== undefined || named === undefined) return known ?? state.surroundings.interpreters.choose(elf);
  const loaded = loadInterpreter(named, state.request.storeDirectory);
  return loaded.kind === "loaded" ? loaded.interpreter : state.surroundings.interpreters.choose(elf);
}

/** Takes what is loaded, and what is opened with what that loads. */
function takeNeeds({ objects, opened, issues }: Needs, interpreter: Interpreter, state: Collecting): void {
  const { layout } = state;
  layout.takeFile(interpreter.path);
  for (const { path } of objects) layout.takeFile(path);
  state.runPaths.learn(objects, interpreter);
  for (const issue of issues) state.issues.push(issue);
  if (objects.some(({ path }) => asksForCharacterSets(path, state)))
    takeCharacterSets(objects[0]?.path, interpreter, state);
  for (const path of opened) takeOpenedByName(path, interpreter, state);
}

/** `asker`: what loads something that asks for them. A plug-in's host is not known: then every program gets them. */
function takeCharacterSets(asker: string | undefined, interpreter: Interpreter, state: Collecting): void {
  const modules = characterSetModules(interpreter, state.surroundings.index);
  if (asker === undefined || modules === undefined) return;
  state.characterSets.set(asker, modules);
  if (state.opened.has(asker)) state.characterSets.set(interpreter.path, modules);
  state.layout.takeTree(modules);
}

/** A library that is opened while a program runs: it, and what it loads. `linkers`: the first that fits opens it. */
export function takeOpened(path: string, linkers: readonly Interpreter[], state: Collecting): void {
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
function takeOpenedByName(path: string, interpreter: Interpreter, state: Collecting): void {
  takeOpened(path, [interpreter], state);
  openFrom([realPathOf(directoryOf(path)) ?? directoryOf(path)], interpreter, state);
}

/** Has these directories searched for what programs of that dynamic linker open by name. */
export function openFrom(directories: readonly string[], { path }: Interpreter, { openedFrom }: Collecting): void {
  const known = openedFrom.get(path) ?? new Set();
  openedFrom.set(path, known);
  for (const directory of directories) known.add(directory);
}

/** Takes what the C library of a dynamic linker opens by name while it runs. */
export function takeCLibrary(interpreter: Interpreter, state: Collecting): void {
  for (const path of openedByCLibrary(interpreter, state.surroundings.index))
    takeOpenedByName(path, interpreter, state);
}

/** Without symlinks, in the order of the load. */
function directoriesOf({ objects }: Needs): readonly string[] {
  return [...new Set(objects.slice(1).flatMap(({ path }) => realPathOf(directoryOf(path)) ?? []))];
}

function asksForCharacterSets(path: string, { asking }: Collecting): boolean {
  const known = asking.get(path);
  if (known !== undefined) return known;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const reading = isCLibraryName(name) ? undefined : readElfFile(path, (elf) => mayNameSymbol(elf, "iconv_open"));
  const asks = reading?.kind === "read" && reading.result;
  asking.set(path, asks);
  return asks;
}
