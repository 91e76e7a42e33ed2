// Where glibc's dynamic linker looks for a needed entry.
// Source: glibc elf/dl-load.c, _dl_map_new_object, fillin_rpath, open_path; ld.so(8).

import { withoutTrailingSlashes } from "../../base/path.ts";
import type { ElfIdentity } from "../../elf/elf-file.ts";
import {
  type LinkedObject,
  loadersOf,
  type Refused,
  type Search,
  type SearchOutcome,
  tokenValues,
} from "../load/load-order.ts";
import type { ObjectFacts } from "../load/object-facts.ts";
import type { Provenance } from "../load/provenance.ts";
import { openCandidate } from "./candidate.ts";
import { createDirectoryList, type DirectoryList, directoryListOfRun } from "./directory-list.ts";
import { oncePerRun } from "./per-run.ts";
import type { SearchSurroundings } from "./search-surroundings.ts";
import { expandTokens, hasTokens, type TokenValues } from "./tokens.ts";

/**
 * The directories of a run path as written: tokens replaced, slashes at the end removed, each once. Left out are
 * entries whose tokens have no value and those relative to the working directory, which is not known here.
 */
function runPathDirectories(text: string | undefined, values: TokenValues): readonly string[] {
  if (text === undefined) return [];
  const directories = text.split(":").flatMap((entry) => {
    const expanded = hasTokens(entry) ? expandTokens(entry, values) : entry;
    return expanded?.startsWith("/") ? [withoutTrailingSlashes(expanded)] : [];
  });
  return [...new Set(directories)];
}

interface RunPaths {
  readonly rpath: DirectoryList;
  readonly runpath: DirectoryList;
}

interface KnownRunPaths {
  /** A library's, by the directory that it is loaded from. */
  readonly byFacts: WeakMap<ObjectFacts, Map<string, RunPaths>>;
  /** By the text of a run path and what `$ORIGIN` means in it. */
  readonly byText: Map<string, DirectoryList>;
}

/** Run paths are split, expanded and searched for a name once for all executables that use them. */
const runPathsOf = oncePerRun((): KnownRunPaths => ({ byFacts: new WeakMap(), byText: new Map() }));

type IsOfMachine = NonNullable<SearchSurroundings["isOfMachine"]>;

/** What is searched before everything else, and what is searched after it. */
interface Parts {
  readonly first: DirectoryList;
  readonly last: DirectoryList;
}

/** Texts that are remembered: those of one executable, and of the next ones, which are often the same. */
const mostTexts = 64;

/** The lists of directories that objects' run paths lead to. */
interface RunPathLists {
  readonly of: (object: LinkedObject) => RunPaths;
  readonly partsOf: (object: LinkedObject, list: DirectoryList, isOfMachine: IsOfMachine) => Parts;
}

function runPathLists({ index, interpreter }: SearchSurroundings): RunPathLists {
  const { byFacts, byText } = runPathsOf(index, interpreter.defaultDirectories);
  const parts = new WeakMap<DirectoryList, Parts>();

  function listOf(text: string | undefined, origin: string): DirectoryList {
    const key = text === undefined ? "" : `${origin}\0${text}`;
    const known = byText.get(key);
    if (known !== undefined) return known;
    const list = createDirectoryList(index, runPathDirectories(text, tokenValues({ origin }, interpreter)));
    if (byText.size >= mostTexts) byText.clear();
    byText.set(key, list);
    return list;
  }

  return {
    of: ({ facts, origin }) => {
      const byOrigin = byFacts.get(facts) ?? new Map<string, RunPaths>();
      byFacts.set(facts, byOrigin);
      const known = byOrigin.get(origin);
      if (known !== undefined) return known;
      const paths = { rpath: listOf(facts.rpath, origin), runpath: listOf(facts.runpath, origin) };
      byOrigin.set(origin, paths);
      return paths;
    },
    // A list is of objects in one directory with one run path.
    partsOf: (object, list, isOfMachine) => {
      const known = parts.get(list);
      if (known !== undefined) return known;
      const last = list.directories.filter((directory) => isOfMachine(object, directory));
      const first = list.directories.filter((directory) => !last.includes(directory));
      const made: Parts = {
        first: last.length === 0 ? list : createDirectoryList(index, first),
        last: createDirectoryList(index, last),
      };
      parts.set(list, made);
      return made;
    },
  };
}

