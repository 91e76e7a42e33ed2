// The dynamic linkers that executables name, each loaded once.

import { type LoadedInterpreter, loadInterpreter } from "../../linker/interpreter/load-interpreter.ts";

/** Loads the one at a path, or says what is wrong with it. */
export type Linkers = (path: string) => LoadedInterpreter;

/** None is loaded yet. `storeDirectory`: absolute. */
export function createLinkers(storeDirectory: string): Linkers {
  const linkers = new Map<string, LoadedInterpreter>();
  return (path) => {
    const linker = linkers.get(path) ?? loadInterpreter(path, storeDirectory);
    linkers.set(path, linker);
    return linker;
  };
}
