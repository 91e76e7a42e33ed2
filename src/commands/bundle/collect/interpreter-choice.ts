// Which dynamic linker an executable has in the bundle: one that is given, else the one that it names, since its libraries
// are of one build with that, else a default.

import type { ElfFile } from "../../../elf/elf-file.ts";
import type { Interpreter } from "../../../linker/interpreter/interpreter.ts";
import { type Interpreters, loadInterpreters } from "../../../planning/interpreters.ts";
import type { BundleRequest } from "../bundle-request.ts";

/** The dynamic linkers of a request. The one of a library is one that an executable has. */
export function createInterpreterChoice(request: BundleRequest): Interpreters {
  const { interpreters, fallbackInterpreters, interpreterOrigins, storeDirectory } = request;
  const common = { interpreterOrigins, storeDirectory, builtInInterpreters: [] };
  const first = loadInterpreters({
    ...common,
    interpreters,
    fallbackInterpreters: [],
    allowOwnInterpreter: interpreters.length === 0,
  });
  const second = loadInterpreters({ ...common, interpreters: [], fallbackInterpreters, allowOwnInterpreter: false });
  const used: Interpreter[] = [];
  return {
    choose(elf: ElfFile) {
      const chosen = first.choose(elf) ?? second.choose(elf);
      if (chosen !== undefined && !used.includes(chosen)) used.push(chosen);
      return chosen;
    },
    originOf: first.originOf,
    isEmpty: first.isEmpty && second.isEmpty,
    issues: first.issues,
  };
}
