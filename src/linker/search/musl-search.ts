// Where musl's dynamic linker looks for a needed entry: the run paths of everything on the way up to the executable,
// DT_RUNPATH and DT_RPATH alike, then its own list.
// Source: musl ldso/dynlink.c, load_library, fixup_rpath, path_open.

import type { ElfIdentity } from "../../elf/elf-file.ts";
import { type LinkedObject, loadersOf, type Refused, type Search, type SearchOutcome } from "../load/load-order.ts";
import type { Provenance } from "../load/provenance.ts";
import { openCandidate } from "./candidate.ts";
import type { SearchSurroundings } from "./search-surroundings.ts";
import { expandOrigin, hasOnlyOriginTokens } from "./tokens.ts";

/** The directories of a run path as musl reads it: a `$` that does not begin `$ORIGIN` makes all of it void. */
function muslRunPathDirectories(text: string | undefined, origin: string): readonly string[] {
  if (text === undefined || !hasOnlyOriginTokens(text)) return [];
  return expandOrigin(text, origin)
    .split(/[:\n]/)
    .filter((entry) => entry.startsWith("/"));
}

/**
 * musl's search for processes of the `wanted` identity. It does not look at a file's machine: a wrong one ends the
 * load.
 */
export function muslSearch({ index, interpreter, isOfMachine }: SearchSurroundings, wanted: ElfIdentity): Search {
  return (name, loader, main) => {
    const refused: Refused[] = [];
    let searched = 0;

    function open(path: string, provenance: Provenance): SearchOutcome["found"] {
      const candidate = openCandidate({ index, interpreter }, wanted, path);
      if (candidate.kind === "library") return { path, file: candidate.file, provenance };
      if (candidate.kind === "refused") {
        const isSkipped = candidate.refusal.reason === "unreadable" && !candidate.endsList;
        refused.push({
          path,
          reason: candidate.refusal.reason,
          stopsLoad: !isSkipped,
        });
      }
      return undefined;
    }

    function search(isLast: boolean): SearchOutcome["found"] {
      for (const { directory, provenance, object } of directories(loader, main)) {
        if ((object !== undefined && (isOfMachine?.(object, directory) ?? false)) !== isLast) continue;
        searched++;
        if (!index.has(directory, name)) continue;
        // Slashes at the end are kept: they become part of the library's path, and so of its `$ORIGIN`.
        const found = open(`${directory}/${name}`, provenance);
        if (found !== undefined || refused.at(-1)?.stopsLoad) return found;
      }
      return undefined;
    }

    if (name.includes("/")) {
      const found = name.startsWith("/") ? open(name, { kind: "absolute" }) : undefined;
      return { found: found && marked(found, isOfMachine?.(loader, name)), searched, refused };
    }
    const found = search(false);
    if (found !== undefined || refused.at(-1)?.stopsLoad || isOfMachine === undefined)
      return { found, searched, refused };
    const last = search(true);
    return { found: last && marked(last, true), searched, refused };
  };

  function* directories(loader: LinkedObject, main: LinkedObject) {
    for (const object of loadersOf(loader, main)) {
      for (const directory of muslRunPathDirectories(object.facts.runpath ?? object.facts.rpath, object.origin)) {
        yield {
          object,
          directory,
          provenance: {
            kind: object.facts.runpath === undefined ? "rpath" : "runpath",
            by: object.path,
            directory,
          },
        } as const;
      }
    }
    for (const directory of interpreter.defaultDirectories) {
      yield { object: undefined, directory, provenance: { kind: "default", directory } } as const;
    }
  }
}

function marked(
  found: NonNullable<SearchOutcome["found"]>,
  isOfMachine: boolean | undefined,
): NonNullable<SearchOutcome["found"]> {
  return isOfMachine ? { ...found, isOfMachine } : found;
}
