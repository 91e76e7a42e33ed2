// What a request is about, before anything is planned: the files that are there, what each of them is, and what all
// executables share. Reads only.

import { readEntries } from "../base/directory-entries.ts";
import { directoryOf, joinPath } from "../base/path.ts";
import { unlessRefused } from "../base/system-error.ts";
import type { ElfFile } from "../elf/elf-file.ts";
import { discover } from "../files/discover.ts";
import type { Discovery } from "../files/discovery.ts";
import type { OnProgress } from "../files/progress.ts";
import { type ObjectFacts, readObjectFacts } from "../linker/load/object-facts.ts";
import { createLibraryIndex, type LibraryFile } from "../linker/search/library-index.ts";
import { createResolver } from "../linker/solve/twins.ts";
import { readInPlace } from "../patch/in-place/read-in-place.ts";
import { originalElf } from "../patch/original.ts";
import { executableOf, isSidecarName } from "../patch/sidecar/file-names.ts";
import { isThere } from "../patch/write/leftovers.ts";
import { type EligibleFile, type Examined, examine, type LibraryFile as SurveyedLibrary } from "./examine.ts";
import { type Interpreters, loadInterpreters } from "./interpreters.ts";
import { packagesOf } from "./packages.ts";
import type { Surroundings } from "./surroundings.ts";
import { treesOf } from "./trees.ts";
import type { WrapRequest } from "./wrap-request.ts";

/** The first look at everything that a request names. */
export interface Survey {
  readonly found: Discovery;
  /** One for each candidate of `found`, in the same order. */
  readonly examined: readonly Examined[];
  readonly surroundings: SurveyedSurroundings;
}

/** With what was seen of all of them. */
export interface SurveyedSurroundings extends Surroundings {
  /** The dynamic linker that fits each executable and library, by their paths; none where none does. */
  readonly linkers: ReadonlyMap<string, string>;
}

export interface SurveyOptions {
  /** Told how many ELF files there are to look at, before the first is. */
  readonly onFound?: ((count: number) => void) | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Libraries that have been given a run path in place are seen without it: they will be planned again. */
  readonly asOriginals?: boolean;
}

type Surveyed = EligibleFile | SurveyedLibrary;

/**
 * Executables whose bytes are kept until they are planned, up to 32 KB each. More are read again: that takes no longer than
 * to have V8 look after what is kept. 700 took 86 MB with 100 kept, 110 MB with 300, and as long.
 */
const mostKept = 100;

/** So many are searched for names in less time than a build's log takes to read. */
const fewExecutables = 100;

/** Finds the files, looks at each, and loads the dynamic linkers of the request. */
export function survey(request: WrapRequest, { onFound, onProgress, asOriginals = false }: SurveyOptions = {}): Survey {
  const found = discover(request.paths, request, onProgress);
  onFound?.(found.candidates.length);
  const interpreters = loadInterpreters(request);
  const linkers = new Map<string, string>();
  const libraries: LibraryFile[] = [];
  let kept = 0;
  const examined = found.candidates.map((candidate) => {
    const file = examine(candidate, request.storeDirectory);
    if (file.kind === "eligible" || file.kind === "library") {
      const linker = linkerOf(file, interpreters);
      if (linker !== undefined) linkers.set(candidate.path, linker);
      const library = file.kind === "library" ? asLibrary(file, asOriginals) : undefined;
      if (library !== undefined) libraries.push(library);
      if (file.kind === "library" || ++kept > mostKept) file.file.forget();
    }
    onProgress?.("look", candidate.size, found.candidates.length);
    return file;
  });
  const executables = examined.flatMap((file) => (file.kind === "eligible" ? [file.candidate.path] : []));
  const trees = treesOf(request.paths, found.candidates);
  const surroundings = {
    request,
    interpreters,
    linkers,
    index: createLibraryIndex(asOriginals ? originalFacts : undefined, libraries),
    resolve: createResolver(),
    trees,
    packageOf: packagesOf({ directories: trees, executables, libraries: request.libraries }),
    passingPaths: new Set<string>(),
    orphanSidecars: sidecarsIn(found).filter((path) => !isThere(executableOf(path))),
    searchesNames:
      request.searchesNames === "always" ||
      (request.searchesNames === "in-few" && executables.length <= fewExecutables),
    bundledLibraries: examined.flatMap((file) => (file.kind === "library" ? [file.candidate.path] : [])),
  };
  return { found, examined, surroundings };
}

/** While its bytes are at hand. Undefined where there is none for it, or what says so is damaged. */
function linkerOf({ file, original }: Surveyed, interpreters: Interpreters): string | undefined {
  const reading = file.use((elf) => interpreters.choose(originalElf(elf, original))?.path);
  return reading.kind === "read" ? reading.result : undefined;
}

/** The file as those see it that need it; none where it is too damaged for that. */
function asLibrary({ file, original, candidate }: Surveyed, asOriginal: boolean): LibraryFile | undefined {
  const reading = file.use((elf) => ({
    fileId: candidate.identity,
    header: elf.header,
    facts: readObjectFacts(asOriginal ? originalElf(elf, original) : elf),
  }));
  return reading.kind === "read" ? reading.result : undefined;
}

function originalFacts(elf: ElfFile): ObjectFacts {
  const found = readInPlace(elf);
  return readObjectFacts(found.kind === "in-place" ? found.elf : elf);
}

/** The sidecars of the trees, and those beside files that are named. */
function sidecarsIn({ sidecars, candidates }: Discovery): readonly string[] {
  const directories = new Set(candidates.flatMap(({ path, isNamed }) => (isNamed ? [directoryOf(path)] : [])));
  const beside = [...directories].flatMap((directory) => {
    const names = namesIn(directory).filter(isSidecarName);
    return names.map((name) => joinPath(directory, name));
  });
  return [...new Set([...sidecars, ...beside])];
}

/** None where the directory cannot be listed. */
function namesIn(directory: string): readonly string[] {
  return unlessRefused(() => readEntries(directory).map(({ name }) => name), []);
}