/** A name with a slash is a path. glibc replaces tokens once more here, also in a directory's name that has come in for $ORIGIN. */
function openByPath(
  name: string,
  loader: LinkedObject,
  { index, interpreter, isOfMachine }: SearchSurroundings,
  wanted: ElfIdentity,
): SearchOutcome {
  const path = hasTokens(name) ? expandTokens(name, tokenValues(loader, interpreter)) : name;
  const nothing = { found: undefined, searched: 0 };
  // A path that is not absolute is relative to a working directory that nobody knows yet.
  if (!path?.startsWith("/")) return { ...nothing, refused: [] };
  const candidate = openCandidate({ index, interpreter }, wanted, path);
  if (candidate.kind !== "library") {
    return { ...nothing, refused: candidate.kind === "refused" ? [{ path, ...candidate.refusal }] : [] };
  }
  const ofMachine = isOfMachine?.(loader, path) ? { isOfMachine: true } : {};
  return {
    found: { path, file: candidate.file, provenance: { kind: "absolute" }, ...ofMachine },
    searched: 0,
    refused: [],
  };
}

/** glibc's search for processes of the `wanted` identity. */
export function glibcSearch(surroundings: SearchSurroundings, wanted: ElfIdentity): Search {
  const { index, interpreter, isOfMachine } = surroundings;
  const lists = runPathLists(surroundings);
  const defaults = directoryListOfRun(index, interpreter.defaultDirectories);

  return (name, loader, main) => {
    if (name.includes("/")) return openByPath(name, loader, surroundings, wanted);
    const refused: Refused[] = [];
    let searched = 0;
    let isStopped = false;

    function openIn(list: DirectoryList, provenance: (directory: string) => Provenance): SearchOutcome["found"] {
      for (const { number, directory, path } of list.having(name)) {
        const candidate = openCandidate({ index, interpreter }, wanted, path);
        if (candidate.kind === "absent") continue;
        if (candidate.kind === "library") {
          searched += number + 1;
          return { path, file: candidate.file, provenance: provenance(directory) };
        }
        refused.push({ path, ...candidate.refusal });
        isStopped = candidate.refusal.stopsLoad;
        if (isStopped || candidate.endsList) {
          searched += number + 1;
          return undefined;
        }
      }
      searched += list.directories.length;
      return undefined;
    }

    function search(isLast: boolean): SearchOutcome["found"] {
      const now = (object: LinkedObject, list: DirectoryList): DirectoryList =>
        isOfMachine === undefined ? list : lists.partsOf(object, list, isOfMachine)[isLast ? "last" : "first"];
      if (loader.facts.runpath === undefined) {
        for (const object of loadersOf(loader, main)) {
          if (object.facts.rpath === undefined) continue;
          const by = object.path;
          const list = now(object, lists.of(object).rpath);
          const found = openIn(list, (directory) => ({ kind: "rpath", by, directory }));
          if (found !== undefined || isStopped) return found;
        }
      } else {
        const by = loader.path;
        const list = now(loader, lists.of(loader).runpath);
        const found = openIn(list, (directory) => ({ kind: "runpath", by, directory }));
        if (found !== undefined || isStopped) return found;
      }
      if (isLast || loader.facts.skipsDefaultDirectories) return undefined;
      return openIn(defaults, (directory) => ({ kind: "default", directory }));
    }

    const found = search(false);
    if (found !== undefined || isStopped || isOfMachine === undefined) return { found, searched, refused };
    const last = search(true);
    return { found: last && { ...last, isOfMachine: true }, searched, refused };
  };
}
