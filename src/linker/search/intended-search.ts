// Where a library is meant to come from, before there is a run path: the order of search that the project promises.
// A search for load-order.ts, so that the intended load is a simulation like every other.

import { joinPath } from "../../base/path.ts";
import type { FileHeader } from "../../elf/elf-file.ts";
import { interpreterDirectories, isCLibraryName } from "../interpreter/c-library.ts";
import type { LinkedObject, Refused, Search, SearchOutcome } from "../load/load-order.ts";
import type { ResolveContext } from "../solve/resolve-context.ts";
import { openCandidate } from "./candidate.ts";
import type { LibraryFile } from "./library-index.ts";
import { searchElsewhere } from "./of-this-machine.ts";
import type { Place, Places } from "./places.ts";

/** Where a name was found; "own" when the object that wants it finds it by itself. */
export interface Decision {
  readonly name: string;
  readonly by: LinkedObject;
  readonly place: Place | "own" | undefined;
  readonly path: string | undefined;
  readonly file: LibraryFile | undefined;
}

export interface IntendedSearch {
  readonly search: Search;
  /** What was decided so far, in order. */
  readonly decisions: readonly Decision[];
}

/**
 * The search of the places in their order. What a library finds by its own run path is its own affair and comes first,
 * except for the C library.
 */
export function intendedSearch(places: Places, header: FileHeader, context: ResolveContext): IntendedSearch {
  const { index } = context;
  const native = searchElsewhere(context, header);
  const decisions: Decision[] = [];

  function find(name: string, refused: Refused[]) {
    for (const { place, path } of places.having(name)) {
      const candidate = openCandidate(context, header, path);
      if (candidate.kind === "absent") continue;
      if (candidate.kind === "refused") refused.push({ path, ...candidate.refusal });
      else if (place.entry === undefined && place.kind !== "interpreter") {
        refused.push({ path, reason: "inexpressible-directory", stopsLoad: false });
      } else return { place, path, file: candidate.file };
    }
    return undefined;
  }

  const search: Search = (name, loader, main) => {
    const own = native(name, loader, main);
    if (name.includes("/") || isOwnChoice(own, name)) {
      const file = own.found?.file;
      decisions.push({
        name,
        by: loader,
        place: file && "own",
        path: own.found?.path,
        file,
      });
      return own;
    }
    const refused: Refused[] = [...own.refused];
    const searched = own.searched + places.count;
    const found = find(name, refused);
    if (found === undefined && own.found?.isOfMachine) {
      decisions.push({ name, by: loader, place: "own", path: own.found.path, file: own.found.file });
      return { found: own.found, searched, refused };
    }
    decisions.push({ name, by: loader, place: found?.place, path: found?.path, file: found?.file });
    if (found === undefined) return { found, searched, refused };
    const { place, path, file } = found;
    const provenance = { kind: "runpath", by: main.path, directory: place.directory } as const;
    const isOfMachine = place.kind === "machine";
    return { found: { path, file, provenance, ...(isOfMachine ? { isOfMachine } : {}) }, searched, refused };
  };

  /** What the default directories would give is not a choice: everything listed above comes before them. */
  function isOwnChoice({ found }: SearchOutcome, name: string): boolean {
    if (found === undefined || found.isOfMachine || found.provenance.kind === "default") return false;
    if (context.keepLibc || !isCLibraryName(name)) return true;
    const rightful = interpreterDirectories(context).find((directory) => index.has(directory, name));
    if (rightful === undefined) return true;
    const finding = index.open(joinPath(rightful, name));
    return finding.kind === "elf" && finding.file.fileId === found.file.fileId;
  }

  return { search, decisions };
}
