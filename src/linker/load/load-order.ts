// The load of a program as its dynamic linker does it: breadth-first over needed entries. Where a name is looked for
// is another file's part (glibc-search.ts, musl-search.ts); this one knows when it is looked for, and what is known
// under a name already.
// Source: glibc elf/dl-deps.c, _dl_map_object_deps; elf/dl-load.c, _dl_map_object; musl ldso/dynlink.c, load_deps.

import { directoryOf } from "../../base/path.ts";
import type { FileHeader } from "../../elf/elf-file.ts";
import type { Refusal } from "../interpreter/identity.ts";
import type { Interpreter } from "../interpreter/interpreter.ts";
import type { LibraryFile } from "../search/library-index.ts";
import { expandTokens, type TokenValues } from "../search/tokens.ts";
import { knownNames } from "./known-names.ts";
import type { ObjectFacts } from "./object-facts.ts";
import type { Provenance } from "./provenance.ts";

/** The executable, with the run path and the needed entries that it is to have. */
export interface Program {
  readonly path: string;
  /** What `$ORIGIN` means in it: the directory of its real path, as /proc/self/exe has it. */
  readonly origin: string;
  readonly header: FileHeader;
  readonly facts: ObjectFacts;
  /** The PT_INTERP string: a name that the interpreter answers to. */
  readonly interpreterName: string | undefined;
}

/** One object of the process. */
export interface LinkedObject {
  /** Position in glibc's list of objects while loading: executable 0, interpreter 1, then as opened. */
  readonly order: number;
  /** The name that it was first asked for by. */
  readonly name: string;
  readonly path: string;
  /** What `$ORIGIN` means in it: the directory that it was opened in, symbolic links not resolved. */
  readonly origin: string;
  readonly facts: ObjectFacts;
  /** Device and inode; undefined for the executable and the interpreter, which ld.so does not know by them. */
  readonly fileId: string | undefined;
  /** The object whose needed entry was the first to ask for it. */
  readonly loader: LinkedObject | undefined;
  readonly provenance: Provenance;
  /** Every name that it has been asked for by: what DT_VERNEED file names are compared with. */
  readonly names: Set<string>;
}

/** A file that had the right name and was passed over, or that ended the load. */
export interface Refused extends Refusal {
  readonly path: string;
}

/** What the search for one name gave. */
export interface SearchOutcome {
  readonly found:
    | {
        readonly path: string;
        readonly file: LibraryFile;
        readonly provenance: Provenance;
        /** Found after all others, in a place that may be on this machine alone. */
        readonly isOfMachine?: boolean;
      }
    | undefined;
  /** Directories looked at. */
  readonly searched: number;
  readonly refused: readonly Refused[];
}

/** Looks for `name` on behalf of `loader`, whose chain of loaders ends at the executable or at a dlopened object. */
export type Search = (name: string, loader: LinkedObject, main: LinkedObject) => SearchOutcome;

/** One needed entry and what became of it. "kernel" is the vDSO, which has no file. */
export interface Lookup {
  readonly by: LinkedObject;
  readonly name: string;
  readonly target: LinkedObject | "kernel" | undefined;
  /** Undefined when the name was known and nothing was searched. */
  readonly outcome: SearchOutcome | undefined;
}

export interface Load {
  /** Breadth-first, the executable first, the interpreter where the first needed entry for it stands. */
  readonly objects: readonly LinkedObject[];
  /** In the order in which they happen. */
  readonly lookups: readonly Lookup[];
  /** The one that ld.so gives up at because of the file it found; undefined when there is none. */
  readonly stoppedAt: Lookup | undefined;
}

/**
 * The load of `program` by `interpreter`. A missing library does not end the simulation, so that all of them are found;
 * neither does a file that ends the real load, which is told in `stoppedAt`. Not simulated: LD_PRELOAD, LD_LIBRARY_PATH
 * and /etc/ld.so.cache (facts of the machine that it will run on), glibc-hwcaps directories (facts of its processor),
 * DT_AUXILIARY and DT_FILTER, entries relative to the working directory. A file of the other byte order ends the load
 * as glibc has it; Debian's glibc goes past it. musl does not look at a library's machine at all; here a wrong one ends
 * its load.
 */
