// The simulation of one file on disk, put into the form of the real linker's report.

import { readFileSync } from "node:fs";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import type { Interpreter } from "../../../src/linker/interpreter/interpreter.ts";
import { loadInterpreter } from "../../../src/linker/interpreter/load-interpreter.ts";
import { type Load, simulateLoad } from "../../../src/linker/load/load-order.ts";
import { createLibraryIndex } from "../../../src/linker/search/library-index.ts";
import { nativeSearch } from "../../../src/linker/search/native-search.ts";
import { programOf } from "../../../src/linker/solve/resolve.ts";
import type { TracedObject } from "./real-linker.ts";

export const glibcLinker = "/lib64/ld-linux-x86-64.so.2";
export const muslLinker = "/lib/ld-musl-x86_64.so.1";

/** The machine's own linker at `path`; throws when there is none. */
export function interpreterAt(path: string): Interpreter {
  const loaded = loadInterpreter(path);
  if (loaded.kind !== "loaded") throw new Error(`${path}: ${loaded.problem}`);
  return loaded.interpreter;
}

export function readElf(path: string) {
  return parseElf(bufferSource(readFileSync(path)));
}

/** The load of the executable at `path` as it stands, with a fresh index. */
export function simulateFile(path: string, interpreter: Interpreter): Load {
  const index = createLibraryIndex();
  const program = programOf(readElf(path), path, { index });
  return simulateLoad(program, interpreter, nativeSearch({ index, interpreter }, program.header));
}

/** One entry per object, and per missing name every time that it is asked for, as glibc's trace lists them. */
export function reportOf(load: Load, interpreterName: string): readonly TracedObject[] {
  const seen = new Set<unknown>([load.objects[0]]);
  return load.lookups.flatMap(({ name, target }): readonly TracedObject[] => {
    if (target === undefined) return [{ name, path: undefined }];
    if (target === "kernel" || seen.has(target)) return [];
    seen.add(target);
    if (target.provenance.kind === "interpreter") return [{ name: interpreterName, path: interpreterName }];
    return [{ name, path: target.path }];
  });
}
