// What every name means in a process while its libraries are loaded.
// Source: glibc elf/dl-load.c, _dl_map_object; musl ldso/dynlink.c, load_library.

import { baseName } from "../../base/path.ts";
import type { Interpreter } from "../interpreter/interpreter.ts";
import type { ObjectFacts } from "./object-facts.ts";

/** Sonames of the vDSO: an object that is there without a file. Source: vdso(7). */
const kernelNames = new Set(["linux-vdso.so.1", "linux-vdso32.so.1", "linux-vdso64.so.1", "linux-gate.so.1"]);

/** Names that musl answers itself: `libc.` and so on, whatever follows. Source: musl ldso/dynlink.c, load_library. */
const muslOwnNames = /^lib(?:c|pthread|rt|m|dl|util|xnet)\./;

/** What names an object has. */
interface Named {
  /** Of two objects with one name that with the smaller number is meant. */
  readonly order: number;
  readonly path: string;
  readonly facts: Pick<ObjectFacts, "soname">;
  /** Every name that it has been asked for by. */
  readonly names: Set<string>;
}

export interface KnownNames<One> {
  /** "kernel" is the vDSO, which has no file. */
  readonly meaning: (name: string) => One | "kernel" | undefined;
  /** `name` was found to be `object`, which `isNew` says was not there before. */
  readonly found: (name: string, object: One, isNew: boolean) => void;
}

/** At the beginning `main`, the executable, and `linker`, which it names by `interpreterName`, are there. */
export function knownNames<One extends Named>(
  main: One,
  linker: One,
  interpreterName: string | undefined,
  { cLibrary, soname }: Pick<Interpreter, "cLibrary" | "soname">,
): KnownNames<One> {
  const isMusl = cLibrary === "musl";
  const names = new Map<string, One>();
  const withShortName = new Set<One>();

  function register(name: string | undefined, object: One): void {
    if (name === undefined) return;
    const known = names.get(name);
    if (known === undefined || object.order < known.order) names.set(name, object);
  }

  /**
   * musl knows a library by one short name: the one that it was searched for, or, when it was opened by a path before,
   * the last part of that path. Never by its soname.
   */
  function registerForMusl(name: string, object: One, isNew: boolean): void {
    if (name.includes("/") || withShortName.has(object)) return;
    withShortName.add(object);
    register(isNew ? name : baseName(object.path), object);
  }

  for (const name of [interpreterName, soname]) {
    if (name === undefined) continue;
    linker.names.add(name);
    register(name, linker);
  }
  // glibc knows an executable by its DT_SONAME too; musl starts its comparison after it.
  if (!isMusl) register(main.facts.soname, main);

  return {
    meaning: (name) => {
      if (isMusl && muslOwnNames.test(name)) return linker;
      const object = names.get(name);
      if (object !== undefined) return object;
      return !isMusl && kernelNames.has(name) ? "kernel" : undefined;
    },
    found: (name, object, isNew) => {
      object.names.add(name);
      if (isMusl) {
        registerForMusl(name, object, isNew);
        return;
      }
      register(name, object);
      if (!isNew) return;
      object.names.add(object.path);
      register(object.path, object);
      register(object.facts.soname, object);
    },
  };
}