export function simulateLoad(program: Program, interpreter: Interpreter, search: Search): Load {
  return simulate(program, interpreter, search, false);
}

/** The beginning of that load: what becomes of the executable's own needed entries, which come before all others. */
export function simulateOwnLoad(program: Program, interpreter: Interpreter, search: Search): Load {
  return simulate(program, interpreter, search, true);
}

/** The executable as the first object of its process. */
export function mainObject({ path, origin, facts }: Program): LinkedObject {
  return {
    order: 0,
    name: path,
    path,
    origin,
    facts,
    fileId: undefined,
    loader: undefined,
    provenance: { kind: "executable" },
    names: new Set(),
  };
}

function simulate(program: Program, interpreter: Interpreter, search: Search, isOwnOnly: boolean): Load {
  const isMusl = interpreter.cLibrary === "musl";
  const files = new Map<string, LinkedObject>();
  const main = mainObject(program);
  const linker: LinkedObject = {
    order: 1,
    name: interpreter.soname ?? interpreter.path,
    path: interpreter.path,
    origin: directoryOf(interpreter.path),
    facts: interpreter.facts,
    fileId: undefined,
    loader: main,
    provenance: { kind: "interpreter" },
    names: new Set(),
  };
  const names = knownNames(main, linker, program.interpreterName, interpreter);

  function load(name: string, by: LinkedObject): Lookup {
    const already = names.meaning(name);
    if (already !== undefined) {
      if (already !== "kernel") already.names.add(name);
      return { by, name, target: already, outcome: undefined };
    }
    const outcome = search(name, by, main);
    const { found } = outcome;
    if (found === undefined) return { by, name, target: undefined, outcome };
    const { path, file, provenance } = found;
    const { fileId, facts } = file;
    const same = files.get(fileId);
    const order = files.size + 2;
    const origin = directoryOf(path);
    const target = same ?? { order, name, path, origin, facts, fileId, loader: by, provenance, names: new Set() };
    files.set(fileId, target);
    names.found(name, target, same === undefined);
    return { by, name, target, outcome };
  }

  const lookups: Lookup[] = [];
  const objects: LinkedObject[] = [main];
  const placed = new Set(objects);
  for (const object of objects) {
    if (isOwnOnly && object !== main) break;
    for (const written of object.facts.needed) {
      const isPlain = isMusl || !written.includes("$");
      const name = isPlain ? written : expandTokens(written, tokenValues(object, interpreter));
      if (name === undefined || name === "") continue;
      const lookup = load(name, object);
      lookups.push(lookup);
      const { target } = lookup;
      if (target === undefined || target === "kernel" || placed.has(target)) continue;
      placed.add(target);
      objects.push(target);
    }
  }
  // musl lists itself last when nothing asked for it.
  if (isMusl && !placed.has(linker)) objects.push(linker);
  const stoppedAt = lookups.find((lookup) => lookup.target === undefined && endsLoad(lookup));
  return { objects, lookups, stoppedAt };
}

/**
 * The objects whose run paths can count for what `loader` needs: its chain of loaders, and the executable, which that of a
 * dlopened object does not reach.
 */
export function loadersOf(loader: LinkedObject, main: LinkedObject): readonly LinkedObject[] {
  const chain: LinkedObject[] = [];
  for (let object: LinkedObject | undefined = loader; object !== undefined; object = object.loader) chain.push(object);
  if (!chain.includes(main)) chain.push(main);
  return chain;
}

/** What the tokens mean in `object`. */
export function tokenValues({ origin }: Pick<LinkedObject, "origin">, interpreter: Interpreter): TokenValues {
  return {
    origin,
    lib: interpreter.libDirectoryName,
    platform: interpreter.platform,
  };
}

/** Whether ld.so would give up at this lookup because of what it found, and not because it found nothing. */
export function endsLoad(lookup: Lookup): boolean {
  return lookup.outcome?.refused.some((refused) => refused.stopsLoad) ?? false;
}
